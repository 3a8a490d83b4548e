package dev.heddle.loop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.setEventLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects other than coroutines that can be run, in each of the two ways to run something. */
class RunningAnythingIT {

    @AfterEach
    void noLoopIsLeft() {
        setEventLoop(null);
    }

    @Async
    private static Coroutine<Integer> later(int value) {
        await(sleep(0));
        return Coroutine.of(value);
    }

    @Async
    private static Coroutine<Integer> failing() throws IOException {
        await(sleep(0));
        throw new IOException("failing");
    }

    @Test
    void gatheredBefore() {
        assertEquals(List.of(1, 2), run(gather(later(1), later(2))));
        assertEquals(List.of(3), run(gather(later(3))), "in another loop");
        EventLoop loop = getEventLoop();
        assertEquals(List.of(4), loop.runUntilComplete(gather(later(4))));
        assertFalse(loop.isClosed());
        loop.close();
    }

    @Test
    void aSleep() {
        assertEquals("slept", run(sleep(0, "slept")));
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals("slept", loop.runUntilComplete(sleep(5, "slept")));
            assertEquals(5, loop.time());
        }
    }

    @Test
    void aLambda() {
        assertEquals(7, run(() -> Coroutine.of(await(later(7)))));
        assertEquals(7, run(() -> later(7)), "which awaits nothing");
        assertEquals(7, run(RunningAnythingIT::seven));
        assertEquals(7, run(() -> Coroutine.of(await(createTask(later(7))))), "code that needs the loop");
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals(7, loop.runUntilComplete(() -> Coroutine.of(await(later(7)))));
            assertEquals(7, loop.runUntilComplete(RunningAnythingIT::seven));
            assertSame(loop, loop.runUntilComplete(() -> Coroutine.of(getRunningLoop())));
        }
    }

    private static Coroutine<Integer> seven() {
        return later(7);
    }

    @Test
    void failuresComeAsTheyAre() {
        assertEquals(
                "failing",
                assertThrows(IOException.class, () -> run(gather(failing()))).getMessage());
        AsyncSupplier<Integer> broken = () -> {
            throw new IOException("before there is a coroutine");
        };
        assertEquals(
                "before there is a coroutine",
                assertThrows(IOException.class, () -> run(broken)).getMessage());
    }

    /** The loop of a future ends with the run, as one that was made for it. */
    @Test
    void theLoopOfAFutureIsClosed() {
        Awaitable<Integer> done = getEventLoop().createTask(later(1));
        EventLoop first = getEventLoop();
        assertEquals(1, run(done));
        assertTrue(first.isClosed());
        assertNotSame(first, getEventLoop());
        getEventLoop().close();
        assertEquals(
                "Event loop is closed: " + first,
                assertThrows(IllegalStateException.class, () -> run(done)).getMessage());
    }

    @Test
    void nothingRunsInsideALoop() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Future<Integer> future = loop.createFuture();
            String message = "Asyncio.run() cannot be called from a running event loop;"
                    + " await the coroutine, or make a task of it with createTask";
            loop.runUntilComplete(() -> {
                await(sleep(1));
                assertEquals(
                        message,
                        assertThrows(IllegalStateException.class, () -> run(future))
                                .getMessage());
                assertEquals(
                        message,
                        assertThrows(IllegalStateException.class, () -> run(sleep(1)))
                                .getMessage());
                assertEquals(
                        message,
                        assertThrows(IllegalStateException.class, () -> run(() -> later(1)))
                                .getMessage());
                return Coroutine.done();
            });
            assertFalse(loop.isClosed());
        }
    }
}
