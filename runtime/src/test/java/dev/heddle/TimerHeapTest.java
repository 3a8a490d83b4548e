package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The heap against a sorted list: random additions and removals, seeded. */
class TimerHeapTest {

    private record Expected(long deadline, int order, TimerHandle handle) {}

    @Test
    void givesTimersByDeadlineThenByAge() {
        Random random = new Random(42);
        for (int size = 1; size < 6000; size = size * 3 + 1) {
            try (EventLoop loop = EventLoop.virtualTime()) {
                check(loop, random, size);
            }
        }
    }

    private static void check(EventLoop loop, Random random, int size) {
        List<Expected> expected = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int seconds = random.nextInt(size / 4 + 1);
            expected.add(new Expected(seconds, i, loop.callAt(seconds, () -> {})));
        }
        for (int i = 0; i < size / 3; i++) {
            expected.remove(random.nextInt(expected.size())).handle().cancel();
        }
        expected.sort(Comparator.comparingLong(Expected::deadline).thenComparingInt(Expected::order));
        assertEquals(expected.size(), loop.timers.size());
        for (Expected next : expected) {
            assertEquals(next.handle(), loop.timers.removeFirst());
        }
        assertTrue(loop.timers.isEmpty());
    }
}
