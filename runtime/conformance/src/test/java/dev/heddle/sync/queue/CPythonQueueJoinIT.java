package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueShutDownException;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_queues}: joining and shutting down, with queues of each order. */
@ParameterizedClass
@EnumSource
class CPythonQueueJoinIT {

    private final TaskStart start;

    CPythonQueueJoinIT(TaskStart start) {
        this.start = start;
    }

    private static <T extends Comparable<T>> List<IntFunction<Queue<T>>> kinds() {
        return List.of(Queue::fifo, Queue::lifo, maxSize -> Queue.priority(maxSize, Comparator.naturalOrder()));
    }

    /** Runs {@code body} with a queue of each order. */
    private <T extends Comparable<T>> void each(int maxSize, AsyncFunction<Queue<T>, Void> body) throws Exception {
        for (IntFunction<Queue<T>> kind : CPythonQueueJoinIT.<T>kinds()) {
            start.run(() -> body.apply(kind.apply(maxSize)));
        }
    }

    private void assertAllDone(Queue<?> queue) {
        assertThrows(IllegalStateException.class, queue::taskDone);
    }

    @Async
    private static Coroutine<Void> assertShutDown(Queue<String> queue) {
        await(thrown(QueueShutDownException.class, queue.put("data")));
        assertThrows(QueueShutDownException.class, () -> queue.putNow("data"));
        await(thrown(QueueShutDownException.class, queue.get()));
        assertThrows(QueueShutDownException.class, queue::getNow);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_queues._QueueJoinTestMixin.test_task_done_underflow")
    void taskDoneTooOften() throws Exception {
        for (IntFunction<Queue<String>> kind : CPythonQueueJoinIT.<String>kinds()) {
            assertAllDone(kind.apply(0));
        }
        Throwable failure = assertThrows(IllegalStateException.class, Queue.fifo(0)::taskDone);
        assertEquals(
                "task_done() called too many times: <Queue fifo size=0>; call taskDone() once for each item that was taken"
                        + " out",
                failure.getMessage());
    }

    @Async
    private static Coroutine<Void> work(Queue<Integer> queue, boolean[] running, int[] sum) {
        while (running[0]) {
            sum[0] += await(queue.get());
            queue.taskDone();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_queues._QueueJoinTestMixin.test_task_done")
    void joinWaitsForAllToBeDone() throws Exception {
        this.<Integer>each(0, queue -> {
            for (int i = 0; i < 100; i++) {
                queue.putNow(i);
            }
            boolean[] running = {true};
            int[] sum = {0};
            Task<Void> worker1 = createTask(work(queue, running, sum));
            Task<Void> worker2 = createTask(work(queue, running, sum));
            await(queue.join());
            assertEquals(4950, sum[0]);
            running[0] = false;
            queue.putNow(0);
            queue.putNow(0);
            await(gather(worker1, worker2));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues._QueueJoinTestMixin.test_join_empty_queue")
    void joinOfAnEmptyQueue() throws Exception {
        this.<String>each(0, queue -> {
            await(queue.join());
            await(queue.join());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {"test_queues._QueueJoinTestMixin.test_format", "test_queues._QueueShutdownTestMixin.test_format"},
            adapted = "the text is another")
    void text() {
        Queue<Integer> queue = Queue.priority(0, Comparator.naturalOrder());
        assertEquals("<Queue priority size=0>", queue.toString());
        queue.putNow(1);
        queue.putNow(2);
        queue.getNow();
        assertEquals("<Queue priority size=1 unfinished=2>", queue.toString());
        queue.shutdown(false);
        assertEquals("<Queue priority size=1 unfinished=2 shutdown>", queue.toString());
    }

    @Test
    @Mirrors("test_queues._QueueShutdownTestMixin.test_shutdown_empty")
    void shutdownOfAnEmptyQueue() throws Exception {
        this.<String>each(0, queue -> {
            Task<String> get = createTask(queue.get());
            await(sleep(0));
            queue.shutdown(false);
            assertEquals(0, queue.size());
            await(queue.join());
            await(sleep(0));
            assertTrue(get.isDone());
            await(thrown(QueueShutDownException.class, get));
            await(assertShutDown(queue));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues._QueueShutdownTestMixin.test_shutdown_nonempty")
    void shutdownLeavesTheItems() throws Exception {
        this.<String>each(1, queue -> {
            queue.putNow("data");
            Task<Void> join = createTask(queue.join());
            Task<Void> put = createTask(queue.put("data2"));
            await(sleep(0));
            assertFalse(put.isDone());
            queue.shutdown(false);
            assertEquals(1, queue.size());
            await(sleep(0));
            assertTrue(put.isDone());
            await(thrown(QueueShutDownException.class, put));
            assertEquals("data", await(queue.get()));
            await(sleep(0));
            assertFalse(join.isDone());
            await(assertShutDown(queue));
            queue.taskDone();
            await(sleep(0));
            assertTrue(join.isDone());
            await(join);
            assertAllDone(queue);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues._QueueShutdownTestMixin.test_shutdown_immediate")
    void immediateShutdownDropsTheItems() throws Exception {
        this.<String>each(0, queue -> {
            queue.putNow("data");
            Task<Void> join = createTask(queue.join());
            queue.shutdown(true);
            assertEquals(0, queue.size());
            await(sleep(0));
            assertTrue(join.isDone());
            await(join);
            await(assertShutDown(queue));
            assertAllDone(queue);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_queues._QueueShutdownTestMixin.test_shutdown_immediate_with_unfinished")
    void immediateShutdownDoesNotFinishWhatWasTakenOut() throws Exception {
        this.<String>each(0, queue -> {
            queue.putNow("data");
            queue.putNow("data");
            Task<Void> join = createTask(queue.join());
            assertEquals("data", await(queue.get()));
            queue.shutdown(true);
            assertEquals(0, queue.size());
            await(sleep(0));
            assertFalse(join.isDone());
            await(assertShutDown(queue));
            queue.taskDone();
            assertAllDone(queue);
            await(sleep(0));
            assertTrue(join.isDone());
            await(join);
            return Coroutine.done();
        });
    }
}
