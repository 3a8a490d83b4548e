package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Coroutines.swallowing;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What follows a cancellation: clean-up, taking it back, and what awaiting tasks see. {@code cancellation.py} prints
 * it.
 */
class CancellationCleanupIT {

    @Async
    private static Coroutine<Void> cleaning(Events log) {
        try {
            await(createFuture());
        } finally {
            await(sleep(2));
            log.at("cleaned");
        }
        return Coroutine.done();
    }

    @Test
    void finallyMayAwaitDuringCancellation() {
        check("cleaned@2, CancelledError: M, cancelled 1@2", log -> {
            Task<Void> task = await(started(cleaning(log)));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.at(state(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> cleaningBody(Events log) {
        try {
            await(createFuture());
        } finally {
            await(body(log, sleep(2)));
        }
        return Coroutine.done();
    }

    @Test
    void secondCancelEndsTheCleanup() {
        check("begins, CancelledError: two, finally, CancelledError: two, cancelled 2@1", log -> {
            Task<Void> task = await(started(cleaningBody(log)));
            task.cancel("one");
            await(sleep(1));
            task.cancel("two");
            log.add(await(attempt(task)));
            log.at(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void uncancelTakesOneRequestBack() {
        check("[1 0 0 0], CancelledError, goes on, 7", log -> {
            Task<Integer> task = await(started(swallowing(log, createFuture())));
            task.cancel();
            task.cancel();
            log.add(List.of(task.uncancel(), task.uncancel(), task.uncancel(), task.cancelling()));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> changingItsMind(Events log, String... messages) {
        for (String message : messages) {
            currentTask().cancel(message);
        }
        log.add(currentTask().uncancel());
        return Coroutine.of(await(sleep(0, 12)));
    }

    @Test
    void uncancelToZeroDropsAnUndeliveredRequest() {
        check("0, 12, done 0", log -> {
            Task<Integer> task = createTask(changingItsMind(log, "self"));
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void uncancelAboveZeroKeepsTheRequest() {
        check("1, CancelledError: two, cancelled 1", log -> {
            Task<Integer> task = createTask(changingItsMind(log, "one", "two"));
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void originalErrorComesFirstThenFreshOnes() {
        check("begins, CancelledError: M, finally, [CancelledError: M CancelledError CancelledError]", log -> {
            Task<Object> task = await(started(body(log, createFuture())));
            task.cancel("M");
            await(sleep(0));
            await(sleep(0));
            log.add(List.of(await(attempt(task)), await(attempt(task)), outcome(task)));
            return Coroutine.done();
        });
    }

    @Test
    void messageOfAPlainFutureStays() {
        check("[True False], [CancelledError: M CancelledError: M CancelledError: M]", log -> {
            Future<Object> future = createFuture();
            log.add(List.of(future.cancel("M"), future.cancel("N")));
            log.add(List.of(outcome(future), outcome(future), await(attempt(future))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> raising() {
        throw new CancelledError("own");
    }

    @Test
    void raisingTheErrorCancelsWithoutACancel() {
        check("CancelledError: own, cancelled 0", log -> {
            Task<Void> task = createTask(raising());
            log.add(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Test
    void errorOfAnAwaitedTaskCancelsTheAwaiting() {
        check(
                "begins, begins, CancelledError: M, finally, CancelledError: M, finally, "
                        + "CancelledError: M, [cancelled 1 cancelled 0]",
                log -> {
                    Task<Object> inner = await(started(body(log, createFuture())));
                    Task<Object> outer = await(started(body(log, inner)));
                    inner.cancel("M");
                    log.add(await(attempt(outer)));
                    log.add(List.of(state(inner), state(outer)));
                    return Coroutine.done();
                });
    }

    @Test
    void errorOfAnAwaitedTaskMayBeCaught() {
        check("begins, CancelledError: M, finally, CancelledError: M, goes on, 7, done 0", log -> {
            Task<Object> inner = await(started(body(log, createFuture())));
            Task<Integer> outer = await(started(swallowing(log, inner)));
            inner.cancel("M");
            log.add(await(attempt(outer)));
            log.add(state(outer));
            return Coroutine.done();
        });
    }

    @Test
    void innerTaskThatSwallowsKeepsTheOuterAlive() {
        check("begins, CancelledError: M, goes on, finally, 7, [done 1 done 1]", log -> {
            Task<Integer> inner = await(started(swallowing(log, createFuture())));
            Task<Integer> outer = await(started(body(log, inner)));
            outer.cancel("M");
            log.add(await(attempt(outer)));
            log.add(List.of(state(inner), state(outer)));
            return Coroutine.done();
        });
    }

    @Test
    void sharedTaskIsCancelledForEveryAwaiter() {
        check(
                "begins, begins, begins, CancelledError: M, finally, CancelledError: M, finally, "
                        + "CancelledError, finally, CancelledError, CancelledError: M",
                log -> {
                    Task<Object> inner = await(started(body(log, createFuture())));
                    Task<Object> first = await(started(body(log, inner)));
                    Task<Object> second = await(started(body(log, inner)));
                    first.cancel("M");
                    log.add(await(attempt(second)));
                    log.add(await(attempt(first)));
                    return Coroutine.done();
                });
    }

    @Test
    void cancelInADoneCallbackOfTheAwaitedFuture() {
        check("begins, True, CancelledError: M, finally, CancelledError: M", log -> {
            Future<Integer> future = createFuture();
            Task<?>[] task = new Task<?>[1];
            future.addDoneCallback(done -> log.add(task[0].cancel("M")));
            task[0] = await(started(body(log, future)));
            future.setResult(1);
            log.add(await(attempt(task[0])));
            return Coroutine.done();
        });
    }

    @Test
    void cancelledSleepsLeaveNoTimer() {
        check("begins, CancelledError: M, finally, CancelledError: M, end@1", log -> {
            Task<Void> task = await(started(body(log, sleep(1000))));
            await(sleep(1));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.at("end");
            return Coroutine.done();
        });
    }
}
