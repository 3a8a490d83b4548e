package dev.heddle.sync.barrier;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Barrier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.BarrierTests}, but for resetting and aborting. */
@ParameterizedClass
@EnumSource
class CPythonBarrierIT {

    private final TaskStart start;

    CPythonBarrierIT(TaskStart start) {
        this.start = start;
    }

    static <T> List<Task<T>> tasks(int count, AsyncSupplier<T> body) throws Exception {
        List<Task<T>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(createTask(body.get()));
        }
        return tasks;
    }

    static void assertIdle(Barrier barrier) {
        assertEquals("<Barrier filling waiting=0/" + barrier.parties() + ">", barrier.toString());
        assertEquals(0, barrier.waiting());
        assertFalse(barrier.isBroken());
    }

    @Test
    @Mirrors(
            value = {"test_locks.BarrierTests.test_repr", "test_locks.BarrierTests.test_barrier"},
            adapted = "the text is another")
    void text() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(5);
            assertEquals("<Barrier filling waiting=0/5>", barrier.toString());
            List<Task<Integer>> waiters = new ArrayList<>(tasks(2, barrier::arrive));
            await(sleep(0));
            assertEquals("<Barrier filling waiting=2/5>", barrier.toString());
            waiters.addAll(tasks(barrier.parties() - barrier.waiting(), barrier::arrive));
            await(start.begun());
            assertEquals("<Barrier draining waiting=0/5>", barrier.toString());
            await(sleep(0));
            assertEquals("<Barrier filling waiting=0/5>", barrier.toString());
            waiters.addAll(tasks(2, barrier::arrive));
            await(sleep(0));
            await(barrier.reset());
            assertEquals("<Barrier resetting waiting=0/5>", barrier.toString());
            waiters.addAll(tasks(2, barrier::arrive));
            await(sleep(0));
            await(barrier.abort());
            assertEquals("<Barrier broken>", barrier.toString());
            assertTrue(barrier.isBroken());
            await(gatherSettled(waiters));
            waiters.forEach(waiter -> {
                if (!waiter.isCancelled()) {
                    waiter.exception();
                }
            });
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_barrier_parties")
    void parties() {
        Throwable failure = assertThrows(IllegalArgumentException.class, () -> new Barrier(0));
        assertEquals("parties must be > 0: 0; count the tasks that arrive", failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Barrier(-4));
        assertEquals(5, new Barrier(5).parties());
    }

    @Test
    @Mirrors(
            value = "test_locks.BarrierTests.test_context_manager",
            adapted = "there is nothing to close: a barrier is not left")
    void indexes() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(3);
            List<Integer> results = new ArrayList<>(await(gather(tasks(3, barrier::arrive))));
            Collections.sort(results);
            assertEquals(List.of(0, 1, 2), results);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_filling_one_task")
    void oneParty() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(1);
            assertEquals(0, await(barrier.arrive()));
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_filling_one_task_twice")
    void onePartyTwice() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(1);
            Task<Integer> t1 = createTask(barrier.arrive());
            await(sleep(0));
            assertEquals(0, barrier.waiting());
            Task<Integer> t2 = createTask(barrier.arrive());
            await(sleep(0));
            assertEquals(t1.result(), t2.result());
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_filling_task_by_task")
    void oneTaskAfterTheOther() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(3);
            Task<Integer> t1 = createTask(barrier.arrive());
            await(sleep(0));
            assertEquals("<Barrier filling waiting=1/3>", barrier.toString());
            Task<Integer> t2 = createTask(barrier.arrive());
            await(sleep(0));
            assertEquals("<Barrier filling waiting=2/3>", barrier.toString());
            Task<Integer> t3 = createTask(barrier.arrive());
            await(sleep(0));
            assertEquals(List.of(0, 1, 2), await(gather(t1, t2, t3)));
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> arriveTwice(Barrier barrier, List<Boolean> first, List<Boolean> second) {
        await(barrier.arrive());
        first.add(true);
        int index = await(barrier.arrive());
        second.add(true);
        return Coroutine.of(index);
    }

    @Test
    @Mirrors({
        "test_locks.BarrierTests.test_filling_tasks_wait_twice",
        "test_locks.BarrierTests.test_filling_tasks_check_return_value"
    })
    void arriveTwice() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(5);
            List<Boolean> first = new ArrayList<>();
            List<Boolean> second = new ArrayList<>();
            List<Integer> indexes = new ArrayList<>(await(gather(tasks(5, () -> arriveTwice(barrier, first, second)))));
            assertEquals(5, first.size());
            assertEquals(5, second.size());
            Collections.sort(indexes);
            assertEquals(List.of(0, 1, 2, 3, 4), indexes);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> stateAfter(Barrier barrier, List<Boolean> draining) {
        await(barrier.arrive());
        draining.add(barrier.toString().contains("draining"));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_draining_state")
    void drainingUntilTheLastHasLeft() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(5);
            List<Boolean> draining = new ArrayList<>();
            await(gather(tasks(5, () -> stateAfter(barrier, draining))));
            assertEquals(List.of(true, true, true, true, false), draining);
            assertIdle(barrier);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> arriveAgain(Barrier all, Barrier three, int[] again) {
        await(all.arrive());
        if (again[0] > 0) {
            again[0]--;
            await(all.arrive());
        } else {
            await(three.arrive());
            await(all.arrive());
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_blocking_tasks_while_draining")
    void whoArrivesWhileOthersLeaveWaitsForThem() throws Exception {
        start.run(() -> {
            Barrier all = new Barrier(5);
            Barrier three = new Barrier(3);
            int[] again = {2};
            await(gather(tasks(5, () -> arriveAgain(all, three, again))));
            assertIdle(all);
            assertIdle(three);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> arriveAndAdd(Barrier barrier, List<Boolean> results) {
        await(barrier.arrive());
        results.add(true);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_locks.BarrierTests.test_filling_tasks_cancel_one")
    void cancelledTaskHasNotArrived() throws Exception {
        start.run(() -> {
            Barrier barrier = new Barrier(3);
            List<Boolean> results = new ArrayList<>();
            Task<Void> t1 = createTask(arriveAndAdd(barrier, results));
            await(sleep(0));
            assertEquals(1, barrier.waiting());
            Task<Void> t2 = createTask(arriveAndAdd(barrier, results));
            await(sleep(0));
            assertEquals(2, barrier.waiting());
            t1.cancel();
            await(sleep(0));
            assertEquals(1, barrier.waiting());
            await(thrown(CancelledError.class, t1));
            assertTrue(t1.isCancelled());
            Task<Void> t3 = createTask(arriveAndAdd(barrier, results));
            await(sleep(0));
            assertEquals(2, barrier.waiting());
            Task<Void> t4 = createTask(arriveAndAdd(barrier, results));
            await(gather(t2, t3, t4));
            assertEquals(3, results.size());
            assertIdle(barrier);
            return Coroutine.done();
        });
    }
}
