package dev.heddle.programs;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.programs.ProgramInterpreter.current;
import static dev.heddle.programs.ProgramInterpreter.limit;
import static dev.heddle.programs.ProgramInterpreter.shown;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TaskGroup;
import dev.heddle.Timeout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements of {@code random_blocks.py}. */
final class ProgramBlocks {

    private final ProgramInterpreter interpreter;
    private final Map<String, TaskGroup> groups = new HashMap<>();
    private final Map<String, Timeout> limits = new HashMap<>();

    ProgramBlocks(ProgramInterpreter interpreter) {
        this.interpreter = interpreter;
    }

    private void log(String who, String what) {
        interpreter.log(who, what);
    }

    /** Runs a statement that is a block. */
    Coroutine<Object> run(String who, ProgramText node) {
        return switch (node.kind()) {
            case "taskgroup" -> group(who, node);
            case "timeout" -> limited(who, node);
            default -> ordered(who, node);
        };
    }

    @Async
    private Coroutine<Object> group(String who, ProgramText node) {
        String name = node.word(1);
        try {
            return Coroutine.of(await(taskGroup(group -> {
                groups.put(name, group);
                Object returned = await(interpreter.block(who, node.from(2)));
                log(who, name + " body ends");
                return Coroutine.of(returned);
            })));
        } finally {
            log(who, "leaves " + name + " cancelling " + current().cancelling());
        }
    }

    @Async
    private Coroutine<Object> limited(String who, ProgramText node) {
        String name = node.word(1);
        try {
            return Coroutine.of(await(timeout(limit(node.word(2)), limit -> {
                limits.put(name, limit);
                return interpreter.block(who, node.from(3));
            })));
        } finally {
            log(who, "leaves " + name + " cancelling " + current().cancelling());
            tell(who, name);
        }
    }

    @Async
    private Coroutine<Object> ordered(String who, ProgramText node) {
        for (Coroutine<Object> next : asCompleted(interpreter.items(node.from(2)), limit(node.word(1)))) {
            log(who, "next " + shown(await(next)));
        }
        return Coroutine.of(null);
    }

    /** Runs a statement that does not await. Returns false if it is a statement of another kind. */
    boolean act(String who, ProgramText node) {
        switch (node.kind()) {
            case "child" -> makeChild(who, node);
            case "reschedule" -> reschedule(who, node);
            case "limit" -> tell(who, node.word(1));
            case "attack" -> {
                if (node.number(1) == 0) {
                    attack(node.number(2), node);
                } else {
                    interpreter.loop.callLater(node.number(1), () -> attack(node.number(2), node));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void makeChild(String who, ProgramText node) {
        TaskGroup group = groups.get(node.word(1));
        String name = node.word(2);
        if (group != null) {
            try {
                interpreter.named.put(name, group.createTask(interpreter.body(name, node.from(3))));
            } catch (IllegalStateException refusal) {
                log(who, node.word(1) + " refuses " + name);
            }
        }
    }

    private void reschedule(String who, ProgramText node) {
        Timeout limit = limits.get(node.word(1));
        if (limit != null) {
            try {
                limit.reschedule(limit(node.word(2)));
            } catch (IllegalStateException refusal) {
                log(who, node.word(1) + " refuses");
            }
        }
    }

    private void tell(String who, String name) {
        Timeout limit = limits.get(name);
        if (limit != null) {
            String when = Double.isInfinite(limit.when()) ? "none" : Long.toString((long) limit.when());
            log(who, name + " until " + when + (limit.expired() ? " expired" : " not expired"));
        }
    }

    private void attack(int turns, ProgramText node) {
        if (turns > 0) {
            interpreter.loop.callSoon(() -> attack(turns - 1, node));
        } else {
            ProgramText cancel = new ProgramText("", List.of(word("cancel"), node.part(3), node.part(4)));
            interpreter.act("attack", cancel);
        }
    }

    private static ProgramText word(String word) {
        return new ProgramText(word, List.of());
    }
}
