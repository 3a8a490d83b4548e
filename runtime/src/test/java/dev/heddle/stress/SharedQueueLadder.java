package dev.heddle.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.workers.SharedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two concurrent operations on a {@link SharedQueue}. Tasks on a loop perform some of them. */
public final class SharedQueueLadder {

    private SharedQueueLadder() {}

    /** A queue, and a loop that runs as many turns as needed. */
    abstract static class Base {

        final SharedQueue<String> queue;
        final EventLoop loop = EventLoop.create();

        Base(SharedQueue<String> queue) {
            this.queue = queue;
        }

        /** Runs everything that is ready, and everything that this makes ready: a message, then the waiting task, then its waiters. */
        final void settle() {
            for (int turn = 0; turn < 4; turn++) {
                loop.stop();
                loop.runForever();
            }
        }

        /** A task that gets and waits. */
        final Task<String> getter() {
            Task<String> task = loop.createTask(queue.get());
            settle();
            return task;
        }

        final String tryGet() {
            try {
                return queue.tryGet().orElse("none");
            } catch (QueueShutDownException closed) {
                return "closed";
            }
        }

        final String tryPut(String element) {
            try {
                return queue.tryPut(element) ? "put" : "full";
            } catch (QueueShutDownException closed) {
                return "closed";
            }
        }

        /** Describes the outcome of the task, and closes the loop. */
        final String outcome(Task<?> task) {
            settle();
            String outcome = "pending";
            if (task.isCancelled()) {
                outcome = "cancelled";
            } else if (task.isDone()) {
                Throwable failure = task.exception();
                outcome = failure == null ? String.valueOf(task.result()) : "closed";
            }
            task.cancel();
            settle();
            loop.close();
            return outcome;
        }
    }

    /** Two threads take the one element. */
    @JCStressTest
    @Outcome(
            id = {"a, none", "none, a"},
            expect = ACCEPTABLE,
            desc = "One of them gets it.")
    @Outcome(expect = FORBIDDEN, desc = "Nobody gets it, or both do.")
    @State
    public static class TwoTakers extends Base {

        public TwoTakers() {
            super(SharedQueue.unbounded());
            queue.tryPut("a");
        }

        @Actor
        public void first(LL_Result result) {
            result.r1 = tryGet();
        }

        @Actor
        public void second(LL_Result result) {
            result.r2 = tryGet();
        }

        @Arbiter
        public void rest() {
            loop.close();
        }
    }

    /** Two threads put where there is room for one. */
    @JCStressTest
    @Outcome(id = "put, full, a", expect = ACCEPTABLE, desc = "The first puts.")
    @Outcome(id = "full, put, b", expect = ACCEPTABLE, desc = "The second puts.")
    @Outcome(expect = FORBIDDEN, desc = "There is more in than there is room, or less than was put.")
    @State
    public static class TwoPutters extends Base {

        public TwoPutters() {
            super(SharedQueue.bounded(1));
        }

        @Actor
        public void first(LLL_Result result) {
            result.r1 = tryPut("a");
        }

        @Actor
        public void second(LLL_Result result) {
            result.r2 = tryPut("b");
        }

        @Arbiter
        public void rest(LLL_Result result) {
            result.r3 = tryGet();
            loop.close();
        }
    }

    /** A thread puts while a task begins to wait. */
    @JCStressTest
    @Outcome(id = "a", expect = ACCEPTABLE, desc = "The element arrives.")
    @Outcome(expect = FORBIDDEN, desc = "The task sleeps beside the element.")
    @State
    public static class PutAndWait extends Base {

        private final Task<String> task = loop.createTask(queue.get());

        public PutAndWait() {
            super(SharedQueue.unbounded());
        }

        @Actor
        public void outside() {
            queue.tryPut("a");
        }

        @Actor
        public void loop() {
            settle();
        }

        @Arbiter
        public void rest(L_Result result) {
            result.r1 = outcome(task);
        }
    }

    /** A thread puts while the task that waits is cancelled. */
    @JCStressTest
    @Outcome(id = "cancelled, a", expect = ACCEPTABLE, desc = "The element stays, or comes back.")
    @Outcome(expect = FORBIDDEN, desc = "The element is lost, or the cancellation.")
    @State
    public static class PutAndCancel extends Base {

        private final Task<String> task = getter();

        public PutAndCancel() {
            super(SharedQueue.unbounded());
        }

        @Actor
        public void outside() {
            queue.tryPut("a");
        }

        @Actor
        public void loop() {
            task.cancel();
            settle();
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r1 = outcome(task);
            result.r2 = tryGet();
        }
    }

    /** A thread takes without waiting while the other thread grants the element to a task that has waited longer. */
    @JCStressTest
    @Outcome(id = "a, none", expect = ACCEPTABLE, desc = "Who has waited gets it.")
    @Outcome(expect = FORBIDDEN, desc = "The thread overtakes the task, or both get it, or nobody.")
    @State
    public static class PutAndOvertake extends Base {

        private final Task<String> task = getter();

        public PutAndOvertake() {
            super(SharedQueue.unbounded());
        }

        @Actor
        public void putter() {
            queue.tryPut("a");
        }

        @Actor
        public void taker(LL_Result result) {
            result.r2 = tryGet();
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r1 = outcome(task);
        }
    }

    /** A thread closes the queue while a task begins to wait. */
    @JCStressTest
    @Outcome(id = "closed", expect = ACCEPTABLE, desc = "The task is told.")
    @Outcome(expect = FORBIDDEN, desc = "The task waits for ever.")
    @State
    public static class CloseAndWait extends Base {

        private final Task<String> task = loop.createTask(queue.get());

        public CloseAndWait() {
            super(SharedQueue.unbounded());
        }

        @Actor
        public void outside() {
            queue.close();
        }

        @Actor
        public void loop() {
            settle();
        }

        @Arbiter
        public void rest(L_Result result) {
            result.r1 = outcome(task);
        }
    }

    /** A thread closes the queue while another puts. */
    @JCStressTest
    @Outcome(id = "put, a, closed", expect = ACCEPTABLE, desc = "It was put in time, and is drained.")
    @Outcome(id = "closed, closed, closed", expect = ACCEPTABLE, desc = "It was refused.")
    @Outcome(expect = FORBIDDEN, desc = "It is lost, or was put too late.")
    @State
    public static class CloseAndPut extends Base {

        public CloseAndPut() {
            super(SharedQueue.unbounded());
        }

        @Actor
        public void putter(LLL_Result result) {
            result.r1 = tryPut("a");
        }

        @Actor
        public void closer() {
            queue.close();
        }

        @Arbiter
        public void rest(LLL_Result result) {
            result.r2 = tryGet();
            result.r3 = tryGet();
            loop.close();
        }
    }

    /** A thread takes an element while a task begins to wait for room. */
    @JCStressTest
    @Outcome(id = "a, null, b", expect = ACCEPTABLE, desc = "The task hears of the room.")
    @Outcome(expect = FORBIDDEN, desc = "The task waits beside the room, or something is lost.")
    @State
    public static class TakeAndWaitForRoom extends Base {

        private final Task<Void> task = loop.createTask(queue.put("b"));

        public TakeAndWaitForRoom() {
            super(SharedQueue.bounded(1));
            queue.tryPut("a");
        }

        @Actor
        public void taker(LLL_Result result) {
            result.r1 = tryGet();
        }

        @Actor
        public void loop() {
            settle();
        }

        @Arbiter
        public void rest(LLL_Result result) {
            result.r2 = outcome(task);
            result.r3 = tryGet();
        }
    }
}
