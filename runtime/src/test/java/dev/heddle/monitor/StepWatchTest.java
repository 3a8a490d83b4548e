package dev.heddle.monitor;

import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.InterruptError;
import dev.heddle.LogCapture;
import dev.heddle.Task;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.monitor.StuckStep.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The reports of a watch. The steps call it themselves, at times that the tests make up, so nothing depends on the machine. */
class StepWatchTest {

    private static final long MILLI = 1_000_000;

    /** A thread as a test wants it to look. */
    private static final class Probe implements ThreadProbe {
        private long cpu;
        private Thread.State state = Thread.State.RUNNABLE;
        private @Nullable String awaited;
        private StackTraceElement top = new StackTraceElement("Program", "work", "Program.java", 7);

        @Override
        public long cpuNanos(Thread thread) {
            return cpu;
        }

        @Override
        public Thread.State state(Thread thread) {
            return state;
        }

        @Override
        public @Nullable String awaited(Thread thread) {
            return awaited;
        }

        @Override
        public List<StackTraceElement> stack(Thread thread) {
            return List.of(top, new StackTraceElement("dev.heddle.Handle", "step", "Handle.java", 1), top);
        }
    }

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<StuckStep> steps = new ArrayList<>();
    private final StepWatch watch = new StepWatch(loop, 100 * MILLI, steps::add);
    private final Probe probe = new Probe();

