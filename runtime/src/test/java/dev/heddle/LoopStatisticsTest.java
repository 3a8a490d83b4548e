package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LoopStatisticsTest {

    private static final Duration WHILE = Duration.ofMillis(5);

    private static boolean atLeast(Duration duration, Duration least) {
        return duration.compareTo(least) >= 0;
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
    void tellsWaitingFromRunning() {
        try (EventLoop loop = EventLoop.create()) {
            loop.callLater(WHILE.toNanos() / 1e9, loop::stop);
            loop.runForever();
            LoopStatistics after = LoopStatistics.of(loop);
            assertTrue(atLeast(after.idle(), WHILE.dividedBy(2)), after.toString());
            assertTrue(atLeast(after.busy(), after.longestBusy()), after.toString());
            assertTrue(atLeast(after.longestBusy(), Duration.ofNanos(1)), after.toString());
            assertTrue(atLeast(after.longestBusy(), after.longestStep()), after.toString());
            assertTrue(atLeast(after.longestStep(), Duration.ofNanos(1)), after.toString());
            assertEquals(after, LoopStatistics.of(loop), "a loop that does not run is neither busy nor idle");
        }
    }

    @Test
    void seesALongStepFromAnotherThreadWhileItLasts() throws InterruptedException {
        try (EventLoop loop = EventLoop.create()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                loop.callSoon(() -> {
                    loop.stop();
                    begun.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException unexpected) {
                        throw new AssertionError(unexpected);
                    }
                });
                loop.runForever();
            });
            thread.start();
            begun.await();
            LoopStatistics during = LoopStatistics.of(loop);
            while (!atLeast(during.longestStep(), WHILE)) {
                Thread.onSpinWait();
                during = LoopStatistics.of(loop);
            }
            assertEquals(1, during.ready());
            assertEquals(1, during.steps());
            end.countDown();
            thread.join();
            assertTrue(atLeast(LoopStatistics.of(loop).longestStep(), WHILE), "it is remembered");
        }
    }
}
