package dev.heddle.programs;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs a program of {@code random_programs.py} and records its events, as the interpreter there does. */
final class ProgramInterpreter {

    /** The result of a block that ended with a return statement. Other blocks return null. */
    private record Returned(String value) {}

    final EventLoop loop;
    private final List<String> events = new ArrayList<>();
    final Map<String, Future<Object>> named = new LinkedHashMap<>();
    private final ProgramBlocks blocks = new ProgramBlocks(this);
    private int ticks;
    private boolean over;

    private ProgramInterpreter(EventLoop loop) {
        this.loop = loop;
    }

    static List<String> run(ProgramText program, boolean eager) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setTaskFactory(eager ? eagerTaskFactory() : null);
            ProgramInterpreter interpreter = new ProgramInterpreter(loop);
            loop.setExceptionHandler((l, context) -> interpreter.reported(context));
            loop.runUntilComplete(interpreter.main(program));
            return List.copyOf(interpreter.events);
        }
    }

    /** A clock that shows in which turn of the loop something happens: it ticks in 8 turns, then sleeps. */
    private void tick() {
        ticks++;
        if (!over) {
            if (ticks % 8 != 0) {
                loop.callSoon(this::tick);
            } else {
                loop.callLater(1, this::tick);
            }
        }
    }

    void log(String who, String what) {
        events.add(ticks + " " + who + " " + what);
    }

    @Async
    private Coroutine<Void> main(ProgramText program) {
        tick();
        named.put("n0", createTask(body("n0", program.parts())));
        Duration limit = Duration.ofSeconds(30);
        await(Asyncio.wait(List.of(get("n0")), limit, ReturnWhen.ALL_COMPLETED));
        log("main", "n0 " + state(get("n0")));
        await(Asyncio.wait(named.values(), limit, ReturnWhen.ALL_COMPLETED));
        over = true;
        named.keySet().stream()
                .sorted(Comparator.comparing(name -> Integer.parseInt(name.substring(1))))
                .forEach(name -> log("main", name + " " + outcome(get(name))));
        return Coroutine.done();
    }

    private void reported(Map<String, Object> context) {
        if (context.get("message").toString().startsWith("Exception in callback")) {
            log("handler", shown(context.get("exception")));
        }
    }

    @Async
    Coroutine<Object> body(String who, List<ProgramText> statements) {
        log(who, "begins");
        Object returned = await(block(who, statements));
        return Coroutine.of(returned == null ? null : ((Returned) returned).value());
    }

    @Async
    Coroutine<Object> block(String who, List<ProgramText> statements) {
        for (ProgramText statement : statements) {
            Object returned = await(statement(who, statement));
            if (returned != null) {
                return Coroutine.of(returned);
            }
        }
        return Coroutine.of(null);
    }

    @Async
    private Coroutine<Object> statement(String who, ProgramText node) {
        switch (node.kind()) {
            case "sleep" -> log(who, "slept " + await(sleep(node.number(1), node.word(1))));
            case "yield" -> {
                for (int i = 0; i < node.number(1); i++) {
                    await(sleep(0));
                }
                log(who, "yielded");
            }
            case "call" -> {
                return block(who, node.from(1));
            }
            case "repeat" -> {
                for (int i = 0; i < node.number(1); i++) {
                    Object returned = await(block(who, node.from(2)));
                    if (returned != null) {
                        return Coroutine.of(returned);
                    }
                }
            }
            case "try" -> {
                return guarded(who, node);
            }
            case "taskgroup", "timeout", "ordered" -> {
                return blocks.run(who, node);
            }
            case "return" -> {
                return Coroutine.of(new Returned(node.word(1)));
            }
            case "raise" -> throw new IllegalArgumentException("E" + node.word(1));
            default -> {
                if (!act(who, node)) {
                    await(combine(who, node));
                }
            }
        }
        return Coroutine.of(null);
    }

    @Async
    private Coroutine<Object> guarded(String who, ProgramText node) {
        ProgramText handler = node.part(2);
        try {
            return Coroutine.of(await(block(who, node.part(1).parts())));
        } catch (Throwable failure) {
            String kind = failure instanceof CancelledError ? "cancel" : "error";
            if (!handler.kind().equals("any") && !handler.kind().equals(kind)) {
                throw failure;
            }
            log(who, "caught " + shown(failure));
            Object returned = await(block(who, handler.from(2)));
            if (handler.word(1).equals("rethrow")) {
                throw failure;
            }
            return Coroutine.of(returned);
        } finally {
            log(who, "finally");
            await(block(who, node.part(3).parts()));
        }
    }

    private Future<Object> get(String name) {
        return Objects.requireNonNull(named.get(name));
    }

    private @Nullable Awaitable<Object> item(ProgramText node) {
        return node.isWord() ? named.get(node.word()) : body(node.kind(), node.from(1));
    }

    List<Awaitable<Object>> items(List<ProgramText> nodes) {
        return nodes.stream().map(this::item).filter(Objects::nonNull).collect(Collectors.toList());
    }

    static @Nullable Duration limit(String seconds) {
        return seconds.equals("none") ? null : Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /** Runs a statement that awaits, unless the object that it would await does not exist. */
    @Async
    private Coroutine<Void> combine(String who, ProgramText node) {
        switch (node.kind()) {
            case "gather" -> log(who, "gathered " + shown(await(gather(items(node.from(1))))));
            case "settle" -> log(who, "settled " + shown(await(gatherSettled(items(node.from(1))))));
            case "wait" -> {
                List<Future<Object>> futures = futures(node.from(3));
                if (!futures.isEmpty()) {
                    Waited<Future<Object>> waited =
                            await(Asyncio.wait(futures, limit(node.word(2)), ReturnWhen.valueOf(node.word(1))));
                    log(who, "done " + names(waited.done()) + " pending " + names(waited.pending()));
                }
            }
            case "timed" -> log(who, node.word(1) + " gave " + shown(await(timed(node))));
            default -> {
                Awaitable<Object> awaited = item(node.part(node.parts().size() - 1));
                if (awaited != null) {
                    switch (node.kind()) {
                        case "await" -> log(who, node.word(1) + " gave " + shown(await(awaited)));
                        case "waitfor" -> log(who, "in time " + shown(await(waitFor(awaited, limit(node.word(1))))));
                        case "shield" -> log(who, "shielded " + shown(await(shield(awaited))));
                        default -> throw new AssertionError(node);
                    }
                }
            }
        }
        return Coroutine.done();
    }

    private List<Future<Object>> futures(List<ProgramText> nodes) {
        return nodes.stream()
                .map(node -> named.get(node.word()))
                .filter(Objects::nonNull)
                .toList();
    }

    private String names(Collection<Future<Object>> futures) {
        return named.keySet().stream()
                .filter(name -> futures.contains(named.get(name)))
                .collect(Collectors.joining());
    }

    private Future<Object> timed(ProgramText node) {
        Future<Object> future = loop.createFuture();
        named.put(node.word(1), future);
        Runnable finish = () -> complete(node.word(1), node.word(3), node.word(4));
        if (node.number(2) == 0) {
            loop.callSoon(finish);
        } else {
            loop.callLater(node.number(2), finish);
        }
        return future;
    }

    private void complete(String name, String end, String label) {
        Future<Object> future = named.get(name);
        if (future == null || future instanceof Task || future.toString().contains("gathers") || future.isDone()) {
            return;
        }
        if (end.equals("complete")) {
            future.setResult(label);
        } else {
            future.setException(new IllegalArgumentException("E" + label));
        }
    }

    /** Runs a statement that does not await. Returns false if it is a statement of another kind. */
    boolean act(String who, ProgramText node) {
        String first = node.parts().size() > 1 ? node.word(1) : "";
        Future<Object> future = named.get(first);
        switch (node.kind()) {
            case "log" -> log(who, first);
            case "spawn" -> named.put(first, createTask(body(first, node.from(2))));
            case "group" -> named.put(first, group(node));
            case "future" -> named.put(first, loop.createFuture());
            case "cancel" -> {
                if (future != null) {
                    log(who, "cancels " + first + " " + future.cancel("M" + node.word(2)));
                }
            }
            case "selfcancel" -> current().cancel("M" + first);
            case "uncancel" -> log(who, "uncancelled " + current().uncancel());
            case "complete", "fail" -> complete(first, node.kind(), node.word(2));
            case "callback" -> {
                if (future != null) {
                    future.addDoneCallback(done -> log("callback", node.word(2) + " " + state(get(first))));
                }
            }
            case "soon" -> loop.callSoon(() -> soon(first, node.word(2)));
            case "later" -> loop.callLater(node.number(1), () -> log("later", node.word(2)));
            case "state" -> {
                if (future != null) {
                    log(who, first + " " + state(future));
                }
            }
            default -> {
                return blocks.act(who, node);
            }
        }
        return true;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a list of objects is an object
    private Future<Object> group(ProgramText node) {
        return (Future) gather(items(node.from(2)));
    }

    private void soon(String kind, String label) {
        if (kind.equals("raise")) {
            throw new IllegalArgumentException("E" + label);
        }
        log("soon", label);
    }

    static Task<?> current() {
        return Objects.requireNonNull(currentTask());
    }

    private static String state(Future<?> future) {
        String state = !future.isDone() ? "pending" : future.isCancelled() ? "cancelled" : "done";
        return state + (future instanceof Task<?> task ? " cancelling " + task.cancelling() : "");
    }

    private static String outcome(Future<?> future) {
        if (!future.isDone()) {
            return "pending";
        }
        try {
            return "result " + shown(future.result());
        } catch (Throwable failure) {
            return shown(failure);
        }
    }

    static String shown(@Nullable Object outcome) {
        if (outcome instanceof List<?> list) {
            return list.stream().map(ProgramInterpreter::shown).collect(Collectors.joining(" ", "[", "]"));
        }
        if (outcome instanceof Future<?> settled) {
            boolean cancelled = settled.isCancelled() || settled.exception() instanceof CancelledError;
            return cancelled ? "None" : shown(settled.exception() == null ? settled.result() : settled.exception());
        }
        if (outcome instanceof CancelledError cancelled) {
            return cancelled.getMessage() == null ? "cancelled" : "cancelled " + cancelled.getMessage();
        }
        if (outcome instanceof ExceptionGroup group) {
            return "group " + shown(group.exceptions());
        }
        if (outcome instanceof dev.heddle.TimeoutException) {
            return "timeout";
        }
        return outcome == null
                ? "None"
                : outcome instanceof Throwable failure ? failure.getMessage() : outcome.toString();
    }
}
