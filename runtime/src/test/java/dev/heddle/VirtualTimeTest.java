package dev.heddle;

import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.Asyncio.wrapFuture;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.loop.Clock;
import dev.heddle.internal.loop.OutsideWork;
import dev.heddle.internal.loop.Parking;
import dev.heddle.internal.loop.Polling;
import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How virtual time passes while something outside the loop is outstanding. */
@Timeout(20)
class VirtualTimeTest {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final double LONG_SECONDS = 1_000_000;

    private static final String NONE = "";
    private static final String STAGE = "one CompletionStage is outstanding";
    private static final String CALL = "one call in an executor is outstanding";

    /** Calls nothing. */
    private static final Executor NEVER = call -> {};

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.tasks.all().forEach(Task::cancel);
        loop.runUntilIdle(Duration.ZERO);
        loop.close();
    }

    // What is outside

    /** What a task awaits, and whether the loop says that it is outside. */
    enum Awaited {
        STAGE_OF_SOMEBODY(STAGE, loop -> wrapFuture(new CompletableFuture<>())),
        DERIVED_FROM_ONE(STAGE, loop -> wrapFuture(new CompletableFuture<>().thenApply(value -> value))),
        STAGE_OF_ANOTHER_LOOP(
                STAGE, loop -> wrapFuture(EventLoop.create().createFuture().toCompletableFuture())),
        CALL_IN_AN_EXECUTOR(CALL, loop -> loop.runInExecutor(NEVER, () -> 1)),
        VIEW_OF_A_TASK(NONE, loop -> wrapFuture(pending(loop).toCompletableFuture())),
        VIEW_OF_A_FUTURE(NONE, loop -> wrapFuture(loop.createFuture().toCompletableFuture())),
        SUBMISSION(NONE, loop -> wrapFuture(runCoroutineThreadsafe(script(x -> loop.createFuture()), loop))),
        DERIVED_FROM_A_VIEW(
                NONE,
                loop -> wrapFuture(pending(loop)
                        .toCompletableFuture()
                        .thenApply(value -> value)
                        .thenCompose(value -> new CompletableFuture<>()))),
        DERIVED_FROM_A_DONE_VIEW(
                STAGE,
                loop -> wrapFuture(done(loop).toCompletableFuture().thenCompose(value -> new CompletableFuture<>()))),
        ELSEWHERE_FROM_A_DONE_VIEW(
                STAGE, loop -> wrapFuture(done(loop).toCompletableFuture().thenApplyAsync(value -> value, NEVER)));

        private final String outstanding;
        private final Function<EventLoop, Future<?>> maker;

        Awaited(String outstanding, Function<EventLoop, Future<?>> maker) {
            this.outstanding = outstanding;
            this.maker = maker;
        }

        private static Task<?> pending(EventLoop loop) {
            return loop.createTask(script(x -> loop.createFuture()));
        }

        private static Future<Integer> done(EventLoop loop) {
            Future<Integer> future = loop.createFuture();
            future.setResult(1);
            return future;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOutsideHoldsTime(Awaited awaited) {
        List<Future<?>> made = new ArrayList<>();
        loop.callSoon(() -> made.add(awaited.maker.apply(loop)));
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(awaited.outstanding, loop.describeOutstanding());
        made.get(0).cancel();
        assertEquals(NONE, loop.describeOutstanding(), "nobody waits for it any more");
    }

    /** Waiting without end would let the deadline of this test pass; a jump is at once. */
    @ParameterizedTest
    @EnumSource
    void aLimitAroundItFires(Awaited awaited) {
        long before = System.nanoTime();
        Task<Object> task = loop.createTask(script(x -> waitFor(script(y -> awaited.maker.apply(loop)), SHORT)));
        assertThrows(TimeoutException.class, () -> loop.runUntilComplete(task));
        assertEquals(Seconds.ofNanos(SHORT.toNanos()), loop.time());
        boolean inRealTime = System.nanoTime() - before >= SHORT.toNanos();
        assertTrue(inRealTime || awaited.outstanding.equals(NONE), "a jump would be too early");
    }

    @Test
    void severalAreCounted() {
        loop.runInExecutor(NEVER, () -> 1);
        loop.runInExecutor(NEVER, () -> 1);
        assertEquals("2 calls in executors are outstanding", loop.describeOutstanding());
        loop.callSoon(() -> wrapFuture(new CompletableFuture<>()));
        loop.runUntilIdle(Duration.ZERO);
        assertEquals("2 calls in executors and one CompletionStage are outstanding", loop.describeOutstanding());
    }

    @Test
    void aViewOfATaskThatSleepsTakesNoTime() {
        Task<Void> sleeping = loop.createTask(script(x -> sleep(LONG_SECONDS)));
        loop.runUntilComplete(
                script(x -> wrapFuture(sleeping.toCompletableFuture().thenApply(value -> value))));
        assertEquals(LONG_SECONDS, loop.time());
    }

    @Test
    void aViewThatNobodyCompletesIsADeadlock() {
        Task<Object> task =
                loop.createTask(script(x -> wrapFuture(loop.createFuture().toCompletableFuture())));
        assertTrue(assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task))
                .getMessage()
                .startsWith("deadlock in "));
        task.cancel();
        loop.runUntilIdle(Duration.ZERO);
    }

    /** The limit is far beyond what a thread needs, and a jump would be there at once. */
    @Test
    void aLimitAroundACallIsNotReachedByAJump() {
        assertEquals("in time", loop.runUntilComplete(waitFor(toThread(() -> "in time"), Duration.ofDays(1))));
        assertTrue(loop.time() < Duration.ofDays(1).toSeconds());
    }

    @Test
    void aCallThatWaitsForTheLoopGetsItsTimer() {
        CountDownLatch latch = new CountDownLatch(1);
        loop.callLater(Seconds.ofNanos(SHORT.toNanos()), latch::countDown);
        assertEquals("done", loop.runUntilComplete(toThread(() -> {
            latch.await();
            return "done";
        })));
    }

    // The clocks, by hand

    /** A clock whose time passes while a thread blocks. */
    private static final class ManualClock implements Clock, Parking {

        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public boolean jumpTo(long nanos) {
            return false;
        }

        @Override
        public boolean isVirtual() {
            return false;
        }

        @Override
        public void block(long nanos) {
            now += nanos;
        }

        @Override
        public void wake() {}
    }

    private final ManualClock real = new ManualClock();
    private final VirtualClock virtual = new VirtualClock();
    private final OutsideWork outside = new OutsideWork(virtual, real);

    private void expectACall() {
        EventLoop other = EventLoop.virtualTime();
        outside.begin((ExternalFuture<?>) other.runInExecutor(NEVER, () -> 1));
        other.close();
    }

    @Test
    void timeJumpsIfNothingIsOutstanding() {
        assertEquals(0, outside.timeToWait(100));
        assertEquals(100, virtual.nanos());
    }

    @Test
    void timePassesAsRealTimeDoesButNotBeyondATimer() {
        expectACall();
        assertEquals(100, outside.timeToWait(100));
        assertEquals(0, virtual.nanos());
        assertEquals(60, outside.block(real, 60));
        outside.pass(60, 100, true);
        assertEquals(60, virtual.nanos());
        assertEquals(40, outside.timeToWait(100));
        outside.pass(70, 100, true);
        assertEquals(100, virtual.nanos());
        outside.pass(5, Long.MAX_VALUE, false);
        assertEquals(105, virtual.nanos());
    }

    @Test
    void timeJumpsWhenTheLoopHasBeenIdleForLong() {
        expectACall();
        outside.jumpAfter(30);
        assertEquals(30, outside.timeToWait(100));
        outside.pass(29, 100, true);
        assertEquals(0, virtual.nanos(), "woken earlier");
        outside.pass(30, 100, false);
        assertEquals(0, virtual.nanos(), "something has become ready");
        outside.pass(30, 100, true);
        assertEquals(100, virtual.nanos());
        outside.pass(30, Long.MAX_VALUE, true);
        assertEquals(100, virtual.nanos(), "there is no timer");
        outside.jumpAfter(0);
        assertEquals(0, outside.timeToWait(200));
        assertEquals(200, virtual.nanos());
    }

    @Test
    void aTestMayLetTimeJump() {
        loop.jumpAfterIdle(Duration.ofMillis(1));
        Task<Object> task =
                loop.createTask(script(x -> waitFor(wrapFuture(new CompletableFuture<>()), Duration.ofDays(1))));
        assertThrows(TimeoutException.class, () -> loop.runUntilComplete(task));
        assertEquals(Duration.ofDays(1).toSeconds(), loop.time());
    }

    /** What a selector reports is in the ready queue already, and not in the inbox. */
    @Test
    void timeDoesNotJumpWhenAnEventArrivesAsTheIdleTimeEnds() {
        List<String> events = new ArrayList<>();
        loop.jumpAfterIdle(Duration.ofNanos(1));
        loop.core.pollIn(new Polling() {

            @Override
            public void block(long nanos) {
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                if (events.isEmpty()) {
                    loop.core.outside.endChannel();
                    loop.callSoon(() -> events.add("data at " + loop.time()));
                }
            }

            @Override
            public void poll() {}

            @Override
            public void wake() {}
        });
        loop.core.outside.beginChannel();
        loop.callLater(3600, () -> events.add("time-out at " + loop.time()));
        loop.runUntilIdle(Duration.ofHours(1));
        assertEquals(List.of("data at 0.0", "time-out at 3600.0"), events);
    }

    @Test
    void realTimeDoesNotJump() {
        try (EventLoop realLoop = MeasuredLoop.of(real)) {
            assertEquals(
                    "only the time of a loop made by EventLoop.virtualTime() can jump",
                    assertThrows(IllegalStateException.class, () -> realLoop.jumpAfterIdle(SHORT))
                            .getMessage());
            assertFalse(realLoop.clock.isVirtual());
        }
    }
}
