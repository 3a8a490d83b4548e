package dev.heddle.tasks;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.failing;
import static dev.heddle.cpython.Coroutines.value;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.Waited;
import dev.heddle.cpython.Events;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tasks that begin when they are made, alone and in combinators, with what {@code eager.py} prints. */
class EagerTasksIT {

    @Async
    private static Coroutine<String> speaking(Events log, String name, @Nullable Awaitable<?> awaitable) {
        log.add(name + " begins");
        if (awaitable != null) {
            await(awaitable);
        }
        log.add(name + " ends");
        return Coroutine.of(name);
    }

    private static String states(List<? extends Future<?>> futures) {
        return Events.shown(futures.stream().map(Events::state).toList());
    }

    @Test
    void eagerTaskBeginsInsideTheCall() {
        check("a begins, pending 0, a ends, a", log -> {
            Task<String> task = createEagerTask(speaking(log, "a", sleep(0)));
            log.add(state(task));
            log.add(await(task));
            return Coroutine.done();
        });
    }

    @Test
    void eagerTaskThatDoesNotWaitIsDone() {
        check("done 0, False, 7", log -> {
            Task<Integer> task = createEagerTask(value(7));
            log.add(state(task));
            log.add(allTasks().contains(task));
            log.add(await(task));
            return Coroutine.done();
        });
    }

