package dev.heddle.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.internal.loop.Inbox;
import dev.heddle.internal.loop.Parking;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Two concurrent operations on the {@link Inbox}. */
public final class InboxLadder {

    private InboxLadder() {}

    /** An inbox whose poller counts its wake-ups. */
    abstract static class Base implements Parking {

        final Inbox<Object> inbox = new Inbox<>(this);

        private final AtomicInteger wakeUps = new AtomicInteger();

        @Override
        public void block(long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wake() {
            wakeUps.incrementAndGet();
        }

        final int wakeUps() {
            return wakeUps.get();
        }

        /** Returns the steps that have arrived, as text. */
        final String taken() {
            StringBuilder taken = new StringBuilder();
            inbox.take(taken::append, Integer.MAX_VALUE);
            return taken.toString();
        }
    }

    /** Two threads send. */
    @JCStressTest
    @Outcome(
            id = {"ab", "ba"},
            expect = ACCEPTABLE,
            desc = "Both arrive, in one of the two orders.")
    @Outcome(expect = FORBIDDEN, desc = "One is lost or comes twice.")
    @State
    public static class TwoSenders extends Base {

        @Actor
        public void first() {
            inbox.send("a");
        }

        @Actor
        public void second() {
            inbox.send("b");
        }

        @Arbiter
        public void result(L_Result result) {
            result.r1 = taken();
        }
    }

    /** One thread sends twice while the loop takes. */
    @JCStressTest
    @Outcome(
            id = {"ab, ", "a, b", ", ab"},
            expect = ACCEPTABLE,
            desc = "Both arrive in the order they were sent.")
    @Outcome(expect = FORBIDDEN, desc = "One is lost, comes twice, or overtakes.")
    @State
    public static class SendAndTake extends Base {

        @Actor
        public void sender() {
            inbox.send("a");
            inbox.send("b");
        }

        @Actor
        public void loop(LL_Result result) {
            result.r1 = taken();
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r2 = taken();
        }
    }

    /** A thread sends while the loop goes to sleep. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "The loop sleeps first, and is woken.")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "The message comes first, and the loop does not sleep.")
    @Outcome(id = "true, 0", expect = FORBIDDEN, desc = "The wake-up is lost.")
    @Outcome(expect = FORBIDDEN, desc = "A loop that is awake is woken.")
    @State
    public static class SendAndSleep extends Base {

        @Actor
        public void sender() {
            inbox.send("a");
        }

        @Actor
        public void loop(ZI_Result result) {
            result.r1 = inbox.fallAsleep();
        }

        @Arbiter
        public void rest(ZI_Result result) {
            result.r2 = wakeUps();
        }
    }

    /** Two threads send while the loop sleeps. */
    @JCStressTest
    @Outcome(
            id = {"1, ab", "1, ba"},
            expect = ACCEPTABLE,
            desc = "One of them wakes the loop, and both arrive.")
    @Outcome(expect = FORBIDDEN, desc = "A message or the wake-up is lost, or there is a second wake-up.")
    @State
    public static class TwoSendersToSleeper extends Base {

        public TwoSendersToSleeper() {
            inbox.fallAsleep();
        }

        @Actor
        public void first() {
            inbox.send("a");
        }

        @Actor
        public void second() {
            inbox.send("b");
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r1 = wakeUps();
            inbox.wakeUp();
            result.r2 = taken();
        }
    }

    /** A thread sends while the loop wakes by itself for a timer. */
    @JCStressTest
    @Outcome(
            id = {"0, a, ", "0, , a"},
            expect = ACCEPTABLE,
            desc = "The loop is awake already.")
    @Outcome(
            id = {"1, a, ", "1, , a"},
            expect = ACCEPTABLE,
            desc = "The loop is woken, needlessly if it woke by itself.")
    @Outcome(expect = FORBIDDEN, desc = "The message is lost or comes twice.")
    @State
    public static class SendAndWakeUp extends Base {

        public SendAndWakeUp() {
            inbox.fallAsleep();
        }

        @Actor
        public void sender() {
            inbox.send("a");
        }

        @Actor
        public void loop(LLL_Result result) {
            inbox.wakeUp();
            result.r2 = taken();
        }

        @Arbiter
        public void rest(LLL_Result result) {
            result.r1 = wakeUps();
            result.r3 = taken();
        }
    }

    /** A thread sends while the loop is closed. */
    @JCStressTest
    @Outcome(
            id = {"true, ", "false, "},
            expect = ACCEPTABLE,
            desc = "Sent and dropped, or refused.")
    @Outcome(expect = FORBIDDEN, desc = "A closed inbox has something in it.")
    @State
    public static class SendAndClose extends Base {

        @Actor
        public void sender(LL_Result result) {
            result.r1 = inbox.send("a");
        }

        @Actor
        public void loop() {
            inbox.close(item -> {});
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r2 = taken();
        }
    }
}
