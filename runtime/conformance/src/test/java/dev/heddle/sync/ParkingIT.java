package dev.heddle.sync;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.cpython.Loops;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks that wait in the line of a primitive: how waking, cancelling and closing the loop meet there. */
class ParkingIT {

    private final List<String> events = new ArrayList<>();

    @Async
    private Coroutine<Void> get(Queue<String> queue) {
        try {
            events.add("got " + await(queue.get()));
        } catch (CancelledError error) {
            events.add("cancelled " + error.getMessage());
            throw error;
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> cancelItselfAndGet(Queue<String> queue) {
        requireNonNull(currentTask()).cancel("of itself");
        return get(queue);
    }

    @Test
    void aTaskThatHasCancelledItselfIsCancelledWhereItWaits() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> eager = createTask(cancelItselfAndGet(queue), TaskOptions.DEFAULT.withEagerStart(true));
            Task<Void> lazy = createTask(cancelItselfAndGet(queue));
            await(sleep(0));
            await(sleep(0));
            assertTrue(eager.isCancelled());
            await(sleep(0));
            assertTrue(lazy.isCancelled());
            queue.putNow("an item");
            assertEquals("<Queue fifo size=1 unfinished=1>", queue.toString());
            return Coroutine.done();
        });
        assertEquals(List.of("cancelled of itself", "cancelled of itself"), events);
    }

    @Test
    void aCancellationThatIsTakenBackAfterTheWakeUpDoesNothing() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> getter = createTask(get(queue));
            await(sleep(0));
            queue.putNow("an item");
            getter.cancel("late");
            getter.uncancel();
            await(getter);
            return Coroutine.done();
        });
        assertEquals(List.of("got an item"), events);
    }

    @Test
    void aCancellationAfterTheWakeUpHandsTheItemOn() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> first = createTask(get(queue));
            Task<Void> second = createTask(get(queue));
            await(sleep(0));
            queue.putNow("an item");
            first.cancel("late");
            await(second);
            assertTrue(first.isCancelled());
            return Coroutine.done();
        });
        assertEquals(List.of("cancelled late", "got an item"), events);
    }

    /** A task of a closed loop, which waits for an item of {@code queue}. */
    private Task<Void> leftIn(Queue<String> queue) {
        try (EventLoop loop = EventLoop.create()) {
            loop.setExceptionHandler((source, report) -> events.add(String.valueOf(report.get("message"))));
            Task<Void> task = loop.createTask(get(queue));
            loop.runUntilComplete(sleep(0));
            return task;
        }
    }

    @Test
    void aTaskOfAClosedLoopCannotBeCancelled() {
        Task<Void> left = leftIn(Queue.fifo(0));
        IllegalStateException failure = assertThrows(IllegalStateException.class, left::cancel);
        assertTrue(failure.getMessage().startsWith("Event loop is closed: "), failure::getMessage);
        assertFalse(left.isDone());
        assertEquals(List.of("Task was destroyed but it is pending!"), events);
    }

    @Test
    void aTaskOfAClosedLoopThatWasCancelledIsNotInTheWay() {
        Queue<String> queue = Queue.fifo(0);
        Task<Void> left = leftIn(queue);
        assertThrows(IllegalStateException.class, left::cancel);
        queue.putNow("one");
        assertEquals("one", queue.getNow());
    }

    @Test
    void aTaskThatWasWokenBeforeItsLoopWasClosedTakesARequest() {
        Queue<String> queue = Queue.fifo(0);
        Task<Void> left;
        try (EventLoop loop = EventLoop.create()) {
            loop.setExceptionHandler((source, report) -> events.add(String.valueOf(report.get("message"))));
            left = loop.createTask(get(queue));
            loop.runUntilComplete(sleep(0));
            queue.putNow("one");
        }
        assertTrue(left.cancel());
        assertEquals(1, left.cancelling());
        assertEquals("one", queue.getNow());
    }

    @Test
    void aTaskOfAClosedLoopIsInTheWayOnce() {
        Queue<String> queue = Queue.fifo(0);
        Task<Void> left = leftIn(queue);
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> queue.putNow("one"));
        assertTrue(failure.getMessage().startsWith("Event loop is closed: "), failure::getMessage);
        queue.putNow("two");
        assertEquals(List.of("one", "two"), List.of(queue.getNow(), queue.getNow()));
        assertFalse(left.isDone());
    }
}
