package dev.heddle.testkit;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.Asyncio.wrapFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop for tests: its time, and the mistakes that it finds. */
@Timeout(30)
class LoopForTestsIT {

    private static final Duration SHORT = Duration.ofMillis(50);

    /** Long enough for the loop to run until it has to wait, even on a machine with much to do. */
    private static final Duration ENOUGH_TO_BEGIN = Duration.ofMillis(400);

    private final EventRecorder events = new EventRecorder();

    @Async
    private Coroutine<Void> ticking() {
        for (int i = 1; i <= 3; i++) {
            await(sleep(1));
            events.at("tick " + i);
        }
        return Coroutine.done();
    }

    @Test
    void runGivesTheResultInVirtualTime() {
        try (TestLoop test = new TestLoop()) {
            assertEquals("result", test.run(() -> await(sleepOneDay())));
            assertEquals(86_400, test.time());
            assertSame(test.loop(), getEventLoop());
        }
    }

    @Async
    private static Coroutine<Coroutine<String>> sleepOneDay() {
        await(sleep(Duration.ofDays(1)));
        return Coroutine.of(Coroutine.of("result"));
    }

    /** Without an await a body is no coroutine, but runs in the loop all the same. */
    @Test
    void bodyWithoutAwaitRunsInTheLoop() {
        try (TestLoop test = new TestLoop()) {
            assertSame(test.loop(), test.run(() -> Coroutine.of(getRunningLoop())));
        }
    }

    @Test
    void timeIsMovedByTheTest() {
        try (TestLoop test = new TestLoop()) {
            Task<Void> task = test.loop().createTask(ticking());
            test.runReady();
            test.advance(Duration.ofMillis(1999));
            events.assertEvents("tick 1@1");
            assertEquals(1.999, test.time());
            test.advance(Duration.ofMillis(1));
            events.assertEvents("tick 1@1", "tick 2@2");
            test.runUntilIdle();
            events.assertEvents("tick 1@1", "tick 2@2", "tick 3@3");
            assertTrue(task.isDone());
            assertEquals(3, test.time());
        }
    }

    @Test
    void untilIdleWaitsForThreads() {
        try (TestLoop test = new TestLoop()) {
            CountDownLatch gate = new CountDownLatch(1);
            Task<String> task = test.loop().createTask(inThread(gate));
            test.runReady();
            assertFalse(task.isDone());
            gate.countDown();
            test.runUntilIdle();
            assertEquals("passed", task.result());
        }
    }

    @Async
    private static Coroutine<String> inThread(CountDownLatch gate) {
        return Coroutine.of(await(toThread(() -> {
            gate.await();
            return "passed";
        })));
    }

    // What is found

    @Async
    private Coroutine<Void> waiting() {
        try {
            await(sleep(1000));
        } finally {
            events.add("cancelled");
        }
        return Coroutine.done();
    }

    @Test
    void tasksThatAreLeftAreShownAndCancelled() {
        TestLoop test = new TestLoop();
        test.run(() -> {
            createTask(waiting(), "left");
            await(sleep(1));
            return Coroutine.done();
        });
        String message = assertThrows(AssertionError.class, test::close).getMessage();
        assertTrue(message.startsWith("tasks are left:\nStack of <Task pending name='left'"), message);
        assertTrue(message.contains("\tat dev.heddle.testkit.LoopForTestsIT.waiting(LoopForTestsIT.java:"), message);
        events.assertEvents("cancelled");
        assertTrue(test.loop().isClosed());
        test.close();
    }

    @Test
    void cancelledTaskIsNotLeft() {
        try (TestLoop test = new TestLoop()) {
            test.run(() -> {
                Task<Void> task = createTask(waiting());
                await(sleep(1));
                task.cancel();
                return Coroutine.done();
            });
        }
        events.assertEvents("cancelled");
    }

    @Async
    private static Coroutine<Void> failing() {
        throw new IllegalArgumentException("lost");
    }

    @Test
    void failureNobodyCaught() {
        TestLoop test = new TestLoop();
        test.run(() -> {
            createTask(failing());
            getRunningLoop().callSoon(() -> {
                throw new IllegalStateException("in a callback");
            });
            await(sleep(0));
            return Coroutine.done();
        });
        AssertionError error = assertThrows(AssertionError.class, test::close);
        String[] lines = error.getMessage().split("\n");
        assertTrue(lines[0].startsWith("nobody caught: Exception in callback "), lines[0]);
        assertTrue(lines[0].endsWith(": java.lang.IllegalStateException: in a callback"), lines[0]);
        assertEquals(
                "nobody caught: Task exception was never retrieved: java.lang.IllegalArgumentException: lost",
                lines[1]);
        assertEquals(2, lines.length);
        assertEquals("in a callback", error.getSuppressed()[0].getMessage());
        assertEquals("lost", error.getSuppressed()[1].getMessage());
    }

    @Test
    void failureThatIsLookedAtBeforeTheEndOfTheTestIsCaught() {
        try (TestLoop test = new TestLoop()) {
            test.run(() -> {
                Task<Void> early = createTask(failing());
                await(sleep(3600));
                System.gc();
                assertThrows(IllegalArgumentException.class, () -> early.result());
                return Coroutine.done();
            });
        }
    }

    @Test
    void failedTestMayLeaveTasks() {
        assertEquals(
                "own",
                assertThrows(IllegalArgumentException.class, () -> {
                            try (TestLoop test = new TestLoop()) {
                                test.run(() -> {
                                    createTask(waiting());
                                    await(sleep(1));
                                    throw new IllegalArgumentException("own");
                                });
                            }
                        })
                        .getMessage());
        events.assertEvents("cancelled");
    }

