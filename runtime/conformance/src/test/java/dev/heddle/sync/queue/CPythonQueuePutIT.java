package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Event;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_queues.QueuePutTests}. */
@ParameterizedClass
@EnumSource
class CPythonQueuePutIT {

    private final TaskStart start;

    CPythonQueuePutIT(TaskStart start) {
        this.start = start;
    }

    @Async
    private static Coroutine<Void> startedPuts(Queue<Integer> queue, Event started, List<String> log) {
        started.set();
        await(queue.put(1));
        await(queue.put(2));
        log.add("finished");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_blocking_put_wait")
    void putWaits() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            Event started = new Event();
            List<String> log = new ArrayList<>();
            getRunningLoop().callLater(0.01, queue::getNow);
            Task<Void> task = createTask(startedPuts(queue, started, log));
            await(started.waitSet());
            assertEquals(List.of(), log);
            await(task);
            assertEquals(List.of("finished"), log);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_get_cancel_drop_one_pending_reader")
    void cancelledWokenGetLosesNothing() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Task<Integer> reader = createTask(queue.get());
            await(sleep(0));
            queue.putNow(1);
            queue.putNow(2);
            reader.cancel();
            await(thrown(CancelledError.class, reader));
            assertEquals(1, await(createTask(queue.get())));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_get_cancel_drop_many_pending_readers")
    void cancelledWokenGetWakesTheNext() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Task<Integer> reader1 = createTask(queue.get());
            Task<Integer> reader2 = createTask(queue.get());
            Task<Integer> reader3 = createTask(queue.get());
            await(sleep(0));
            queue.putNow(1);
            queue.putNow(2);
            reader1.cancel();
            await(thrown(CancelledError.class, reader1));
            await(reader3);
            assertEquals(Set.of(1, 2), Set.of(reader2.result(), reader3.result()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_put_cancel_drop")
    void cancelledPutPutsNothing() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            queue.putNow(1);
            Task<Void> writer = createTask(queue.put(2));
            await(sleep(0));
            assertEquals(1, queue.getNow());
            writer.cancel();
            await(thrown(CancelledError.class, writer));
            await(createTask(queue.put(2)));
            assertEquals(2, queue.getNow());
            assertEquals(0, queue.size());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_nonblocking_put_exception")
    void putNowIntoAFullQueue() {
        Queue<Integer> queue = Queue.fifo(1);
        queue.putNow(1);
        Throwable failure = assertThrows(QueueFullException.class, () -> queue.putNow(2));
        assertEquals(
                "queue is full: <Queue fifo size=1/1 unfinished=1>; await put(), or ask isFull() before",
                failure.getMessage());
    }

    @Async
    private static Coroutine<Boolean> putOne(Queue<Integer> queue) {
        await(queue.put(1));
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_put_cancelled")
    void putEndsBeforeItsItemIsTaken() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Task<Boolean> task = createTask(putOne(queue));
            assertEquals(1, await(queue.get()));
            assertTrue(task.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_put_cancelled_race")
    void cancelledPutLetsOthersPut() throws Exception {
        start.run(() -> {
            Queue<String> queue = Queue.fifo(1);
            Task<Void> a = createTask(queue.put("a"));
            Task<Void> b = createTask(queue.put("b"));
            Task<Void> c = createTask(queue.put("X"));
            await(sleep(0));
            assertTrue(a.isDone());
            assertFalse(b.isDone());
            c.cancel();
            await(sleep(0));
            assertTrue(c.isDone());
            assertEquals("a", queue.getNow());
            await(sleep(0));
            assertEquals("b", queue.getNow());
            await(b);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_put_with_waiting_getters")
    void putWakesWhoGets() throws Exception {
        start.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<String> task = createTask(queue.get());
            await(sleep(0));
            await(queue.put("a"));
            assertEquals("a", await(task));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> drainLater(Queue<Integer> queue) {
        await(sleep(0));
        for (int i = queue.size(); i > 0; i--) {
            queue.getNow();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_why_are_putters_waiting")
    void everyPutIsWokenWhenThereIsRoom() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(2);
            await(gather(drainLater(queue), queue.put(0), queue.put(1), queue.put(2), queue.put(3)));
            assertEquals(List.of(2, 3), List.of(queue.getNow(), queue.getNow()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_cancelled_puts_not_being_held_in_self_putters")
    void cancelledPutLeaves() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            queue.putNow(1);
            Task<Void> put = createTask(queue.put(1));
            await(sleep(0));
            assertEquals("<Queue fifo size=1/1 putters=1 unfinished=1>", queue.toString());
            put.cancel();
            await(thrown(CancelledError.class, put));
            assertEquals("<Queue fifo size=1/1 unfinished=1>", queue.toString());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueuePutTests.test_cancelled_put_silence_value_error_exception")
    void cancelledWokenPut() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            queue.putNow(1);
            Task<Void> put = createTask(queue.put(1));
            await(sleep(0));
            queue.getNow();
            put.cancel();
            await(thrown(CancelledError.class, put));
            assertEquals("<Queue fifo size=0/1 unfinished=1>", queue.toString());
            return Coroutine.done();
        });
    }
}
