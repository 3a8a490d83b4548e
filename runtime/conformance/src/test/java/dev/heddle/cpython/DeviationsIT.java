package dev.heddle.cpython;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The deliberate deviations from asyncio that no other test covers. */
class DeviationsIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final EventLoop other = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
        other.close();
    }

    @Async
    private static Coroutine<Void> catchingExceptions(List<String> events) {
        try {
            await(sleep(10));
        } catch (Exception exception) {
            events.add("caught");
        } finally {
            events.add("finally");
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> cancelling(List<String> events) {
        Task<Void> task = createTask(catchingExceptions(events));
        await(sleep(1));
        task.cancel();
        try {
            await(task);
        } catch (CancelledError cancelled) {
            events.add("cancelled");
        }
        return Coroutine.done();
    }

    @Test
    void cancellationIsNoException() {
        List<String> events = new ArrayList<>();
        loop.runUntilComplete(cancelling(events));
        assertEquals(List.of("finally", "cancelled"), events);
    }

    @Async
    private static Coroutine<Void> failing(Error error) {
        throw error;
    }

    @Test
    void errorOfTheVirtualMachineLeavesAGroupByItself() {
        InternalError error = new InternalError("test");
        Task<Void> ofTheBody = loop.createTask(taskGroup(group -> failing(error)));
        assertSame(error, assertThrows(InternalError.class, () -> loop.runUntilComplete(ofTheBody)));
        assertSame(error, ofTheBody.exception());
        Task<Void> ofATask = loop.createTask(taskGroup(group -> {
            group.createTask(failing(error));
            await(sleep(10));
            return Coroutine.done();
        }));
        assertSame(error, assertThrows(InternalError.class, () -> loop.runUntilComplete(ofATask)));
        assertFalse(ofATask.isDone(), "the task left the loop");
        assertSame(error, assertThrows(InternalError.class, () -> loop.runUntilComplete(ofATask)));
        assertSame(error, ofATask.exception());
        assertEquals(0, loop.time());
    }

    @Test
    void stackOverflowAndLackOfMemoryAreFailuresLikeOthers() {
        for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError("test"))) {
            ExceptionGroup group =
                    assertThrows(ExceptionGroup.class, () -> loop.runUntilComplete(taskGroup(body -> failing(error))));
            assertEquals(List.of(error), group.exceptions());
        }
    }

    @Async
    private static <T> Coroutine<T> calling(AsyncFunction<Future<Integer>, T> operation, Future<Integer> future)
            throws Exception {
        return Coroutine.of(await(operation.apply(future)));
    }

    /** That {@code operation} does not wait for a future of another loop, which would be in vain. */
    private <T> void assertRefused(String name, AsyncFunction<Future<Integer>, T> operation) {
        Future<Integer> foreign = other.createFuture();
        Throwable refusal =
                assertThrows(RuntimeException.class, () -> loop.runUntilComplete(calling(operation, foreign)), name);
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(" a different loop"), name + ": " + message);
        assertTrue(message.contains(" of <EventLoop"), name + ": " + message);
        assertTrue(message.contains(other.toString()), name + ": " + message);
        assertFalse(foreign.isDone(), name);
    }

    @Test
    void futureOfAnotherLoopIsRefusedWithoutDebugModeToo() {
        assertFalse(loop.getDebug());
        assertRefused("await", foreign -> Coroutine.of(await(foreign)));
        assertRefused(
                "gather",
                foreign -> Coroutine.of(await(gather(foreign, getRunningLoop().createFuture()))));
        assertRefused("shield", foreign -> Coroutine.of(await(shield(foreign))));
        assertRefused("wait", foreign -> Asyncio.wait(List.of(foreign)));
        assertRefused("waitFor", foreign -> waitFor(foreign, Duration.ofSeconds(1)));
        assertRefused(
                "asCompleted",
                foreign -> asCompleted(List.of(foreign)).iterator().next());
    }

    @Test
    void doneFutureOfAnotherLoopGivesItsResultAsInAsyncio() throws Exception {
        Future<Integer> foreign = other.createFuture();
        foreign.setResult(1);
        Integer result = loop.runUntilComplete(calling(future -> Coroutine.of(await(future)), foreign));
        assertEquals(1, result);
    }
}
