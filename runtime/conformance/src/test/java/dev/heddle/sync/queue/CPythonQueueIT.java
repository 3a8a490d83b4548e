package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Event;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueEmptyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_queues}, but for putting, joining and shutting down. */
@ParameterizedClass
@EnumSource
class CPythonQueueIT {

    private final TaskStart start;

    CPythonQueueIT(TaskStart start) {
        this.start = start;
    }

    @Test
    @Mirrors(
            value = {"test_queues.QueueBasicTests.test_repr", "test_queues.QueueBasicTests.test_str"},
            adapted = "the text is another, and has the number of items instead of them")
    void text() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            assertEquals("<Queue fifo size=0>", queue.toString());
            Task<Integer> getter = createTask(queue.get());
            await(sleep(0));
            assertEquals("<Queue fifo size=0 getters=1>", queue.toString());
            queue.putNow(0);
            assertEquals(0, await(getter));

            Queue<Integer> full = Queue.lifo(1);
            full.putNow(1);
            Task<Void> putter = createTask(full.put(2));
            await(sleep(0));
            assertEquals("<Queue lifo size=1/1 putters=1 unfinished=1>", full.toString());
            full.getNow();
            await(putter);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueueBasicTests.test_empty")
    void empty() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            assertTrue(queue.isEmpty());
            await(queue.put(1));
            assertFalse(queue.isEmpty());
            assertEquals(1, await(queue.get()));
            assertTrue(queue.isEmpty());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueueBasicTests.test_full")
    void full() throws Exception {
        start.run(() -> {
            assertFalse(Queue.fifo(0).isFull());
            Queue<Integer> queue = Queue.fifo(1);
            await(queue.put(1));
            assertTrue(queue.isFull());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<List<Integer>> order(Queue<Integer> queue) {
        for (int i : new int[] {1, 3, 2}) {
            await(queue.put(i));
        }
        return Coroutine.of(List.of(await(queue.get()), await(queue.get()), await(queue.get())));
    }

    @Test
    @Mirrors({
        "test_queues.QueueBasicTests.test_order",
        "test_queues.LifoQueueTests.test_order",
        "test_queues.PriorityQueueTests.test_order"
    })
    void orders() throws Exception {
        start.run(() -> {
            assertEquals(List.of(1, 3, 2), await(order(Queue.fifo(0))));
            assertEquals(List.of(2, 3, 1), await(order(Queue.lifo(0))));
            assertEquals(List.of(1, 2, 3), await(order(Queue.priority(0, Comparator.naturalOrder()))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Boolean> putThree(Queue<Integer> queue, List<Integer> put) {
        for (int i = 0; i < 3; i++) {
            await(queue.put(i));
            put.add(i);
        }
        return Coroutine.of(true);
    }

    @Test
    @Mirrors("test_queues.QueueBasicTests.test_maxsize")
    void maxSize() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(2);
            assertEquals(2, queue.maxSize());
            List<Integer> put = new ArrayList<>();
            Task<Boolean> task = createTask(putThree(queue, put));
            await(sleep(0));
            await(sleep(0));
            assertEquals(List.of(0, 1), put);
            assertEquals(0, await(queue.get()));
            await(sleep(0));
            assertEquals(List.of(0, 1, 2), put);
            assertEquals(1, await(queue.get()));
            assertEquals(2, await(queue.get()));
            assertTrue(task.result());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_queues.QueueGetTests.test_blocking_get",
        "test_queues.QueueGetTests.test_nonblocking_get",
        "test_queues.QueuePutTests.test_blocking_put",
        "test_queues.QueuePutTests.test_nonblocking_put"
    })
    void withoutWaiting() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            queue.putNow(1);
            assertEquals(1, await(queue.get()));
            await(queue.put(2));
            assertEquals(2, queue.getNow());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_queues.QueueGetTests.test_get_with_putters",
            adapted = "who puts is a task, not a future pushed into the queue")
    void getWakesWhoPuts() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            await(queue.put(1));
            Task<Void> putter = createTask(queue.put(2));
            await(sleep(0));
            assertFalse(putter.isDone());
            assertEquals(1, await(queue.get()));
            await(sleep(0));
            assertTrue(putter.isDone());
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> startedGet(Queue<Integer> queue, Event started, List<String> log) {
        started.set();
        Integer item = await(queue.get());
        log.add("finished");
        return Coroutine.of(item);
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_blocking_get_wait")
    void getWaits() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Event started = new Event();
            List<String> log = new ArrayList<>();
            Task<Integer> task = createTask(startedGet(queue, started, log));
            await(started.waitSet());
            assertEquals(List.of(), log);
            getRunningLoop().callLater(0.01, () -> queue.putNow(1));
            assertEquals(1, await(task));
            assertEquals(List.of("finished"), log);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_nonblocking_get_exception")
    void getNowFromAnEmptyQueue() {
        Throwable failure =
                assertThrows(QueueEmptyException.class, () -> Queue.fifo(0).getNow());
        assertEquals("queue is empty: <Queue fifo size=0>; await get(), or ask isEmpty() before", failure.getMessage());
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_get_cancelled_race")
    void cancelledGetLeavesTheItemToOthers() throws Exception {
        start.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<String> t1 = createTask(queue.get());
            Task<String> t2 = createTask(queue.get());
            await(sleep(0));
            t1.cancel();
            await(sleep(0));
            assertTrue(t1.isDone());
            await(queue.put("a"));
            await(sleep(0));
            assertEquals("a", await(t2));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_get_with_waiting_putters")
    void getWithWaitingPuts() throws Exception {
        start.run(() -> {
            Queue<String> queue = Queue.fifo(1);
            createTask(queue.put("a"));
            createTask(queue.put("b"));
            assertEquals("a", await(queue.get()));
            assertEquals("b", await(queue.get()));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> produce(Queue<Integer> queue, int count) {
        for (int i = 0; i < count; i++) {
            await(queue.put(i));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<List<Integer>> consume(Queue<Integer> queue, int count) {
        List<Integer> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(await(queue.get()));
        }
        return Coroutine.of(items);
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_why_are_getters_waiting")
    void producerAndConsumerOverASmallQueue() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(1);
            Task<Void> producer = createTask(produce(queue, 5));
            Task<List<Integer>> consumer = createTask(consume(queue, 5));
            await(producer);
            assertEquals(List.of(0, 1, 2, 3, 4), await(consumer));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues.QueueGetTests.test_cancelled_getters_not_being_held_in_self_getters")
    void expiredGetLeaves() throws Exception {
        start.run(() -> {
            Queue<Integer> queue = Queue.fifo(5);
            await(thrown(TimeoutException.class, waitFor(queue.get(), Duration.ofMillis(100))));
            assertEquals("<Queue fifo size=0/5>", queue.toString());
            return Coroutine.done();
        });
    }
}
