package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueEmptyException;
import dev.heddle.sync.QueueFullException;
import dev.heddle.sync.QueueShutDownException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rules of queues that CPython's tests do not show. */
class QueueRulesIT {

    @Test
    void nullIsAnItem() throws Exception {
        Loops.run(() -> {
            Queue<String> fifo = Queue.fifo(0);
            Queue<String> lifo = Queue.lifo(0);
            Queue<String> priority = Queue.priority(0, Comparator.nullsFirst(Comparator.naturalOrder()));
            for (Queue<String> queue : List.of(fifo, lifo, priority)) {
                Task<String> getter = createTask(queue.get());
                await(sleep(0));
                await(queue.put(null));
                assertNull(await(getter));
                assertTrue(queue.isEmpty());
            }
            return Coroutine.done();
        });
    }

    /** The order of items that are equal is that of Python's heapq, which printed this for these numbers modulo 10. */
    @Test
    void equalItemsComeOutInTheOrderOfHeapq() {
        Queue<Integer> queue = Queue.priority(0, Comparator.comparing(item -> item % 10));
        for (int item : new int[] {31, 1, 12, 21, 2, 11, 30, 22, 41, 51}) {
            queue.putNow(item);
        }
        assertEquals(List.of(30, 31, 11, 41, 1, 51, 21, 2, 12, 22), drain(queue));
    }

    private static int compareOrRefuse(Integer one, Integer other) {
        if (one < 0 || other < 0) {
            throw new IllegalArgumentException("negative");
        }
        return one.compareTo(other);
    }

    private static List<Integer> drain(Queue<Integer> queue) {
        List<Integer> order = new ArrayList<>();
        while (!queue.isEmpty()) {
            order.add(queue.getNow());
        }
        return order;
    }

    @Test
    void comparatorThatThrowsChangesNothing() {
        Queue<Integer> queue = Queue.priority(0, QueueRulesIT::compareOrRefuse);
        for (int item : new int[] {5, 3, 8, 6}) {
            queue.putNow(item);
        }
        assertThrows(IllegalArgumentException.class, () -> queue.putNow(-1));
        assertEquals("<Queue priority size=4 unfinished=4>", queue.toString());
        assertEquals(List.of(3, 5, 6, 8), drain(queue));

        int[] asked = {0};
        Queue<Integer> refusing = Queue.priority(0, (one, other) -> {
            if (asked[0]-- == 0) {
                throw new IllegalArgumentException("asked too often");
            }
            return one.compareTo(other);
        });
        asked[0] = Integer.MAX_VALUE;
        for (int item : new int[] {5, 3, 8, 6, 7, 1, 2}) {
            refusing.putNow(item);
        }
        for (int comparisons = 0; comparisons < 3; comparisons++) {
            asked[0] = comparisons;
            assertThrows(IllegalArgumentException.class, refusing::getNow);
        }
        asked[0] = Integer.MAX_VALUE;
        assertEquals(List.of(1, 2, 3, 5, 6, 7, 8), drain(refusing));
    }

    @Test
    void whatAComparatorRefusesDoesNotHoldUpTheOthers() throws Exception {
        Loops.run(() -> {
            Queue<Integer> queue = Queue.priority(2, QueueRulesIT::compareOrRefuse);
            queue.putNow(1);
            queue.putNow(2);
            Task<String> refused = createTask(failure(queue.put(-1)));
            Task<String> next = createTask(failure(queue.put(3)));
            await(sleep(0));
            queue.getNow();
            assertEquals("negative", await(refused));
            assertEquals("none", await(next));
            assertEquals(List.of(2, 3), drain(queue));
            return Coroutine.done();
        });
    }

    @Test
    void wakingOnAWrongThreadInDebugModeLosesNobody() throws Exception {
        Loops.run(() -> {
            getRunningLoop().setDebug(true);
            Queue<Integer> queue = Queue.fifo(0);
            Task<Integer> getter = createTask(queue.get());
            await(sleep(0));
            String refusal = await(failure(toThread(() -> {
                queue.putNow(1);
                return true;
            })));
            assertTrue(refusal.startsWith("Non-thread-safe operation"), refusal);
            queue.putNow(2);
            assertEquals(2, await(getter), "nothing was put by what was refused");
            return Coroutine.done();
        });
    }