    // The limit

    @Test
    void testThatWaitsForeverShowsItsTasks() {
        CompletableFuture<Void> never = new CompletableFuture<>();
        try (TestLoop test = new TestLoop().timeLimit(ENOUGH_TO_BEGIN)) {
            String message = assertThrows(
                            AssertionError.class,
                            () -> test.run(() -> {
                                createTask(waiting(), "second");
                                await(never);
                                return Coroutine.done();
                            }))
                    .getMessage();
            String start = "the loop has run longer than 0.4 s; virtual time stands at 0.0 s:"
                    + " one CompletionStage is outstanding; its tasks:\nStack of <Task";
            assertTrue(message.startsWith(start), message);
            assertTrue(message.contains("name='second'"), message);
            assertTrue(
                    message.contains("\tat dev.heddle.testkit.LoopForTestsIT.waiting(LoopForTestsIT.java:"), message);
        }
        events.assertEvents("cancelled");
    }

    @Test
    void testThatNeverWaitsIsStopped() {
        try (TestLoop test = new TestLoop().timeLimit(SHORT)) {
            String message = assertThrows(
                            AssertionError.class,
                            () -> test.run(() -> {
                                while (true) {
                                    await(sleep(0));
                                }
                            }))
                    .getMessage();
            assertTrue(
                    message.contains("; virtual time stands at 0.0 s: something was ready in every turn; its tasks:\n"),
                    message);
        }
    }

    @Test
    void testThatWaitsForACallSaysSo() {
        CountDownLatch gate = new CountDownLatch(1);
        try (TestLoop test = new TestLoop().timeLimit(ENOUGH_TO_BEGIN)) {
            String message = assertThrows(AssertionError.class, () -> test.run(() -> inThread(gate)))
                    .getMessage();
            assertTrue(
                    message.contains("; virtual time stands at 0.0 s: one call in an executor is outstanding; its"),
                    message);
            gate.countDown();
        }
    }

    /** Closing waits for calls in executors, but not as long as the test might have run. */
    @SuppressWarnings("heddle") // blocks on purpose
    @Test
    void aFailedTestDoesNotWaitForItsCallsUpToItsLimit() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        TestLoop test = new TestLoop().timeLimit(Duration.ofDays(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> test.run(() -> {
                    ensureFuture(toThread(() -> {
                        begun.countDown();
                        gate.await();
                        return "passed";
                    }));
                    await(sleep(0));
                    begun.await(); // a call that has not begun is dropped when its task is cancelled
                    throw new IllegalArgumentException("own");
                }));
        String message = assertThrows(AssertionError.class, test::close).getMessage();
        assertTrue(message.startsWith("the loop has run longer than 1.0 s; "), message);
        assertTrue(test.loop().isClosed());
        gate.countDown();
    }

    // Time

    /** Each call may answer sooner than time passes: what has passed before counts. */
    @Test
    void aLimitAroundCallsThatAnswerAtOnceIsReached() {
        try (TestLoop test = new TestLoop()) {
            assertThrows(
                    TimeoutException.class,
                    () -> test.run(() -> timeout(SHORT, limit -> {
                        while (true) {
                            await(toThread(() -> "an answer"));
                        }
                    })));
        }
    }

    @Test
    void aTestMayLetTimeJump() {
        try (TestLoop test = new TestLoop().jumpAfterIdle(Duration.ofMillis(1))) {
            assertThrows(
                    TimeoutException.class,
                    () -> test.run(() -> waitFor(wrapFuture(new CompletableFuture<>()), Duration.ofDays(1))));
            assertEquals(86_400, test.time());
        }
    }

    @SuppressWarnings("heddle") // blocks on purpose
    @Test
    void testThatBlocksTheLoopIsInterrupted() {
        CountDownLatch never = new CountDownLatch(1);
        try (TestLoop test = new TestLoop().timeLimit(SHORT)) {
            AssertionError error = assertThrows(
                    AssertionError.class,
                    () -> test.run(() -> {
                        await(sleep(0));
                        never.await();
                        return Coroutine.done();
                    }));
            String message = error.getMessage();
            assertTrue(message.contains("The thread of the loop is in the middle of a step:\n"), message);
            assertTrue(message.contains("dev.heddle.testkit.LoopForTestsIT.lambda$testThatBlocksTheLoop"), message);
            assertSame(InterruptedException.class, error.getCause().getClass());
            assertFalse(Thread.interrupted());
        }
    }

    @SuppressWarnings("heddle") // blocks on purpose
    @Test
    void theStackOfATestThatBlocksEndsAtItsStep() {
        CountDownLatch never = new CountDownLatch(1);
        try (TestLoop test = new TestLoop().timeLimit(SHORT)) {
            AssertionError error = assertThrows(
                    AssertionError.class,
                    () -> test.run(() -> {
                        getRunningLoop().setDebug(true);
                        await(sleep(0));
                        never.await();
                        return Coroutine.done();
                    }));
            String message = error.getMessage();
            assertTrue(message.contains("dev.heddle.Task.step("), message);
            assertFalse(message.contains("dev.heddle.internal.loop.SlowSteps"), message);
            assertFalse(message.contains("dev.heddle.internal.loop.LoopCore"), message);
        }
    }

    @Test
    void cancelledBodyThrowsTheError() {
        try (TestLoop test = new TestLoop()) {
            assertThrows(
                    CancelledError.class,
                    () -> test.run(() -> {
                        throw new CancelledError("own");
                    }));
        }
    }
}
