package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.sync.QueueShutDownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules of a shared queue, on loops that are run by turns on one thread, so that every order is chosen. */
class SharedQueueIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final EventLoop other = EventLoop.virtualTime();
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
        other.close();
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        loop.runUntilComplete(body.get());
    }

    /** Runs what is ready on both loops, to where it has to wait. */
    private void settle() {
        for (int round = 0; round < 4; round++) {
            loop.runUntilIdle(Duration.ZERO);
            other.runUntilIdle(Duration.ZERO);
        }
    }

    @Async
    private Coroutine<Void> get(SharedQueue<String> queue, String name) {
        try {
            events.add(name + " got " + await(queue.get()));
        } catch (CancelledError cancelled) {
            events.add(name + " cancelled");
            throw cancelled;
        } catch (QueueShutDownException closed) {
            events.add(name + " told of the end");
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> put(SharedQueue<String> queue, String element) {
        try {
            await(queue.put(element));
            events.add("put " + element);
        } catch (CancelledError cancelled) {
            events.add("put of " + element + " cancelled");
            throw cancelled;
        } catch (QueueShutDownException closed) {
            events.add("put of " + element + " refused");
        }
        return Coroutine.done();
    }

    private void drain(SharedQueue<String> queue) {
        for (Optional<String> left = queue.tryGet(); left.isPresent(); left = queue.tryGet()) {
            events.add("left " + left.get());
        }
    }

    @Test
    void whatNeedNotWaitDoesNotSuspend() throws Exception {
        SharedQueue<String> queue = SharedQueue.bounded(2);
        run(() -> {
            Task<Void> another = createTask(Coroutine.done());
            await(queue.put("a"));
            await(queue.put("b"));
            assertEquals("<SharedQueue size=2/2>", queue.toString());
            assertEquals("a", await(queue.get()));
            assertEquals("b", await(queue.get()));
            assertFalse(another.isDone());
            await(another);
            return Coroutine.done();
        });
    }

    @Test
    void withoutWaiting() {
        SharedQueue<String> queue = SharedQueue.bounded(1);
        assertEquals(Optional.empty(), queue.tryGet());
        assertTrue(queue.tryPut("a"));
        assertFalse(queue.tryPut("b"));
        assertEquals(1, queue.size());
        assertEquals(Optional.of("a"), queue.tryGet());
        queue.close();
        assertTrue(queue.isClosed());
        QueueShutDownException put = assertThrows(QueueShutDownException.class, () -> queue.tryPut("c"));
        assertEquals(
                "queue is closed: <SharedQueue size=0/1 closed>; nothing can be put into it any more",
                put.getMessage());
        QueueShutDownException get = assertThrows(QueueShutDownException.class, queue::tryGet);
        assertEquals(
                "queue is closed and empty: <SharedQueue size=0/1 closed>; there is no more to get", get.getMessage());
    }

    @Test
    void aQueueHoldsAtLeastOne() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> SharedQueue.bounded(0));
        assertEquals("capacity < 1: 0; a shared queue holds what it hands over", refused.getMessage());
        assertThrows(
                NullPointerException.class,
                () -> SharedQueue.<String>unbounded().put(null));
        assertThrows(
                NullPointerException.class,
                () -> SharedQueue.<String>unbounded().tryPut(null));
    }

    @Test
    void whoWaitsFirstIsServedFirstOnAllLoops() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        loop.createTask(get(queue, "1"));
        loop.createTask(get(queue, "2"));
        settle();
        other.createTask(get(queue, "3"));
        settle();
        assertEquals("<SharedQueue size=0 getters=3>", queue.toString());
        queue.tryPut("a");
        queue.tryPut("b");
        settle();
        assertEquals(List.of("1 got a", "2 got b"), events);
        queue.tryPut("c");
        settle();
        assertEquals(List.of("1 got a", "2 got b", "3 got c"), events);
    }

    @Test
    void nobodyTakesWhatIsClaimed() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        loop.createTask(get(queue, "1"));
        settle();
        queue.tryPut("a");
        assertEquals(Optional.empty(), queue.tryGet(), "1 has waited longer");
        other.createTask(get(queue, "2"));
        other.runUntilIdle(Duration.ZERO);
        assertEquals(List.of(), events);
        settle();
        assertEquals(List.of("1 got a"), events);
        assertEquals("<SharedQueue size=0 getters=1>", queue.toString());
        queue.close();
        settle();
    }

    @Test
    void whoPutsWaitsForRoomInTurn() {
        SharedQueue<String> queue = SharedQueue.bounded(1);
        for (String element : List.of("a", "b", "c")) {
            loop.createTask(put(queue, element));
        }
        settle();
        assertEquals(List.of("put a"), events);
        assertEquals("<SharedQueue size=1/1 putters=2>", queue.toString());
        assertEquals(Optional.of("a"), queue.tryGet());
        assertFalse(queue.tryPut("x"), "the room is b's");
        settle();
        assertEquals(List.of("put a", "put b"), events);
        assertEquals(Optional.of("b"), queue.tryGet());
        settle();
        assertEquals(Optional.of("c"), queue.tryGet());
    }

    @Test
    void aGetThatIsCancelledWhileItWaitsIsSkipped() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        Task<Void> first = loop.createTask(get(queue, "1"));
        loop.createTask(get(queue, "2"));
        settle();
        first.cancel();
        queue.tryPut("a");
        settle();
        queue.tryPut("b");
        settle();
        assertEquals(List.of("1 cancelled", "2 got a"), events);
        drain(queue);
        assertEquals("left b", events.get(2));
    }

    /** The cancellation comes after the claim: before its message, and after it. */
    @Test
    void aGetThatIsCancelledHandsItsClaimOn() {
        for (boolean heard : List.of(false, true)) {
            events.clear();
            SharedQueue<String> queue = SharedQueue.unbounded();
            Task<Void> first = loop.createTask(get(queue, "1"));
            settle();
            other.createTask(get(queue, "2"));
            settle();
            queue.tryPut("a");
            if (heard) {
                loop.stop();
                loop.runForever(); // hears of it, and the task is to run in the next turn
            }
            first.cancel();
            settle();
            assertEquals(List.of("1 cancelled", "2 got a"), events);
        }
    }

    @Test
    void aGetThatIsCancelledLeavesTheElementInItsPlace() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        Task<Void> first = loop.createTask(get(queue, "1"));
        settle();
        queue.tryPut("a");
        queue.tryPut("b");
        first.cancel();
        settle();
        drain(queue);
        assertEquals(List.of("1 cancelled", "left a", "left b"), events);
    }

    @Test
    void aPutThatIsCancelledPutsNothingAndHandsTheRoomOn() {
        for (boolean granted : List.of(false, true)) {
            events.clear();
            SharedQueue<String> queue = SharedQueue.bounded(1);
            queue.tryPut("a");
            Task<Void> first = loop.createTask(put(queue, "b"));
            settle();
            other.createTask(put(queue, "c"));
            settle();
            if (granted) {
                assertEquals(Optional.of("a"), queue.tryGet());
            }
            first.cancel();
            settle();
            drain(queue);
            settle();
            drain(queue);
            assertEquals(
                    granted
                            ? List.of("put of b cancelled", "put c", "left c")
                            : List.of("put of b cancelled", "left a", "put c", "left c"),
                    events);
        }
    }

    @Test
    void aTimeOutTakesNothing() throws Exception {
        SharedQueue<String> queue = SharedQueue.unbounded();
        run(() -> {
            try {
                await(waitFor(queue.get(), Duration.ofSeconds(1)));
                events.add("got");
            } catch (TimeoutException late) {
                events.add("timed out");
            }
            await(queue.put("a"));
            assertEquals("a", await(waitFor(queue.get(), Duration.ofSeconds(1))));
            return Coroutine.done();
        });
        assertEquals(List.of("timed out"), events);
    }

    @Test
    void aClosedQueueIsDrained() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        queue.tryPut("a");
        queue.close();
        for (String name : List.of("1", "2")) {
            loop.createTask(get(queue, name));
        }
        loop.createTask(put(queue, "b"));
        settle();
        assertEquals(List.of("1 got a", "2 told of the end", "put of b refused"), events);
    }

    @Test
    void closingTellsThoseWhoWait() {
        SharedQueue<String> gets = SharedQueue.unbounded();
        SharedQueue<String> puts = SharedQueue.bounded(1);
        puts.tryPut("x");
        loop.createTask(get(gets, "1"));
        other.createTask(get(gets, "2"));
        loop.createTask(put(puts, "a"));
        settle();
        gets.close();
        puts.close();
        settle();
        assertEquals(List.of("1 told of the end", "put of a refused", "2 told of the end"), events);
        drainToTheEnd(puts);
        assertEquals("left x", events.get(3));
    }

    private void drainToTheEnd(SharedQueue<String> queue) {
        assertThrows(QueueShutDownException.class, () -> drain(queue));
    }

    @Test
    void aPutWithAClaimIsRefusedWhenTheQueueIsClosedMeanwhile() {
        SharedQueue<String> queue = SharedQueue.bounded(1);
        queue.tryPut("a");
        loop.createTask(put(queue, "b"));
        settle();
        queue.tryGet();
        queue.close();
        settle();
        drainToTheEnd(queue);
        assertEquals(List.of("put of b refused"), events);
    }

    /** A waiter learns that the queue has ended only when that is certain, because a claim may be given back. */
    @Test
    void whoWaitsAtAClosedQueueGetsWhatIsGivenBack() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        Task<Void> first = loop.createTask(get(queue, "1"));
        settle();
        for (String name : List.of("2", "3")) {
            other.createTask(get(queue, name));
        }
        settle();
        queue.tryPut("a");
        queue.close();
        other.runUntilIdle(Duration.ZERO);
        assertEquals(List.of(), events);
        first.cancel();
        settle();
        assertEquals(List.of("1 cancelled", "2 got a", "3 told of the end"), events);
    }

    @Test
    void theClaimOfALoopThatIsClosedIsFree() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        EventLoop dying = EventLoop.virtualTime();
        dying.setExceptionHandler((source, report) -> events.add((String) report.get("message")));
        dying.createTask(get(queue, "1"));
        dying.createTask(get(queue, "2"));
        dying.runUntilIdle(Duration.ZERO);
        loop.createTask(get(queue, "3"));
        settle();
        queue.tryPut("a");
        dying.close();
        queue.tryPut("b"); // for 2, who cannot hear of it
        settle();
        drain(queue);
        settle();
        drain(queue);
        String destroyed = "Task was destroyed but it is pending!";
        assertEquals(List.of(destroyed, destroyed, "3 got a", "left b"), events);
    }

    /** A burst for one loop is one message. */
    @Test
    void whoeverComesWhileAMessageIsOnItsWayIsInIt() {
        SharedQueue<String> queue = SharedQueue.unbounded();
        for (int i = 0; i < 3; i++) {
            loop.createTask(get(queue, "" + i));
        }
        settle();
        for (String element : List.of("a", "b", "c")) {
            queue.tryPut(element);
        }
        loop.stop();
        loop.runForever();
        assertEquals(List.of(), events);
        loop.stop();
        loop.runForever();
        assertEquals(List.of("0 got a", "1 got b", "2 got c"), events);
    }

    @Test
    void oneCoroutineGetsAgainAndAgain() throws Exception {
        SharedQueue<String> queue = SharedQueue.unbounded();
        Coroutine<String> get = queue.get();
        queue.tryPut("a");
        queue.tryPut("b");
        run(() -> {
            assertEquals("a", await(get));
            assertEquals("b", await(get));
            Task<Void> putter = createTask(put(queue, "c"));
            assertEquals("c", await(get));
            await(putter);
            return Coroutine.done();
        });
    }
}