    @BeforeEach
    void observe() {
        LoopAccess.core(loop).addProbe(watch.progress);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void look(long millis) {
        watch.look(millis * MILLI, 0, probe);
    }

    private void inCallback(Runnable callback) {
        loop.callSoon(callback);
        loop.runUntilIdle(Duration.ZERO);
    }

    private List<Long> durations() {
        return steps.stream().map(step -> step.duration().toMillis()).toList();
    }

    @Test
    void reportsOnceAndWhenTheTimeHasDoubled() {
        inCallback(() -> {
            for (long time = 1000; time <= 1900; time += 25) {
                look(time);
            }
        });
        assertEquals(List.of(100L, 200L, 400L, 800L), durations());
    }

    @Test
    void lateLookDoesNotReportTwice() {
        inCallback(() -> {
            look(0);
            look(850);
            look(875);
            look(1600);
        });
        assertEquals(List.of(850L, 1600L), durations());
    }

    @Test
    void manyShortStepsAreNoLongOne() {
        long[] time = new long[1];
        for (int i = 0; i < 50; i++) {
            loop.callSoon(() -> look(time[0] += 25));
        }
        loop.runUntilIdle(Duration.ZERO);
        look(5000);
        look(6000);
        assertEquals(List.of(), steps);
    }

    @Test
    void loopThatWaitsIsNotStuck() {
        look(0);
        look(1000);
        inCallback(() -> look(2000));
        look(3000);
        assertEquals(List.of(), steps);
    }

    @Test
    void stepThatWasLeftByAnErrorIsOver() {
        loop.callSoon(() -> {
            look(0);
            throw new InterruptError("leaves the loop");
        });
        try {
            loop.runUntilIdle(Duration.ZERO);
        } catch (InterruptError expected) {
            inCallback(() -> look(1000));
        }
        assertEquals(List.of(), steps);
    }

    @Test
    void stepThatEndsTheWatchAndIsLeftByAnErrorIsOver() {
        loop.callSoon(() -> {
            LoopAccess.core(loop).removeProbe(watch.progress);
            throw new InterruptError("leaves the loop");
        });
        assertThrows(InterruptError.class, () -> loop.runUntilIdle(Duration.ZERO));
        assertFalse(Progress.isStep(watch.progress.number()));
    }

    private StuckStep only() {
        assertEquals(1, steps.size());
        return steps.get(0);
    }

    @Test
    void callbackHasNoTask() {
        inCallback(() -> {
            look(0);
            look(100);
        });
        assertSame(loop, only().loop());
        assertNull(only().task());
        assertEquals(List.of(probe.top), only().stack(), "down to the loop");
        assertEquals(List.of(), only().awaiting());
    }

    @Test
    void taskIsShownWithTheMethodsThatAwait() {
        Coroutine<Object> inner = script(x -> sleep(1)).then(x -> {
            look(0);
            look(100);
            return "inner";
        });
        Task<Object> task = loop.createTask(script(x -> script(y -> inner).then(y -> "middle")), "outer");
        loop.runUntilComplete(task);
        assertSame(task, only().task());
        assertEquals(
                List.of("script", "script"),
                only().awaiting().stream().map(StackTraceElement::getMethodName).toList());
    }

    @Test
    void firstStepOfATaskIsAwaitedByNobody() {
        loop.runUntilComplete(script(x -> script(y -> sleep(1))));
        loop.runUntilComplete(script(x -> {
            look(0);
            look(100);
            return "first step";
        }));
        assertEquals(List.of(), only().awaiting());
    }

    // The cause

    private void expect(Cause cause, String reason, Runnable meanwhile, long late) {
        inCallback(() -> {
            watch.look(0, 0, probe);
            meanwhile.run();
            watch.look(200 * MILLI, late * MILLI, probe);
        });
        assertEquals(cause, only().cause());
        assertEquals(reason, only().reason());
    }

    @Test
    void busy() {
        expect(Cause.BUSY, "it is busy, on a processor for 75 % of the time", () -> probe.cpu = 150 * MILLI, 0);
    }

    @Test
    void blocked() {
        probe.state = Thread.State.WAITING;
        probe.awaited = "a latch, which thread other has";
        expect(Cause.BLOCKED, "its thread waits for a latch, which thread other has", () -> {}, 0);
    }

    @Test
    void blockedInNativeCode() {
        probe.top = new StackTraceElement("Socket", "read0", "Socket.java", -2);
        expect(Cause.BLOCKED, "its thread waits", () -> probe.cpu = MILLI, 0);
    }

    @Test
    void descheduled() {
        expect(
                Cause.DESCHEDULED,
                "its thread could run but was on a processor for only 5 % of the time",
                () -> probe.cpu = 10 * MILLI,
                0);
    }

    @Test
    void wholeJvmStoodStill() {
        expect(Cause.DESCHEDULED, "the whole JVM stood still, as the watchdog overslept by 150 ms", () -> {}, 150);
    }

    /** The watchdog oversleeps on a machine that has much to do, too. */
    @Test
    void aThreadThatWaitsWaitsAlthoughTheWatchdogOverslept() {
        probe.state = Thread.State.TIMED_WAITING;
        expect(Cause.BLOCKED, "its thread waits", () -> {}, 150);
    }

    @Test
    void unknownWithoutProcessorTime() {
        probe.cpu = -1;
        expect(
                Cause.UNKNOWN,
                "its thread is not waiting; without the module java.management nothing more is known",
                () -> {},
                0);
    }

    // Texts and probes

    @Test
    void textHasTheStackAndAsManyAwaitingMethodsAsFit() {
        List<StackTraceElement> many =
                IntStream.range(0, 102).mapToObj(i -> probe.top).toList();
        StuckStep step =
                new StuckStep(loop, null, Duration.ofMillis(125), Cause.BLOCKED, "why", List.of(probe.top), many);
        List<String> lines = step.toString().lines().toList();
        assertEquals("A callback keeps " + loop + " from running anything else for 125 ms: why", lines.get(0));
        assertEquals("\tat Program.work(Program.java:7)", lines.get(1));
        assertEquals("\tawaited at Program.work(Program.java:7)", lines.get(101));
        assertEquals("\t... 2 more", lines.get(102));
        assertEquals(103, lines.size());
    }

    @Test
    void probesOfThisThread() {
        for (ThreadProbe each : List.of(new PlainProbe(), ThreadProbe.best())) {
            Thread here = Thread.currentThread();
            assertEquals(Thread.State.RUNNABLE, each.state(here));
            assertTrue(each.stack(here).stream()
                    .anyMatch(element -> element.getMethodName().equals("probesOfThisThread")));
            assertNull(each.awaited(here));
        }
        assertEquals(-1, new PlainProbe().cpuNanos(Thread.currentThread()));
        assertTrue(ThreadProbe.best().cpuNanos(Thread.currentThread()) > 0);
    }

    // The watchdog

    @Test
    void watchingIsOverWhenTheLoopIsClosedOrNoLongerToBeWatched() {
        assertFalse(watch.isOver());
        loop.close();
        assertTrue(watch.isOver());
        try (EventLoop other = EventLoop.create()) {
            Watchdog.watch(other, Duration.ofHours(1));
            assertTrue(Watchdog.isWatched(other));
            assertEquals(
                    TimeUnit.MINUTES.toNanos(15), new StepWatch(other, TimeUnit.HOURS.toNanos(1), steps::add).period());
            Watchdog.unwatch(other);
            assertFalse(Watchdog.isWatched(other));
        }
    }

    /** The second report of a step shows that the first has not ended the thread, which has logged the error by then. */
    @Test
    @Timeout(20)
    void receiverMayThrowErrors() {
        CountDownLatch reported = new CountDownLatch(2);
        try (EventLoop real = EventLoop.create();
                LogCapture log = new LogCapture()) {
            Watchdog.watch(real, Duration.ofMillis(1), step -> {
                reported.countDown();
                if (reported.getCount() == 1) {
                    throw new AssertionError("of the test");
                }
            });
            real.callSoon(() -> assertDoesNotThrow(() -> reported.await()));
            real.runUntilIdle(Duration.ZERO);
            Watchdog.unwatch(real);
            assertEquals(
                    List.of("SEVERE the watchdog or a receiver of its reports failed"
                            + " java.lang.AssertionError: of the test"),
                    log.lines());
        }
    }

    @Test
    void debugModeWatchesTheFirstTurn() {
        try (EventLoop real = EventLoop.create()) {
            real.setDebug(true);
            real.setSlowCallbackDuration(3600);
            List<Boolean> steps = new ArrayList<>();
            real.callSoon(() -> steps.add(
                    Progress.isStep(Objects.requireNonNull(LoopAccess.core(real).probe(Progress.class))
                            .number())));
            real.runUntilIdle(Duration.ZERO);
            assertEquals(List.of(true), steps);
        }
    }

    @Test
    void debugModeWatchesLoopsInRealTime() {
        try (EventLoop real = EventLoop.create()) {
            real.setSlowCallbackDuration(3600);
            real.callSoon(() -> real.setDebug(true));
            real.runUntilIdle(Duration.ZERO);
            assertTrue(Watchdog.isWatched(real));
            Watchdog.unwatch(real);
            real.runUntilIdle(Duration.ZERO);
            assertTrue(Watchdog.isWatched(real));
        }
        LoopAccess.core(loop).removeProbe(watch.progress);
        loop.setDebug(true);
        loop.runUntilIdle(Duration.ZERO);
        assertFalse(Watchdog.isWatched(loop));
    }
}
