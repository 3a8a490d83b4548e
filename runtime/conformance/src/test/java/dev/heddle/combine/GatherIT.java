package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Coroutines.swallowing;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of gather, with what {@code combining.py} prints. */
class GatherIT {

    private static <T> Task<T> taskAfter(double delay, T outcome) {
        return createTask(after(delay, outcome));
    }

    @Test
    void gatherGivesResultsInArgumentOrder() {
        check("[a b c]@3", log -> {
            log.at(await(gather(after(3, "a"), after(1, "b"), after(2, "c"))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> begun(Events log, String name) {
        log.add(name);
        return Coroutine.done();
    }

    @Test
    void gatherStartsInArgumentOrder() {
        check("before, made, a, b", log -> {
            log.add("before");
            Future<?> future = gather(begun(log, "a"), begun(log, "b"));
            log.add("made");
            await(future);
            return Coroutine.done();
        });
    }

    @Test
    void gatherOfTheSameTwiceRunsItOnce() {
        check("begins, finally, [a a]@1", log -> {
            Task<String> task = createTask(body(log, sleep(1, "a")));
            log.at(await(gather(task, task)));
            return Coroutine.done();
        });
    }

    @Test
    void gatherFailsWithTheFirstFailureAndTheOthersRunOn() {
        check("begins, IllegalArgumentException: first, pending 0@1, finally, slow", log -> {
            Task<String> slow = createTask(body(log, sleep(3, "slow")));
            log.add(await(attempt(gather(
                    slow,
                    after(2, new IllegalArgumentException("second")),
                    after(1, new IllegalArgumentException("first"))))));
            log.at(state(slow));
            log.add(await(slow));
            return Coroutine.done();
        });
    }

    @Test
    void childCancelledFailsTheGather() {
        check("CancelledError: M, done, CancelledError: M", log -> {
            Task<String> task = taskAfter(5, "a");
            Future<?> outer = gather(task, after(1, "b"));
            await(sleep(0));
            task.cancel("M");
            log.add(await(attempt(outer)));
            log.add(state(outer));
            log.add(outer.exception());
            return Coroutine.done();
        });
    }

    @Test
    void cancelledGatherCancelsAllChildren() {
        check(
                "begins, begins, True, [pending pending 1], CancelledError: M, finally, CancelledError: M, "
                        + "finally, CancelledError: M, [done cancelled 1 cancelled 1]",
                log -> {
                    Task<Object> first = createTask(body(log, createFuture()));
                    Task<Object> second = createTask(body(log, createFuture()));
                    Future<?> outer = gather(first, second);
                    await(sleep(0));
                    log.add(outer.cancel("M"));
                    log.add(List.of(state(outer), state(first)));
                    log.add(await(attempt(outer)));
                    log.add(List.of(state(outer), state(first), state(second)));
                    return Coroutine.done();
                });
    }

    @Test
    void cancelledGatherEndsCancelledThoughChildrenSwallow() {
        check("CancelledError, goes on, CancelledError, [done 7]", log -> {
            Task<Integer> child = createTask(swallowing(log, createFuture()));
            Future<?> outer = gatherSettled(child);
            await(sleep(0));
            outer.cancel();
            log.add(await(attempt(outer)));
            log.add(List.of(state(outer), outcome(child)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Object> gathering(Events log) {
        return Coroutine.of(await(gather(body(log, createFuture()), body(log, createFuture()))));
    }

    @Test
    void awaitingTaskCancelsTheGather() {
        check(
                "begins, begins, CancelledError: M, finally, CancelledError: M, finally, "
                        + "CancelledError: M, cancelled 1",
                log -> {
                    Task<Object> task = await(started(gathering(log)));
                    await(sleep(0));
                    task.cancel("M");
                    log.add(await(attempt(task)));
                    log.add(state(task));
                    return Coroutine.done();
                });
    }

    @Test
    void doneGatherIsNotCancelled() {
        check("IllegalArgumentException: E, False, slow", log -> {
            Task<Object> slow = taskAfter(2, "slow");
            Future<?> outer = gather(slow, after(1, new IllegalArgumentException("E")));
            log.add(await(attempt(outer)));
            log.add(outer.cancel());
            log.add(await(slow));
            return Coroutine.done();
        });
    }

    @Test
    void settledGatherKeepsEveryOutcome() {
        check("[a IllegalArgumentException: E CancelledError]@2", log -> {
            Task<Object> cancelled = taskAfter(5, "c");
            Future<List<Future<Object>>> future =
                    gatherSettled(after(1, "a"), after(2, new IllegalArgumentException("E")), cancelled);
            await(sleep(0));
            cancelled.cancel();
            log.at(await(future).stream().map(Events::outcome).toList());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> changingItsMind(Task<?>[] task) {
        task[0].cancel("M");
        currentTask().uncancel();
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> gatheringOneThatChangesItsMind(Task<?>[] task) {
        await(gather(sleep(1), changingItsMind(task)));
        return Coroutine.done();
    }

    @Test
    void cancelledGatherTakesTheMessageOfItsLastChild() {
        check("CancelledError: M", log -> {
            Task<?>[] task = new Task<?>[1];
            task[0] = createTask(gatheringOneThatChangesItsMind(task));
            log.add(await(attempt(task[0])));
            return Coroutine.done();
        });
    }
}
