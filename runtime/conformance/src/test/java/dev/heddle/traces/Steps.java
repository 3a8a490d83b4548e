package dev.heddle.traces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.cpython.Events;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Coroutines that many programs need: the counterpart of {@code common.py}. */
public final class Steps {

    private Steps() {}

    /** Waits, and records when it begins, ends or is cancelled. */
    @Async
    public static Coroutine<String> step(Events log, String name, double delay) {
        log.at(name + " begins");
        try {
            await(sleep(delay));
            log.at(name + " ends");
            return Coroutine.of(name);
        } catch (CancelledError error) {
            log.at(name + " cancelled " + text(error));
            throw error;
        }
    }

    /** A step that fails at its end. */
    @Async
    public static Coroutine<String> failing(Events log, String name, double delay) {
        await(step(log, name, delay));
        throw new IllegalArgumentException(name);
    }

    /** A step that takes time to clean up after itself. */
    @Async
    public static Coroutine<String> cleaning(Events log, String name, double delay, double cleanup) {
        try {
            return Coroutine.of(await(step(log, name, delay)));
        } finally {
            await(sleep(cleanup));
            log.at(name + " clean");
        }
    }

    /** Waits to the end, even if it is cancelled. */
    @Async
    public static Coroutine<String> stubborn(Events log, String name, double delay) {
        double end = getRunningLoop().time() + delay;
        for (double left = delay; left > 0; left = end - getRunningLoop().time()) {
            try {
                await(sleep(left));
            } catch (CancelledError error) {
                log.at(name + " ignores " + text(error));
            }
        }
        return Coroutine.of(name);
    }

    /** A task's outcome, or its state if it has none yet. */
    public static String outcomeOrState(Future<?> task) {
        return task.isDone() ? Events.outcome(task) : Events.state(task);
    }

    /** Returns the result or the failure of each of {@code tasks}. */
    @Async
    public static Coroutine<List<String>> attempts(Collection<? extends Awaitable<?>> tasks) {
        List<String> outcomes = new ArrayList<>();
        for (Awaitable<?> task : tasks) {
            outcomes.add(await(Events.attempt(task)));
        }
        return Coroutine.of(outcomes);
    }

    /** Does the same as {@link Events#call} for an action without a result. */
    public static String called(Runnable action) {
        return Events.call(() -> {
            action.run();
            return null;
        });
    }

    public static List<String> states(Collection<? extends Future<?>> tasks) {
        return tasks.stream().map(Events::state).toList();
    }

    public static List<Boolean> cancelAll(Collection<? extends Future<?>> tasks, String message) {
        return tasks.stream().map(task -> task.cancel(message)).toList();
    }

    /** Returns the message of a cancellation, as Python's {@code str} does. */
    public static String text(CancelledError error) {
        return error.getMessage() == null ? "" : error.getMessage();
    }
}
