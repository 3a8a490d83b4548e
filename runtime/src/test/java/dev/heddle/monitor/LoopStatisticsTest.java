package dev.heddle.monitor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.MeasuredLoop;
import dev.heddle.internal.loop.Parker;
import dev.heddle.internal.loop.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoopStatisticsTest {

    /** The time that the loops measure, which passes when a test says so. */
    private final VirtualClock stopwatch = new VirtualClock();

    private void pass(int seconds) {
        stopwatch.jumpTo(stopwatch.nanos() + Duration.ofSeconds(seconds).toNanos());
    }

    /** Waits until {@code thread} is parked by its loop. */
    private static void awaitIdle(Thread thread) {
        while (!(LockSupport.getBlocker(thread) instanceof Parker)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nothingHasHappenedToANewLoop() {
        try (EventLoop loop = EventLoop.create()) {
            assertEquals(
                    new LoopStatistics(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                    LoopStatistics.of(loop));
        }
    }

    @Test
    void countsWhatTheTurnFinds() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            List<LoopStatistics> seen = new ArrayList<>();
            loop.callSoon(() -> loop.callSoon(() -> seen.add(LoopStatistics.of(loop))));
            loop.callSoon(() -> seen.add(LoopStatistics.of(loop)));
            loop.callLater(3600, () -> {});
            loop.createTask(Coroutine.of("at once"));
            loop.callLater(1, () -> seen.add(LoopStatistics.of(loop)));
            loop.runUntilIdle(Duration.ofSeconds(2));
            List<List<Long>> numbers = seen.stream()
                    .map(found ->
                            List.of((long) found.ready(), (long) found.tasks(), (long) found.timers(), found.steps()))
                    .toList();
            assertEquals(List.of(List.of(3L, 1L, 2L, 3L), List.of(1L, 0L, 2L, 4L), List.of(1L, 0L, 1L, 5L)), numbers);
        }
    }

    @Test
    void tellsWaitingFromRunning() throws InterruptedException {
        try (EventLoop loop = MeasuredLoop.of(stopwatch)) {
            Thread thread = new Thread(() -> {
                loop.callSoon(() -> pass(3));
                loop.runForever();
            });
            thread.start();
            awaitIdle(thread);
            pass(7);
            assertEquals(Duration.ofSeconds(7), LoopStatistics.of(loop).idle(), "while it waits");
            loop.callSoonThreadsafe(() -> {
                pass(2);
                loop.stop();
            });
            thread.join();
            Duration longest = Duration.ofSeconds(3);
            LoopStatistics expected =
                    new LoopStatistics(1, 0, 0, 2, Duration.ofSeconds(5), Duration.ofSeconds(7), longest, longest);
            assertEquals(expected, LoopStatistics.of(loop));
            pass(9);
            assertEquals(expected, LoopStatistics.of(loop), "a loop that does not run is neither busy nor idle");
        }
    }

    @Test
    void seesALongStepFromAnotherThreadWhileItLasts() throws InterruptedException {
        try (EventLoop loop = MeasuredLoop.of(stopwatch)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                loop.callSoon(() -> {
                    loop.stop();
                    begun.countDown();
                    assertDoesNotThrow(() -> end.await());
                });
                loop.runForever();
            });
            thread.start();
            begun.await();
            pass(5);
            Duration five = Duration.ofSeconds(5);
            LoopStatistics expected = new LoopStatistics(1, 0, 0, 1, five, Duration.ZERO, five, five);
            assertEquals(expected, LoopStatistics.of(loop));
            end.countDown();
            thread.join();
            assertEquals(expected, LoopStatistics.of(loop), "it is remembered");
        }
    }
}
