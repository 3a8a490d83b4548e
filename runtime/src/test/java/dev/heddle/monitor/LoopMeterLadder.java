package dev.heddle.monitor;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.internal.loop.LoopMeter;
import dev.heddle.internal.loop.SystemClock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** A {@link LoopMeter} that is read while the loop writes. */
public final class LoopMeterLadder {

    private LoopMeterLadder() {}

    /** A second reading is never lower than the first, and no time is negative. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "0, 3", "0, 5", "3, 3", "3, 5", "5, 5"},
            expect = ACCEPTABLE,
            desc = "Before, between or after the turns.")
    @Outcome(expect = FORBIDDEN, desc = "A step is told that was not, or forgotten.")
    @State
    public static class ReadSteps {

        private final LoopMeter meter = new LoopMeter(SystemClock.INSTANCE);

        @Actor
        public void loop() {
            meter.turn(3, 0, 0);
            meter.turn(2, 0, 0);
        }

        @Actor
        public void reader(LL_Result result) {
            result.r1 = meter.read().steps();
            result.r2 = meter.read().steps();
        }
    }

    /** A loop starts and stops waiting, and times its steps, while the meter is read. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "What is read later is no less, and nothing is impossible.")
    @Outcome(expect = FORBIDDEN, desc = "A time goes back or is negative, or a step is longer than all.")
    @State
    public static class ReadTimes {

        private final LoopMeter meter = new LoopMeter(SystemClock.INSTANCE);

        @Actor
        public void loop() {
            meter.change(true, false);
            if (meter.turn(1, 0, 0)) {
                meter.timer.beginTurn(1, 1);
                meter.timer.take(1);
                meter.timer.ran();
                meter.timer.endTurn(1, 1);
            }
            meter.change(true, true);
            meter.change(true, false);
            meter.change(false, false);
        }

        @Actor
        public void reader(LL_Result result) {
            LoopStatistics first = LoopStatistics.of(meter.read());
            LoopStatistics second = LoopStatistics.of(meter.read());
            result.r1 = isPossible(first)
                    && isPossible(second)
                    && first.busy().compareTo(second.busy()) <= 0
                    && first.idle().compareTo(second.idle()) <= 0;
        }

        @Arbiter
        public void rest(LL_Result result) {
            LoopStatistics last = LoopStatistics.of(meter.read());
            result.r2 = isPossible(last) && last.longestStep().compareTo(last.longestBusy()) <= 0;
        }

        private static boolean isPossible(LoopStatistics statistics) {
            return !statistics.busy().isNegative()
                    && !statistics.idle().isNegative()
                    && !statistics.longestStep().isNegative()
                    && statistics.longestBusy().compareTo(statistics.busy()) <= 0;
        }
    }

    /** The loop begins a turn of one step while the meter is read. */
    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = ACCEPTABLE,
            desc = "No step, or one.")
    @Outcome(expect = FORBIDDEN, desc = "More steps than were run.")
    @State
    public static class ReadReady {

        private final LoopMeter meter = new LoopMeter(SystemClock.INSTANCE);

        @Actor
        public void loop() {
            meter.turn(1, 0, 0);
        }

        @Actor
        public void reader(L_Result result) {
            result.r1 = meter.read().ready();
        }
    }
}
