package dev.heddle;

import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.setEventLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asyncio.run, its end, and interrupts. */
@Timeout(20)
class RunTest {

    private final List<Object> events = new ArrayList<>();

    @Test
    void givesTheResultAndClosesTheLoop() {
        EventLoop loop = run(Script.<EventLoop>script(x -> sleep(0)).then(x -> getRunningLoop()));
        assertTrue(loop.isClosed());
        IOException failure = new IOException("gone");
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> run(script(x -> {
                            throw failure;
                        }))));
    }

    @Test
    void cancelsWhatStillRunsAndReportsItsFailures() {
        IOException failure = new IOException("while cleaning up");
        run(script(x -> {
            getRunningLoop().setExceptionHandler((loop, context) -> {
                events.add(context.get("message"));
                events.add(context.get("exception"));
            });
            createTask(script(y -> sleep(1000)).handle(cancelled -> events.add("cleaned up")));
            createTask(script(y -> sleep(1000)).handle(cancelled -> {
                throw failure;
            }));
            createTask(script(y -> sleep(1000)));
            return sleep(0);
        }));
        assertEquals(List.of("cleaned up", "unhandled exception during run() shutdown", failure), events);
    }

    @Test
    void reportsAFailureNobodyLookedAtOnce() {
        run(script(x -> {
            getRunningLoop().setExceptionHandler((loop, context) -> events.add(context.get("message")));
            Task<?> looked = createTask(script(y -> {
                throw new IOException("looked at later");
            }));
            createTask(script(y -> {
                throw new IOException("dropped");
            }));
            return script(y -> sleep(0.001)).then(y -> looked).handle(failure -> events.add("looked"));
        }));
        assertEquals(List.of("looked", "Task exception was never retrieved"), events);
    }

    @Test
    void cannotRunInsideARunningLoop() {
        Coroutine<Object> inner = script();
        String message = run(Script.<String>script(x -> run(inner)).handle(failure -> {
            assertEquals(List.of(), List.of(failure.getSuppressed()));
            return failure.getMessage();
        }));
        assertEquals(
                "Asyncio.run() cannot be called from a running event loop; await the coroutine,"
                        + " or make a task of it with createTask",
                message);
        assertFalse(inner.discard(), "given up before");
    }

    @Test
    void waitsForTheCallsInTheDefaultExecutor() {
        AtomicBoolean ended = new AtomicBoolean();
        run(script(x -> {
            getRunningLoop().runInExecutor(null, () -> ended.getAndSet(true));
            return "not awaited";
        }));
        assertTrue(ended.get());
    }

    @Test
    void unwovenAwaitNamesTheCallerAndTheRemedy() {
        int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> Asyncio.await(sleep(1)));
        assertTrue(
                failure.getMessage()
                        .matches(
                                "dev\\.heddle\\.RunTest\\.lambda\\$.*\\(RunTest\\.java:" + line
                                        + "\\): await in a class that was not woven; start the JVM with"
                                        + " -javaagent:heddle-agent\\.jar, which says on standard error what it cannot weave, or let heddle-maven-plugin weave the class in the build"),
                failure.getMessage());
    }

    @Test
    void threadHasALoopOfItsOwn() {
        setEventLoop(null);
        EventLoop made = getEventLoop();
        assertSame(made, getEventLoop());
        assertSame(getRunningLoopIn(made), made);
        EventLoop set = Asyncio.newEventLoop();
        setEventLoop(set);
        assertSame(set, getEventLoop());
        setEventLoop(null);
        assertNotSame(set, getEventLoop());
        getEventLoop().close();
        setEventLoop(null);
        made.close();
        set.close();
        assertThrows(IllegalStateException.class, Asyncio::getRunningLoop);
    }

    private static EventLoop getRunningLoopIn(EventLoop loop) {
        return loop.runUntilComplete(Script.<EventLoop>script(x -> getRunningLoop()));
    }

    // Interrupts. The thread interrupts itself, so the loop finds the flag after that step or when it has nothing to
    // do.

    @Test
    void interruptCancelsTheMainTask() {
        InterruptError error = assertThrows(
                InterruptError.class,
                () -> run(script(x -> {
                            Thread.currentThread().interrupt();
                            return sleep(1000);
                        })
                        .handle(cancelled -> {
                            events.add(cancelled.getClass());
                            throw cancelled;
                        })));
        assertTrue(error.getMessage().endsWith("was interrupted"));
        assertTrue(Thread.interrupted(), "the flag is set");
        assertEquals(List.of(CancelledError.class), events);
    }

    @Test
    void mainTaskMaySwallowTheInterrupt() {
        Object result = run(script(x -> {
                    Thread.currentThread().interrupt();
                    return sleep(1000);
                })
                .handle(cancelled -> "swallowed"));
        assertEquals("swallowed", result);
        assertFalse(Thread.interrupted());
    }

    @Test
    void secondInterruptLeavesAtOnce() {
        InterruptError error = assertThrows(
                InterruptError.class,
                () -> run(script(x -> {
                            Thread.currentThread().interrupt();
                            return sleep(1000);
                        })
                        .handle(cancelled -> {
                            Thread.currentThread().interrupt();
                            return sleep(1000);
                        })));
        assertTrue(error.getMessage().endsWith("was interrupted again"), error.getMessage());
        assertTrue(Thread.interrupted());
    }

    /** Schedules itself again and again. */
    private final class Restless implements Runnable {

        int calls;

        @Override
        public void run() {
            calls++;
            getRunningLoop().callSoon(this);
        }
    }

    @Test
    void interruptCancelsTheMainTaskOfALoopThatNeverWaits() {
        Restless restless = new Restless();
        assertThrows(
                InterruptError.class,
                () -> run(script(x -> {
                    getRunningLoop().callSoon(restless);
                    Thread.currentThread().interrupt();
                    return sleep(1000);
                })));
        assertTrue(Thread.interrupted(), "the flag is set");
        assertTrue(restless.calls < 300, () -> "callbacks: " + restless.calls);
    }

    @Test
    void interruptLeavesALoopThatNeverWaits() {
        Restless restless = new Restless();
        try (EventLoop loop = EventLoop.create()) {
            loop.callSoon(restless);
            loop.callSoon(restless);
            loop.callSoon(Thread.currentThread()::interrupt);
            assertThrows(InterruptError.class, loop::runForever);
            assertTrue(Thread.interrupted(), "the flag is set");
            int calls = restless.calls;
            assertTrue(calls < 600, () -> "callbacks: " + calls);
            loop.callSoon(loop::stop);
            loop.runForever();
            assertEquals(calls + 2, restless.calls, "what is scheduled runs on");
        }
    }

    @Test
    void interruptLeavesAPlainLoop() throws InterruptedException {
        try (EventLoop loop = EventLoop.create()) {
            Thread runner = Thread.currentThread();
            Thread other = new Thread(runner::interrupt);
            loop.callSoon(other::start);
            InterruptError error = assertThrows(InterruptError.class, loop::runForever);
            assertEquals(
                    "the thread that runs " + loop.toString().replace("idle", "running") + " was interrupted",
                    error.getMessage());
            assertTrue(Thread.interrupted());
            other.join();
            loop.callSoon(loop::stop);
            loop.runForever();
        }
    }
}
