package dev.heddle.workers;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.Coroutine;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two concurrent operations on the lock of a queue, or on the work that a worker keeps track of. */
public final class WorkersLadder {

    private WorkersLadder() {}

    /** Two threads count under the lock. */
    @JCStressTest
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "One after the other.")
    @Outcome(expect = FORBIDDEN, desc = "Both at once, or one does not see what the other did.")
    @State
    public static class TwoSections {

        private final SpinLock lock = new SpinLock();
        private int count;

        private int section() {
            lock.lock();
            int counted = ++count;
            lock.unlock();
            return counted;
        }

        @Actor
        public void first(II_Result result) {
            result.r1 = section();
        }

        @Actor
        public void second(II_Result result) {
            result.r2 = section();
        }
    }

    /** A section that fails frees the lock, as a section that ends does. */
    @JCStressTest
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "One after the other.")
    @Outcome(expect = FORBIDDEN, desc = "Both at once, or one does not see what the other did.")
    @State
    public static class FailingSection {

        private final SpinLock lock = new SpinLock();
        private int count;

        @Actor
        public void failing(II_Result result) {
            lock.lock();
            try {
                result.r1 = ++count;
                throw new IllegalStateException("expected");
            } catch (IllegalStateException failure) {
                lock.locked = 0;
            }
        }

        @Actor
        public void ending(II_Result result) {
            lock.lock();
            result.r2 = ++count;
            lock.unlock();
        }
    }

    /** A thread submits work to a worker whose thread has not been started. Another thread ends the worker. */
    @JCStressTest
    @Outcome(
            id = {"failed, true"},
            expect = ACCEPTABLE,
            desc = "Whoever is later ends it.")
    @Outcome(expect = FORBIDDEN, desc = "Its future is never completed, or it counts for ever.")
    @State
    public static class ClaimAndEnd {

        private final Worker worker = new Worker(new Workers(0), 0);
        private final Work<String> work = new Work<>(worker, () -> Coroutine.of("ran"));

        @Actor
        public void submitter() {
            worker.claim(work);
            worker.begin(work);
        }

        @Actor
        public void ender() {
            worker.loop.close();
            worker.dropAll();
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r1 = work.result.isCompletedExceptionally() ? "failed" : "pending";
            result.r2 = worker.load() == 0 && work.ended.isDone();
        }
    }

    /** Two threads end the same work: a caller that cancels it, and a worker that ends. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "It is counted off once.")
    @Outcome(expect = FORBIDDEN, desc = "It is counted off twice, or not at all.")
    @State
    public static class EndTwice {

        private final Worker worker = new Worker(new Workers(0), 0);
        private final Work<String> work = new Work<>(worker, () -> Coroutine.of("ran"));

        public EndTwice() {
            worker.claim(work);
        }

        @Actor
        public void first() {
            worker.end(work);
        }

        @Actor
        public void second() {
            worker.end(work);
        }

        @Arbiter
        public void rest(L_Result result) {
            worker.loop.close();
            result.r1 = String.valueOf(worker.load());
        }
    }

    /** A thread cancels the caller's future while the work is dropped. */
    @JCStressTest
    @Outcome(
            id = {"true, true"},
            expect = ACCEPTABLE,
            desc = "It ends.")
    @Outcome(expect = FORBIDDEN, desc = "It does not end.")
    @State
    public static class CancelAndDrop {

        private final Worker worker = new Worker(new Workers(0), 0);
        private final Work<String> work = new Work<>(worker, () -> Coroutine.of("ran"));
        private final CompletableFuture<String> view = work.result;

        public CancelAndDrop() {
            worker.claim(work);
        }

        @Actor
        public void canceller() {
            view.cancel(false);
        }

        @Actor
        public void dropper() {
            worker.drop(work);
        }

        @Arbiter
        public void rest(LL_Result result) {
            worker.loop.close();
            result.r1 = view.isDone();
            result.r2 = worker.load() == 0 && work.ended.isDone();
        }
    }
}
