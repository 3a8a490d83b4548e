package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.TimerHeap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The heap against a sorted list: random additions and removals, seeded; and what becomes of cancelled handles. */
class TimerHeapTest {

    /** A timer: a handle, or a task that sleeps. */
    private record Expected(long deadline, int order, Object timer) {

        void cancel() {
            if (timer instanceof Task<?> task) {
                assertTrue(task.cancelSleep());
            } else {
                ((TimerHandle) timer).cancel();
            }
        }
    }

    /** One in three is cancelled, then nearly all, so that cancelled handles are both dropped at the top and cleared away. */
    @Test
    void givesTimersByDeadlineThenByAge() {
        Random random = new Random(42);
        for (int size = 1; size < 60_000; size = size * 3 + 1) {
            try (EventLoop loop = EventLoop.virtualTime()) {
                check(loop, random, size, size / 3);
                check(loop, random, size, size - size / 10);
            }
        }
    }

    private static void check(EventLoop loop, Random random, int size, int cancelled) {
        TimerHeap timers = loop.timers;
        List<Expected> expected = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int seconds = random.nextInt(size / 4 + 1);
            expected.add(new Expected(seconds, i, timer(loop, seconds, random.nextBoolean())));
        }
        for (int i = 0; i < cancelled; i++) {
            expected.remove(random.nextInt(expected.size())).cancel();
        }
        expected.sort(Comparator.comparingLong(Expected::deadline).thenComparingInt(Expected::order));
        assertEquals(expected.size(), timers.size());
        for (Expected next : expected) {
            assertEquals(Seconds.toNanos((double) next.deadline()), timers.firstDeadline());
            assertSame(next.timer(), timers.removeFirst());
        }
        assertTrue(timers.isEmpty());
        assertEquals(0, timers.size());
    }

    private static Object timer(EventLoop loop, int seconds, boolean sleeps) {
        if (!sleeps) {
            return loop.callAt(seconds, () -> {});
        }
        Task<Void> task = loop.createTask(Coroutine.done());
        task.coroutine().discard(); // it does not run here
        task.mayStayPending = true;
        loop.timers.sleep(task, Seconds.toNanos((double) seconds));
        return task;
    }

    @Test
    void cancelledHandlesHoldNothingAndAreClearedAway() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            TimerHandle last = loop.callLater(2, () -> {});
            for (int i = 0; i < 10_000; i++) {
                loop.callLater(1, () -> {}).cancel();
                assertEquals(1, loop.timers.size());
            }
            assertTrue(loop.timers.places() <= 101, () -> loop.timers.places() + " places");
            assertSame(last, loop.timers.removeFirst());
        }
    }
}
