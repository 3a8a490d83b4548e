package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;

/** Awaits between a {@code new} and its constructor. */
final class ConstructionShapes {

    private final String name;

    private ConstructionShapes(String name) {
        this.name = name;
    }

    record Leaf(Object value) {}

    record Node(Object left, Object right) {}

    record Wide(long first, double second, Object middle, double last) {}

    static class Strict {
        private final int value;

        Strict(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("negative: " + value);
            }
            this.value = value;
        }
    }

    final class Inner {
        private final Object value;

        Inner(Object value) {
            this.value = value;
        }

        @Override
        public String toString() {
            return name + ":" + value;
        }
    }

    @Async
    static Coroutine<Leaf> newObject(Script s) {
        return Coroutine.of(new Leaf(await(s.later("x"))));
    }

    @Async
    static Coroutine<Object> nested(Script s) {
        return Coroutine.of(new Leaf(new Leaf(new Leaf(await(s.later(1))))));
    }

    @Async
    static Coroutine<Object> nestedWithSiblings(Script s) {
        return Coroutine.of(new Node(
                new Node(s.say("a", 1), await(s.later("b"))),
                new Node(new Leaf(2L), new Leaf(new Node(await(s.later("c")), s.say("d", 'd'))))));
    }

    @Async
    static Coroutine<Object> twoSlotArguments(Script s) {
        return Coroutine.of(
                new Wide(await(s.later(1L)), 2.5, new Wide(3L, 0.5, await(s.later("m")), 4), await(s.later(5.5))));
    }

    @Async
    static Coroutine<Integer> constructorThrows(Script s) {
        int sum = 0;
        for (int i = 2; i > -2; i--) {
            try {
                sum += new Strict(await(s.later(i))).value;
            } catch (IllegalArgumentException e) {
                s.say(e.getMessage());
                sum += new Strict(await(s.later(10))).value;
            }
        }
        return Coroutine.of(sum);
    }

    @Async
    static Coroutine<Object> conditionalArgument(Script s) {
        boolean yes = s.say("condition", true);
        Object first = new Node(yes ? "a" : "b", await(s.later(1)));
        boolean no = await(s.later(false));
        return Coroutine.of(new Node(no ? await(s.later(2)) : first, yes ? await(s.later(3)) : new Leaf(4)));
    }

    @Async
    static Coroutine<Object> conditionalArgumentWithoutAwait(Script s) {
        int n = await(s.later(3));
        return Coroutine.of(new Node(n > 2 ? "big" : "small", n % 2 == 0 ? null : new Leaf(n)));
    }

    @Async
    static Coroutine<String> innerOfOuter(Script s) {
        ConstructionShapes outer = await(s.later(new ConstructionShapes("o")));
        Inner inner = outer.new Inner(await(s.later(7)));
        return Coroutine.of(inner + " " + await(s.later(outer)).new Inner(new Leaf(await(s.later(8)))));
    }

    @Async
    static Coroutine<Object> innerOfNothing(Script s) {
        ConstructionShapes outer = s.say("outer", null);
        return Coroutine.of(outer.new Inner(await(s.later(s.say("never evaluated", 1)))));
    }

    @Async
    static Coroutine<String> anonymousWithArguments(Script s) {
        String captured = await(s.later("captured"));
        Strict strict = new Strict(await(s.later(4))) {
            @Override
            public String toString() {
                return captured + super.value;
            }
        };
        return Coroutine.of(strict.toString());
    }

    @Async
    static Coroutine<String> throwsNewException(Script s) {
        try {
            throw new IllegalStateException(
                    "made of " + await(s.later("parts")), new RuntimeException(await(s.later("cause"))));
        } catch (IllegalStateException e) {
            return Coroutine.of(e.getMessage() + e.getCause().getMessage());
        }
    }

    @Async
    static Coroutine<String> stringBuilders(Script s) {
        return Coroutine.of(new StringBuilder(new StringBuilder("a").append(await(s.later(1))))
                .append(new char[] {'x', await(s.later('y'))})
                .append(new String(new char[await(s.later(2))]).length())
                .toString());
    }

    /** The loop starts at the {@code new}, which stack map frames name by its position. */
    @Async
    static Coroutine<String> loopThatStartsWithNew(Script s) {
        String r = "";
        int i = 0;
        do {
            StringBuilder b = new StringBuilder(i > 0 ? "a" : "b");
            r += b.append(await(s.later("c")));
        } while (++i < 3);
        return Coroutine.of(r);
    }
}
