package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.loop.StepTimer;
import dev.heddle.internal.loop.VirtualClock;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How long the longest step is that is told, and how often the clock is looked at for it. Steps take as long as the tests say. */
class StepTimerTest {

    private static final long SHORT = 20;
    private static final long LONG = 10_000_000;

    /** What the steps that are in a block with a long one may add. */
    private static final long TOLERANCE = 8_000;

    private final VirtualClock clock = new VirtualClock();
    private final StepTimer timer = new StepTimer(clock);

    private int looks;
    private long steps;

    private void pass(long nanos) {
        clock.jumpTo(clock.nanos() + nanos);
    }

    /** A turn of steps that take so long, after the loop has done something for a while. */
    private void turn(long before, long... turn) {
        pass(before);
        steps += turn.length;
        if (!timer.isDue(steps)) {
            LongStream.of(turn).forEach(this::pass);
            return;
        }
        looks++;
        timer.beginTurn(turn.length, steps);
        int next = 0;
        while (next < turn.length) {
            int block = timer.take(turn.length - next);
            assertTrue(block > 0);
            for (; block > 0; block--) {
                pass(turn[next++]);
            }
            timer.ran();
        }
        timer.endTurn(turn.length, steps);
    }

    private void turns(int count, long step) {
        for (int i = 0; i < count; i++) {
            turn(0, step, step);
        }
    }

    private void pause(long nanos) {
        timer.end(clock.nanos(), steps);
        pass(nanos);
        timer.begin(clock.nanos(), steps);
    }

    private void assertLongest(long least, long tolerance) {
        long longest = timer.longest();
        assertTrue(longest >= least && longest <= least + tolerance, () -> "longest: " + longest);
    }

    @Test
    void nothingHasRun() {
        pause(LONG);
        pause(LONG);
        assertEquals(0, timer.longest());
        assertEquals(0, timer.longestSoFar());
    }

    @Test
    void theFirstStepAfterAPauseIsExact() {
        pause(LONG);
        turn(0, LONG);
        pause(3 * LONG);
        assertEquals(LONG, timer.longest());
        turn(0, LONG + 1);
        assertEquals(LONG + 1, timer.longest());
    }

    @Test
    void shortStepsAreLookedAtSeldom() {
        pause(0);
        turns(1_000, SHORT);
        looks = 0;
        turns(128_000, SHORT);
        assertEquals(1_000, looks);
        assertLongest(SHORT, TOLERANCE);
    }

    @Test
    void stepsThatAreNotSoShortAreLookedAtMoreOften() {
        pause(0);
        turns(1_000, 1_500);
        assertLongest(1_500, TOLERANCE);
    }

    @Test
    void aLongStepAfterManyShortOnesIsFoundAsLongAsItIs() {
        pause(0);
        turns(1_000, SHORT);
        turn(0, SHORT, LONG);
        turns(1_000, SHORT);
        assertLongest(LONG, TOLERANCE);
    }

    @Test
    void aPauseEndsTheBlockOfALongStep() {
        pause(0);
        turns(1_000, SHORT);
        turn(0, LONG);
        pause(5 * LONG);
        assertLongest(LONG, TOLERANCE);
    }

    @Test
    void longStepsAfterAPauseAreToldApart() {
        pause(0);
        turns(1_000, SHORT);
        pause(0);
        turn(0, LONG, LONG, LONG, LONG);
        assertEquals(LONG, timer.longest());
    }

    /** What is told is never too short, but may be too long here. */
    @Test
    void longStepsInOneBlockAreToldAsOne() {
        pause(0);
        turns(1_000, SHORT);
        turn(0, LONG, LONG);
        pause(0);
        assertLongest(2 * LONG, TOLERANCE);
    }

    @Test
    void longStepsThatFollowALongBlockAreToldApart() {
        pause(0);
        turns(1_000, SHORT);
        turn(0, LONG);
        for (int before = looks; looks == before; ) {
            turn(0, SHORT); // to the end of the block
        }
        turn(0, 2 * LONG, 2 * LONG, 2 * LONG);
        assertEquals(2 * LONG, timer.longest());
    }

    /** Thousands of timers that are due, say. */
    @Test
    void whatALoopDoesForManyStepsIsNone() {
        pause(0);
        long[] steps = new long[1_000];
        Arrays.fill(steps, SHORT);
        for (int i = 0; i < 3; i++) {
            turn(LONG, steps);
        }
        assertLongest(SHORT, TOLERANCE);
    }

    @Test
    void thePresentStepIsIncluded() {
        pause(0);
        turns(1_000, SHORT);
        pass(LONG);
        assertTrue(timer.longestSoFar() >= LONG);
        assertTrue(timer.longest() < LONG);
    }
}
