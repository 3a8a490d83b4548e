package dev.heddle.traces;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import dev.heddle.cpython.Events;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events of one run of a program in a loop of its own, and whether it was not yet done when it was cancelled. The
 * counterpart is in {@code trace_programs.py}.
 */
record Trace(List<String> events, boolean cancelled) {

    /** Runs {@code program}. {@code cancels} maps the turns in which it is cancelled to the messages. */
    static Trace of(AsyncFunction<Events, ?> program, Map<Integer, String> cancels) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Turns turns = new Turns(loop, cancels);
            Events log = new Events(loop, turns::count);
            loop.setExceptionHandler((l, context) -> reported(log, context));
            try {
                loop.runUntilComplete(main(log, program, turns));
            } catch (IllegalStateException failure) {
                if (!String.valueOf(failure.getMessage()).startsWith("deadlock")) {
                    throw failure;
                }
                log.add("deadlock");
            }
            return new Trace(log.all(), turns.cancelled());
        }
    }

    @Async
    private static Coroutine<Void> main(Events log, AsyncFunction<Events, ?> program, Turns turns) throws Exception {
        turns.begin();
        Task<?> task = createTask(program.apply(log), "main");
        turns.cancelling(task);
        await(Asyncio.wait(List.of(task)));
        turns.end();
        log.at("ends: " + Events.outcome(task) + ", " + Events.state(task));
        Set<Task<?>> left = allTasks();
        left.remove(currentTask());
        if (!left.isEmpty()) {
            Waited<Task<?>> waited = await(Asyncio.wait(left, Duration.ofSeconds(100), ReturnWhen.ALL_COMPLETED));
            log.at("left: " + left.size() + ", " + waited.pending().size() + " pending");
        }
        return Coroutine.done();
    }

    /** Heddle and CPython report unretrieved failures at different times: see the deviations in runtime/README.md. */
    private static void reported(Events log, Map<String, Object> context) {
        if (String.valueOf(context.get("message")).startsWith("Exception in callback")) {
            log.add("reported " + Events.shown(context.get("exception")));
        }
    }
}