    @Test
    void ringKeepsItsOrder() {
        Random random = new Random(1);
        Queue<Integer> queue = Queue.fifo(0);
        int put = 0;
        int got = 0;
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(100) < 52 || queue.isEmpty()) {
                queue.putNow(put++);
            } else {
                assertEquals(got++, queue.getNow());
            }
        }
        assertEquals(put - got, queue.size());
    }

    @Async
    private static Coroutine<String> failure(Awaitable<?> awaitable) {
        try {
            await(awaitable);
            return Coroutine.of("none");
        } catch (RuntimeException e) {
            return Coroutine.of(e.getMessage());
        }
    }

    @Test
    void putCanBeAwaitedOnce() throws Exception {
        Loops.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            Coroutine<Void> put = queue.put(1);
            assertEquals("<coroutine dev.heddle.sync.Queue.put created>", put.toString());
            assertEquals(0, queue.size());
            await(put);
            assertEquals(
                    "cannot reuse already awaited coroutine: <coroutine dev.heddle.sync.Queue.put finished>"
                            + "; call the method again, or await a Task of it, which may be awaited often",
                    await(failure(put)));
            await(queue.put(2));
            assertEquals(List.of(1, 2), List.of(queue.getNow(), queue.getNow()));
            return Coroutine.done();
        });
    }

    @Test
    void putsMadeTogetherAreDifferent() throws Exception {
        Loops.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            await(queue.put(0));
            Coroutine<Void> first = queue.put(1);
            Coroutine<Void> second = queue.put(2);
            await(second);
            Coroutine<Void> third = queue.put(3);
            await(first);
            await(third);
            assertEquals(List.of(0, 2, 1, 3), List.of(queue.getNow(), queue.getNow(), queue.getNow(), queue.getNow()));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> getting(Queue<Integer> queue, String name, List<String> log) {
        log.add(name + " " + await(queue.get()));
        return Coroutine.done();
    }

    @Test
    void wokenGetThatFindsNothingWaitsBehindTheOthers() throws Exception {
        Loops.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            List<String> log = new ArrayList<>();
            createTask(getting(queue, "a", log));
            createTask(getting(queue, "b", log));
            await(sleep(0));
            queue.putNow(1);
            assertEquals(1, await(queue.get()), "faster than the woken one");
            await(sleep(0));
            queue.putNow(2);
            queue.putNow(3);
            await(sleep(0));
            assertEquals(List.of("b 2", "a 3"), log);
            return Coroutine.done();
        });
    }

    @Test
    void messageOfAQueueThatIsShutDown() throws Exception {
        Loops.run(() -> {
            Queue<Integer> queue = Queue.fifo(0);
            queue.shutdown(false);
            String message = "queue is shut down: <Queue fifo size=0 shutdown>; nothing can be put into it any more";
            assertEquals(message, await(failure(queue.put(1))));
            String nothing = "queue is shut down: <Queue fifo size=0 shutdown>; there is nothing left to get";
            assertEquals(nothing, await(failure(queue.get())));
            assertEquals(
                    nothing,
                    assertThrows(QueueShutDownException.class, queue::getNow).getMessage());
            Queue<Integer> open = Queue.fifo(0);
            getRunningLoop().callSoon(() -> open.shutdown(false));
            assertEquals(nothing, await(failure(open.get())), "while it waits");
            return Coroutine.done();
        });
    }

    @Test
    void exceptionsForQueuesOfOthers() {
        assertNull(new QueueEmptyException().getMessage());
        assertNull(new QueueFullException().getMessage());
        assertNull(new QueueShutDownException().getMessage());
        assertEquals("mine", new QueueEmptyException("mine").getMessage());
        assertEquals("mine", new QueueFullException("mine").getMessage());
        assertEquals("mine", new QueueShutDownException("mine").getMessage());
    }

    @Test
    void sizeThatIsNotPositiveIsNoLimit() {
        Queue<Integer> queue = Queue.fifo(-1);
        Arrays.asList(1, 2, 3).forEach(queue::putNow);
        assertEquals(-1, queue.maxSize());
        assertEquals(false, queue.isFull());
        assertThrows(NullPointerException.class, () -> Queue.priority(0, null));
    }
}
