package dev.heddle;

import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.setEventLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runs on one loop, and their end. */
@Timeout(20)
class RunnerTest {

    private final List<Object> events = new ArrayList<>();

    @Test
    void runsOnOneLoopAndClosesIt() {
        EventLoop loop;
        try (Runner runner = new Runner()) {
            loop = runner.run(Script.<EventLoop>script(x -> sleep(0)).then(x -> getRunningLoop()));
            assertSame(loop, runner.loop());
            assertSame(loop, runner.run(Script.<EventLoop>script(x -> getRunningLoop())));
            assertFalse(loop.isClosed());
        }
        assertTrue(loop.isClosed());
    }

    @Test
    void refusesEverythingWhenItIsClosed() {
        Runner runner = new Runner();
        runner.close();
        runner.close();
        Coroutine<Object> coroutine = script();
        for (Runnable use : List.<Runnable>of(runner::loop, () -> runner.run(coroutine))) {
            assertEquals(
                    "Runner is closed",
                    assertThrows(IllegalStateException.class, use::run).getMessage());
        }
        assertFalse(coroutine.discard(), "given up before");
    }

    @Test
    void factoryThatMakesNoLoopIsRefused() {
        try (Runner runner = new Runner(() -> null)) {
            NullPointerException refusal = assertThrows(NullPointerException.class, runner::loop);
            assertEquals("the loop that loopFactory makes", refusal.getMessage());
        }
    }

    @Test
    void tasksThatAreLeftGoOnInTheNextRun() {
        try (Runner runner = new Runner(EventLoop::virtualTime)) {
            runner.run(script(x -> {
                createTask(script(y -> sleep(5))
                        .then(y -> events.add("ends at " + getRunningLoop().time())));
                return sleep(1);
            }));
            assertEquals(List.of(), events);
            runner.run(script(x -> sleep(9)));
        }
        assertEquals(List.of("ends at 5.0"), events);
    }

    @Test
    void closeCancelsWhatIsLeftOnceAndReportsWhatFailsThen() {
        IllegalArgumentException failure = new IllegalArgumentException("while cleaning up");
        try (Runner runner = new Runner(EventLoop::virtualTime)) {
            runner.loop().setExceptionHandler((loop, context) -> {
                events.add(context.get("message"));
                events.add(context.get("exception"));
            });
            runner.run(script(x -> {
                createTask(script(y -> sleep(1000)).handle(cancelled -> {
                    createTask(script(z -> sleep(1000)).handle(never -> events.add("cancelled too")));
                    throw failure;
                }));
                return sleep(0);
            }));
            assertEquals(List.of(), events);
        }
        assertEquals(
                Arrays.asList(
                        "unhandled exception during run() shutdown",
                        failure,
                        "Task was destroyed but it is pending!",
                        null),
                events);
    }

    @Test
    void makesItsLoopWhenItIsFirstNeeded() {
        try (Runner runner = new Runner(() -> {
                    events.add("made");
                    return EventLoop.virtualTime();
                })
                .debug(true)) {
            assertEquals(List.of(), events);
            assertTrue(runner.loop().getDebug());
            runner.run(script(x -> sleep(1000)));
            assertEquals(List.of("made"), events);
            assertEquals(
                    "a Runner is set up before its first use",
                    assertThrows(IllegalStateException.class, () -> runner.debug(false))
                            .getMessage());
            assertThrows(IllegalStateException.class, () -> runner.shutdownLimit(Duration.ZERO));
        }
    }

    @Test
    void runsShareAContextUnlessAnotherIsGiven() {
        ContextVar<Integer> variable = new ContextVar<>("variable", 0);
        Script.Step count = x -> {
            variable.set(variable.get() + 1);
            return variable.get();
        };
        Context other = new Context();
        try (Runner runner = new Runner()) {
            assertEquals(1, runner.<Integer>run(script(count)).intValue());
            assertEquals(2, runner.<Integer>run(script(count)).intValue());
            assertEquals(1, runner.<Integer>run(script(count), other).intValue());
            assertEquals(3, runner.<Integer>run(script(count)).intValue());
        }
        assertEquals(1, other.get(variable));
        assertEquals(0, variable.get());
    }

    @Test
    void loopIsThatOfTheThreadUntilTheRunnerIsClosed() {
        try (EventLoop before = EventLoop.create()) {
            setEventLoop(before);
            try (Runner runner = new Runner()) {
                assertSame(before, getEventLoop());
                assertSame(runner.loop(), getEventLoop());
            }
            assertSame(before, getEventLoop());
        } finally {
            setEventLoop(null);
        }
    }

    @Test
    void canNeitherRunNorBeClosedInARunningLoop() {
        try (Runner runner = new Runner()) {
            Coroutine<Object> inner = script();
            String refused =
                    runner.run(Script.<String>script(x -> runner.run(inner)).handle(Throwable::getMessage));
            assertEquals(
                    "Runner.run() cannot be called from a running event loop; await the coroutine,"
                            + " or make a task of it with createTask",
                    refused);
            assertFalse(inner.discard(), "given up before");
            String notClosed = runner.run(Script.<String>script(x -> {
                        runner.close();
                        return "closed";
                    })
                    .handle(Throwable::getMessage));
            assertEquals(
                    "Runner.close() cannot be called from a running event loop: "
                            + runner.loop().toString().replace("idle", "running"),
                    notClosed);
            assertEquals("runs on", runner.run(Script.<String>script(x -> "runs on")));
        }
    }

    @Test
    void interruptOfOneRunIsNoneOfTheNext() {
        try (Runner runner = new Runner()) {
            for (int i = 0; i < 2; i++) {
                InterruptError error = assertThrows(
                        InterruptError.class,
                        () -> runner.run(script(x -> {
                            Thread.currentThread().interrupt();
                            return sleep(1000);
                        })));
                assertTrue(error.getMessage().endsWith("was interrupted"), error.getMessage());
                assertTrue(Thread.interrupted(), "the flag is set");
            }
        }
    }

    @Test
    void closeWaitsForCleanUpAlthoughTheFlagIsSet() {
        Runner runner = new Runner();
        runner.run(script(x -> {
            createTask(
                    script(y -> sleep(1000)).handle(cancelled -> sleep(0.001)).then(y -> events.add("cleaned up")));
            return sleep(0);
        }));
        Thread.currentThread().interrupt();
        runner.close();
        assertTrue(Thread.interrupted(), "the flag is set");
        assertEquals(List.of("cleaned up"), events);
    }

    // The hook. That it does its work is tested in JVMs that end.

    @Test
    void hookIsThereFromTheFirstUseToTheEnd() {
        Runner runner = new Runner();
        runner.loop();
        Thread hook = runner.hook.hook;
        assertThrows(IllegalArgumentException.class, () -> Runtime.getRuntime().addShutdownHook(hook), "is there");
        runner.close();
        assertFalse(Runtime.getRuntime().removeShutdownHook(hook), "is gone");
    }

    @Test
    void limitIsANumber() {
        System.setProperty(ShutdownHook.LIMIT_PROPERTY, "soon");
        try (Runner runner = new Runner()) {
            assertEquals(
                    "the system property heddle.shutdown.seconds is a number of seconds, not: soon",
                    assertThrows(IllegalArgumentException.class, runner::loop).getMessage());
            System.clearProperty(ShutdownHook.LIMIT_PROPERTY);
            assertFalse(runner.loop().isClosed());
        } finally {
            System.clearProperty(ShutdownHook.LIMIT_PROPERTY);
        }
    }
}
