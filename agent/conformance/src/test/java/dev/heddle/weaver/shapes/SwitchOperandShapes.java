package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * Awaits in a {@code try} or a loop inside a switch expression, with values below it on the operand stack. Eclipse's
 * compiler gives such methods stack map frames that no JVM accepts.
 */
final class SwitchOperandShapes {

    private SwitchOperandShapes() {}

    record Leaf(Object value) {}

    record Node(Object left, Object right) {}

    @Async
    static Coroutine<Object> tryInsideArgument(Script s) {
        int kind = 1;
        Node node = new Node(
                "left",
                switch (kind) {
                    case 1 -> {
                        try {
                            yield await(s.later("right"));
                        } catch (RuntimeException e) {
                            yield new Leaf(await(s.later(e.getMessage())));
                        }
                    }
                    default -> "other";
                });
        return Coroutine.of(node);
    }

    @Async
    static Coroutine<Object> nestedTryInsideArguments(Script s) {
        Object o = new Node(
                new Node(
                        1L,
                        new Leaf(
                                switch (s.say("outer", 2)) {
                                    case 2 -> {
                                        try {
                                            yield new Leaf(await(s.later("in")));
                                        } finally {
                                            s.say("finally " + await(s.later("f")));
                                        }
                                    }
                                    default -> null;
                                })),
                await(s.later(2.5)));
        return Coroutine.of(o);
    }

    @Async
    static Coroutine<Object> loopInsideConstruction(Script s) {
        List<Object> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(new Node(
                    i,
                    new Leaf(
                            switch (i) {
                                case 1 -> {
                                    int sum = 0;
                                    for (int k = 0; k < 2; k++) {
                                        sum += await(s.later(k + 5));
                                    }
                                    yield sum;
                                }
                                default -> await(s.later("d" + i));
                            })));
        }
        return Coroutine.of(made);
    }

    @Async
    static Coroutine<Integer> loopOverStackedOperands(Script s) {
        int sum = 7;
        sum = sum
                + 2
                        * switch (s.say("kind", 1)) {
                            case 1 -> {
                                int inner = 0;
                                for (int i = 0; i < 3; i++) {
                                    inner += await(s.later(i));
                                }
                                yield inner;
                            }
                            default -> 0;
                        };
        return Coroutine.of(sum);
    }
}
