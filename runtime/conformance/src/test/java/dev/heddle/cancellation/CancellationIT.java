package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Coroutines.swallowing;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of cancellation, with what {@code cancellation.py} prints. */
class CancellationIT {

    @Test
    void taskCancelledBeforeItBeginsNeverRuns() {
        check("True, pending 1, CancelledError: M, cancelled 1", log -> {
            Task<Object> task = createTask(body(log, createFuture()));
            log.add(task.cancel("M"));
            log.add(state(task));
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void cancelIsDeliveredAtTheAwaitInTheNextTurn() {
        check("begins, True, pending 1, CancelledError: M, finally, CancelledError: M, cancelled 1", log -> {
            Task<Object> task = await(started(body(log, createFuture())));
            log.add(task.cancel("M"));
            log.add(state(task));
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void everyCancelCountsUntilTheTaskIsDone() {
        check("begins, [True True 2], CancelledError: one, finally, [False 2]", log -> {
            Task<Object> task = await(started(body(log, createFuture())));
            log.add(List.of(task.cancel("one"), task.cancel("two"), task.cancelling()));
            await(attempt(task));
            log.add(List.of(task.cancel("three"), task.cancelling()));
            return Coroutine.done();
        });
    }

    @Test
    void futureIsCancelledAtOnce() {
        check("begins, cancelled, pending 1, CancelledError: M, finally, CancelledError: M, CancelledError: M", log -> {
            Future<Object> future = createFuture();
            Task<Object> task = await(started(body(log, future)));
            task.cancel("M");
            log.add(state(future));
            log.add(state(task));
            log.add(await(attempt(task)));
            log.add(outcome(future));
            return Coroutine.done();
        });
    }

    @Test
    void cancelGoesDownToTheInnermostTask() {
        check(
                "begins, begins, begins, [pending 1 pending 1 pending 1], CancelledError: M, finally, "
                        + "CancelledError: M, finally, CancelledError: M, finally, CancelledError: M, "
                        + "[cancelled 1 cancelled 1 cancelled 1]",
                log -> {
                    Task<Object> inner = await(started(body(log, createFuture())));
                    Task<Object> middle = await(started(body(log, inner)));
                    Task<Object> outer = await(started(body(log, middle)));
                    outer.cancel("M");
                    log.add(List.of(state(inner), state(middle), state(outer)));
                    log.add(await(attempt(outer)));
                    log.add(List.of(state(inner), state(middle), state(outer)));
                    return Coroutine.done();
                });
    }

    @Test
    void resultOfADoneFutureIsLost() {
        check("begins, True, CancelledError: M, finally, CancelledError: M, 1", log -> {
            Future<Integer> future = createFuture();
            Task<Integer> task = await(started(body(log, future)));
            future.setResult(1);
            log.add(task.cancel("M"));
            log.add(await(attempt(task)));
            log.add(outcome(future));
            return Coroutine.done();
        });
    }

    @Test
    void failureOfADoneFutureIsReplaced() {
        check("begins, True, CancelledError: M, finally, CancelledError: M", log -> {
            Future<Integer> future = createFuture();
            Task<Integer> task = await(started(body(log, future)));
            future.setException(new IllegalArgumentException("lost"));
            log.add(task.cancel("M"));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Test
    void readyTaskIsCancelled() {
        check("begins, True, CancelledError: M, finally, CancelledError: M", log -> {
            Task<Void> task = await(started(body(log, sleep(0))));
            log.add(task.cancel("M"));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Test
    void doneTaskIsNotCancelled() {
        check("begins, finally, False, done 0, 1", log -> {
            Task<Integer> task = await(started(body(log, sleep(0, 1))));
            await(task);
            log.add(task.cancel());
            log.add(state(task));
            log.add(outcome(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> selfCancelling(Events log, Awaitable<?>... awaitables) {
        currentTask().cancel("self");
        try {
            for (Awaitable<?> awaitable : awaitables) {
                log.add(await(awaitable));
            }
        } catch (CancelledError error) {
            log.add(error);
            throw error;
        }
        return Coroutine.of(12);
    }

    @Test
    void selfCancelIsDeliveredAtTheNextAwaitThatWaits() {
        check("done, CancelledError: self, CancelledError: self, cancelled 1@0", log -> {
            Task<Integer> task = createTask(selfCancelling(log, doneFuture("done"), sleep(1)));
            log.add(await(attempt(task)));
            log.at(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void selfCancelIsDeliveredAfterAYield() {
        check("CancelledError: self, CancelledError: self", log -> {
            Task<Integer> task = createTask(selfCancelling(log, sleep(0)));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Test
    void selfCancelledTaskThatReturnsEndsCancelled() {
        check("CancelledError: self, [CancelledError: self CancelledError: self]", log -> {
            Task<Integer> task = createTask(selfCancelling(log));
            log.add(await(attempt(task)));
            log.add(List.of(outcome(task), outcome(task)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failingAfterSelfCancel() {
        currentTask().cancel("self");
        throw new IllegalArgumentException("E");
    }

    @Test
    void selfCancelledTaskThatFailsEndsFailed() {
        check("IllegalArgumentException: E, done 1", log -> {
            Task<Void> task = createTask(failingAfterSelfCancel());
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void cancellationMayBeSwallowed() {
        check("CancelledError: M, goes on, 7, done 1", log -> {
            Task<Integer> task = await(started(swallowing(log, createFuture())));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> stubborn(Events log) {
        await(swallowing(log, createFuture()));
        return swallowing(log, createFuture());
    }

    @Test
    void cancellationIsDeliveredOncePerCall() {
        check("CancelledError: one, goes on, pending 1, CancelledError: two, goes on, 7, done 2", log -> {
            Task<Integer> task = await(started(stubborn(log)));
            task.cancel("one");
            for (int i = 0; i < 3; i++) {
                await(sleep(0));
            }
            log.add(state(task));
            task.cancel("two");
            log.add(await(attempt(task)));
            log.add(state(task));
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
    void failureDuringCancellationIsTheOutcome() {
        check("IllegalArgumentException: E, done 1", log -> {
            Task<Void> task = await(started(failingInFinally()));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }
}
