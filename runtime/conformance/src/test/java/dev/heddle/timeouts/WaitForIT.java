package dev.heddle.timeouts;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Coroutines.swallowing;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rules of waitFor, with what {@code combining.py} prints. */
class WaitForIT {

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void inTime() {
        check("begins, finally, a@1", log -> {
            log.at(await(waitFor(body(log, sleep(1, "a")), seconds(2))));
            return Coroutine.done();
        });
    }

    @Test
    void tooLate() {
        check("begins, CancelledError, finally, TimeoutException@2", log -> {
            log.at(await(attempt(waitFor(body(log, sleep(3, "a")), seconds(2)))));
            return Coroutine.done();
        });
    }

    @Test
    void failureInTime() {
        check("IllegalArgumentException: E@1", log -> {
            log.at(await(attempt(waitFor(after(1, new IllegalArgumentException("E")), seconds(2)))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Task<?>> task() {
        return Coroutine.of(currentTask());
    }

    @Test
    void limitedCoroutineRunsInTheSameTask() {
        check("True", log -> {
            log.add(await(waitFor(task(), seconds(1))) == currentTask());
            return Coroutine.done();
        });
    }

    @Test
    void expiredTaskIsCancelled() {
        check("begins, CancelledError, finally, TimeoutException@2, cancelled 1", log -> {
            Task<Object> task = createTask(body(log, createFuture()));
            log.at(await(attempt(waitFor(task, seconds(2)))));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void innerThatSwallowsTheExpiryGivesItsResult() {
        check("CancelledError, goes on, 7@2", log -> {
            log.at(await(attempt(waitFor(swallowing(log, createFuture()), seconds(2)))));
            return Coroutine.done();
        });
    }

    @Async
    @SuppressWarnings("finally") // the rule is about exactly that
    private static Coroutine<Void> failingInFinally() {
        try {
            await(createFuture());
            return Coroutine.done();
        } finally {
            throw new IllegalArgumentException("E");
        }
    }

    @Test
    void innerThatFailsAtTheExpiryFails() {
        check("IllegalArgumentException: E@2", log -> {
            log.at(await(attempt(waitFor(failingInFinally(), seconds(2)))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> cleaning(Events log, int seconds) {
        try {
            await(createFuture());
        } finally {
            await(sleep(seconds));
            log.at("cleaned");
        }
        return Coroutine.done();
    }

    @Test
    void innerMayCleanUpAfterTheExpiry() {
        check("cleaned@3, TimeoutException@3", log -> {
            log.at(await(attempt(waitFor(cleaning(log, 2), seconds(1)))));
            return Coroutine.done();
        });
    }

    @Async
    private static <T> Coroutine<T> limited(Awaitable<T> awaitable, int seconds) {
        return Coroutine.of(await(waitFor(awaitable, seconds(seconds))));
    }

    @Test
    void outerCancelIsNoTimeout() {
        check("begins, CancelledError: M, finally, CancelledError: M, cancelled 1@0", log -> {
            Task<Object> task = await(started(limited(body(log, createFuture()), 5)));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.at(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void outerCancelAfterTheExpiryWins() {
        check("CancelledError: M, cancelled 1@2", log -> {
            Task<Void> task = await(started(limited(cleaning(log, 5), 1)));
            await(sleep(2));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.at(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void resultAndExpiryAtTheSameTime() {
        check("TimeoutException@2, TimeoutException@4, TimeoutException@6", log -> {
            log.at(await(attempt(waitFor(after(2, "a"), seconds(2)))));
            log.at(await(attempt(waitFor(createTask(after(2, "b")), seconds(2)))));
            Future<String> future = createFuture();
            getRunningLoop().callLater(2, () -> future.setResult("c"));
            log.at(await(attempt(waitFor(future, seconds(2)))));
            return Coroutine.done();
        });
    }

    @Test
    void limitedCoroutineNeverBeginsWithoutTime() {
        check("TimeoutException, TimeoutException@0", log -> {
            log.add(await(attempt(waitFor(body(log, createFuture()), seconds(0)))));
            log.at(await(attempt(waitFor(body(log, createFuture()), seconds(-1)))));
            return Coroutine.done();
        });
    }

    @Test
    void doneTaskNeedsNoTime() {
        check("a, IllegalArgumentException: E", log -> {
            Task<String> task = createTask(after(0, "a"));
            await(task);
            log.add(await(waitFor(task, seconds(0))));
            Task<Object> failed = createTask(after(0, new IllegalArgumentException("E")));
            await(attempt(failed));
            log.add(await(attempt(waitFor(failed, seconds(0)))));
            return Coroutine.done();
        });
    }

    @Test
    void taskThatSwallowsWithoutTimeGivesItsResult() {
        check("CancelledError, goes on, 7", log -> {
            Task<Integer> task = await(started(swallowing(log, createFuture())));
            log.add(await(attempt(waitFor(task, seconds(0)))));
            return Coroutine.done();
        });
    }

    @Test
    void nestedLimits() {
        check(
                "begins, CancelledError, finally, TimeoutException@1, begins, CancelledError, finally, "
                        + "TimeoutException@2",
                log -> {
                    log.at(await(attempt(waitFor(waitFor(body(log, createFuture()), seconds(3)), seconds(1)))));
                    log.at(await(attempt(waitFor(waitFor(body(log, createFuture()), seconds(1)), seconds(3)))));
                    return Coroutine.done();
                });
    }

    @Test
    void limitLeavesNoCancelRequest() {
        check("0, goes on@2", log -> {
            await(attempt(waitFor(createFuture(), seconds(1))));
            log.add(currentTask().cancelling());
            log.at(await(sleep(1, "goes on")));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> stubborn(Events log) {
        await(swallowing(log, createFuture()));
        return attempt(waitFor(createFuture(), seconds(1)));
    }

    @Test
    void limitInATaskThatWasCancelledBefore() {
        check("CancelledError: M, goes on, TimeoutException@1, done 1", log -> {
            Task<String> task = await(started(stubborn(log)));
            task.cancel("M");
            log.at(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }
}