    @Test
    void failureOfTheFirstStepIsStored() {
        check("done 0, IllegalArgumentException: at once", log -> {
            Task<String> task = createEagerTask(failing("at once"));
            log.add(state(task));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> inner(Events log, Task<?> outer) {
        Task<?> self = Objects.requireNonNull(currentTask());
        log.add(self != outer);
        createEagerTask(value(1));
        log.add(currentTask() == self);
        log.add(allTasks().contains(self));
        await(sleep(0));
        log.add(currentTask() == self);
        return Coroutine.done();
    }

    @Test
    void currentTaskIsTheEagerOneAndThenTheOuter() {
        check("True, True, True, True, True, True", log -> {
            Task<?> outer = Objects.requireNonNull(currentTask());
            Task<Void> task = createEagerTask(inner(log, outer));
            log.add(currentTask() == outer);
            await(task);
            log.add(currentTask() == outer);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> nested(Events log, int depth) {
        log.add("begin " + depth);
        if (depth > 0) {
            Task<Void> task = createEagerTask(nested(log, depth - 1));
            await(sleep(0));
            await(task);
        } else {
            await(sleep(0));
        }
        log.add("end " + depth);
        return Coroutine.done();
    }

    @Test
    void eagerTasksNest() {
        check("begin 3, begin 2, begin 1, begin 0, end 0, end 1, end 2, end 3", log -> {
            await(createEagerTask(nested(log, 3)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> sleeping(Events log) {
        await(sleep(2));
        log.at("inner");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> outer(Events log) {
        await(sleep(0));
        Task<Void> task = createEagerTask(sleeping(log));
        await(sleep(1));
        log.at("outer");
        await(task);
        return Coroutine.of("done");
    }

    @Test
    void outerSuspendsWhereItIsAfterAnEagerTaskDid() {
        check("outer@1, inner@2, done@2", log -> {
            log.at(await(outer(log)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> cancellingItself(Events log) {
        Objects.requireNonNull(currentTask()).cancel("M");
        log.add("goes on");
        try {
            await(sleep(5));
        } catch (CancelledError error) {
            log.add(error);
            throw error;
        }
        return Coroutine.of(7);
    }

    @Test
    void cancelledInTheFirstStepIsCancelledAtTheFirstWait() {
        check("goes on, pending 1, CancelledError: M, CancelledError: M@0, cancelled 1", log -> {
            Task<Integer> task = createEagerTask(cancellingItself(log));
            log.add(state(task));
            log.at(await(attempt(task)));
            log.add(state(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> cancelling(@Nullable Task<?> other) {
        Objects.requireNonNull(other == null ? currentTask() : other).cancel("M");
        return Coroutine.of(7);
    }

    @Test
    void cancelledInTheFirstStepAndReturningIsCancelled() {
        check("cancelled 1, CancelledError: M", log -> {
            Task<Integer> task = createEagerTask(cancelling(null));
            log.add(state(task));
            log.add(await(attempt(task)));
            return Coroutine.done();
        });
    }

    @Test
    void creatorIsCancelledByItsEagerChild() {
        check("7, CancelledError: M", log -> {
            Task<?> outer = Objects.requireNonNull(currentTask());
            log.add(outcome(createEagerTask(cancelling(outer))));
            log.add(await(attempt(sleep(5))));
            outer.uncancel();
            return Coroutine.done();
        });
    }

    @Test
    void gatherOfEagerTasks() {
        check("a begins, a ends, b begins, pending, c begins, c ends, b ends, [a b c]@1", log -> {
            Future<List<String>> future = gather(
                    createEagerTask(speaking(log, "a", null)),
                    createEagerTask(speaking(log, "b", sleep(1))),
                    speaking(log, "c", null));
            log.add(state(future));
            log.at(await(future));
            return Coroutine.done();
        });
    }

    @Test
    void gatherOfDoneEagerTasksIsDone() {
        check("done, [1 2]", log -> {
            Future<List<Integer>> future = gather(createEagerTask(value(1)), createEagerTask(value(2)));
            log.add(state(future));
            log.add(await(future));
            return Coroutine.done();
        });
    }

    @Test
    void gatherWithAFailedEagerTask() {
        check("slow begins, IllegalArgumentException: eager, slow ends, slow", log -> {
            Task<String> slow = createEagerTask(speaking(log, "slow", sleep(1)));
            log.add(await(attempt(gather(slow, createEagerTask(failing("eager"))))));
            log.add(await(slow));
            return Coroutine.done();
        });
    }

    @Test
    void waitForEagerTasks() {
        check("b begins, [done 0 pending 0]@0, 1, b ends, [done 0 done 0]@1", log -> {
            List<Task<?>> tasks = List.of(createEagerTask(value(1)), createEagerTask(speaking(log, "b", sleep(1))));
            Waited<Task<?>> waited = await(Asyncio.wait(tasks, ReturnWhen.FIRST_COMPLETED));
            log.at(states(tasks));
            log.add(waited.done().size());
            await(Asyncio.wait(tasks));
            log.at(states(tasks));
            return Coroutine.done();
        });
    }

    @Test
    void waitForWithAnEagerTask() {
        check("1@0, b begins, TimeoutException@1, 3@1", log -> {
            Duration second = Duration.ofSeconds(1);
            log.at(await(waitFor(createEagerTask(value(1)), second)));
            log.at(await(attempt(waitFor(createEagerTask(speaking(log, "b", sleep(5))), second))));
            log.at(await(waitFor(createEagerTask(value(3)), Duration.ZERO)));
            return Coroutine.done();
        });
    }

    @Test
    void shieldOfAnEagerTask() {
        check("True, b begins, CancelledError, b ends, b@1", log -> {
            Task<Integer> done = createEagerTask(value(1));
            log.add(shield(done) == done);
            Task<String> inner = createEagerTask(speaking(log, "b", sleep(1)));
            Future<String> outer = shield(inner);
            outer.cancel();
            log.add(await(attempt(outer)));
            log.at(await(inner));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> setting(Future<String> future) {
        future.setResult("set");
        return Coroutine.done();
    }

    @Test
    void eagerTaskCompletesAFutureOfItsCreator() {
        check("set", log -> {
            Future<String> future = createFuture();
            createEagerTask(setting(future));
            log.add(await(future));
            return Coroutine.done();
        });
    }

    @Test
    void factoryMakesTheTasksOfCombinators() {
        check("a begins, a ends, b begins, gathered, b ends, [a b], c begins, c ends, c", log -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            Future<List<String>> future = gather(speaking(log, "a", null), speaking(log, "b", sleep(0)));
            log.add("gathered");
            log.add(await(future));
            log.add(await(shield(speaking(log, "c", null))));
            return Coroutine.done();
        });
    }

    /** As by {@code create_task(..., eager_start=False)} of CPython 3.14. */
    @Test
    void taskCanBeLazyInALoopOfEagerTasks() {
        check("made, a begins, a ends", log -> {
            getRunningLoop().setTaskFactory(eagerTaskFactory());
            Task<String> task = Asyncio.createTask(speaking(log, "a", null), TaskOptions.DEFAULT.withEagerStart(false));
            log.add("made");
            await(task);
            return Coroutine.done();
        });
    }

    /** As in CPython, which cannot take a step without a loop that runs. */
    @Test
    void eagerTaskOfALoopThatDoesNotRunBeginsWithTheLoop() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Integer> task = loop.createTask(value(7), TaskOptions.DEFAULT.withEagerStart(true));
            assertFalse(task.isDone());
            assertEquals(7, loop.runUntilComplete(task));
        }
    }

    private static void ticking(int[] ticks) {
        ticks[0]++;
        getRunningLoop().callSoon(() -> ticking(ticks));
    }

    @Async
    private static Coroutine<Integer> turns(int[] ticks, AsyncFunction<Integer, Void> body) throws Exception {
        int begin = ticks[0];
        await(body.apply(0));
        return Coroutine.of(ticks[0] - begin);
    }

    @Async
    private static Coroutine<Void> awaiting(Awaitable<?> awaitable) {
        await(awaitable);
        return Coroutine.done();
    }

    @Test
    void turnsOfEagerTasks() {
        check("0, a begins, a ends, 2, 0", log -> {
            int[] ticks = {0};
            ticking(ticks);
            log.add(await(turns(ticks, x -> awaiting(createEagerTask(value(1))))));
            log.add(await(turns(ticks, x -> awaiting(createEagerTask(speaking(log, "a", sleep(0)))))));
            log.add(await(turns(ticks, x -> awaiting(gather(createEagerTask(value(1)), createEagerTask(value(2)))))));
            return Coroutine.done();
        });
    }
}
