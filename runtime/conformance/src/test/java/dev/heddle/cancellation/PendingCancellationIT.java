package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Between the call of {@code cancel} and the error in the coroutine, a task has a pending cancellation. */
class PendingCancellationIT {

    private final List<String> events = new ArrayList<>();

    @Async
    private Coroutine<Void> waiting(Awaitable<?> awaitable) {
        Task<?> self = Objects.requireNonNull(currentTask());
        try {
            await(awaitable);
        } catch (CancelledError cancelled) {
            events.add("cancelled, pending " + self.hasPendingCancellation());
        }
        return Coroutine.done();
    }

    /** Everything for which a task can wait, but for other tasks. */
    private static Map<String, AsyncSupplier<Object>> waits() {
        Map<String, AsyncSupplier<Object>> waits = new TreeMap<>();
        waits.put("sleep", () -> Coroutine.of(sleep(1)));
        waits.put("yield", () -> Coroutine.of(sleep(0)));
        waits.put("future", () -> Coroutine.of(getRunningLoop().createFuture()));
        waits.put("event", () -> Coroutine.of(new Event().waitSet()));
        waits.put("queue", () -> Coroutine.of(Queue.fifo(0).get()));
        waits.put("shield", () -> Coroutine.of(shield(sleep(0.01))));
        waits.put("lock", () -> {
            Lock lock = new Lock();
            await(lock.acquire());
            return Coroutine.of(lock.acquire());
        });
        return waits;
    }

    @Test
    void pendingFromTheRequestToTheError() {
        for (Map.Entry<String, AsyncSupplier<Object>> each : waits().entrySet()) {
            for (int turns = 0; turns < 2; turns++) {
                events.clear();
                int before = turns;
                run(() -> {
                    Task<Void> task = createTask(
                            waiting((Awaitable<?>) await(each.getValue().get())));
                    for (int i = 0; i < before; i++) {
                        await(sleep(0));
                    }
                    assertFalse(task.hasPendingCancellation(), each.getKey());
                    task.cancel();
                    assertTrue(task.hasPendingCancellation(), each.getKey() + " after " + before + " turns");
                    try {
                        await(task);
                    } catch (CancelledError neverBegan) {
                        events.add("never began");
                    }
                    assertFalse(task.hasPendingCancellation(), each.getKey());
                    return Coroutine.done();
                });
                String expected = turns == 0 ? "never began" : "cancelled, pending false";
                assertEquals(List.of(expected), events, each.getKey());
            }
        }
    }

    @Test
    void runningTaskHasItUntilItWaits() {
        run(() -> {
            Task<?> self = Objects.requireNonNull(currentTask());
            self.cancel();
            events.add("pending " + self.hasPendingCancellation());
            try {
                await(sleep(0));
            } catch (CancelledError cancelled) {
                events.add("pending " + self.hasPendingCancellation());
            }
            self.uncancel();
            self.cancel();
            self.uncancel();
            events.add("pending " + self.hasPendingCancellation());
            return Coroutine.done();
        });
        assertEquals(List.of("pending true", "pending false", "pending false"), events);
    }

    /** The awaited task may refuse, so that nothing is certain. */
    @Test
    void requestThatIsWithAnotherTaskIsNotPending() {
        run(() -> {
            Task<Void> inner = createTask(waiting(sleep(1)));
            Task<Void> outer = createTask(waiting(inner));
            await(sleep(0));
            await(sleep(0));
            outer.cancel();
            events.add("outer " + outer.hasPendingCancellation() + ", inner " + inner.hasPendingCancellation());
            await(outer);
            return Coroutine.done();
        });
        assertEquals(List.of("outer false, inner true", "cancelled, pending false"), events);
    }

    /** The future was cancelled by somebody else: that is no request to the task. */
    @Test
    void cancelledFutureIsNoRequest() {
        run(() -> {
            Future<Void> future = getRunningLoop().createFuture();
            Task<Void> task = createTask(waiting(future));
            await(sleep(0));
            future.cancel();
            events.add("pending " + task.hasPendingCancellation());
            await(task);
            return Coroutine.done();
        });
        assertEquals(List.of("pending false", "cancelled, pending false"), events);
    }
}
