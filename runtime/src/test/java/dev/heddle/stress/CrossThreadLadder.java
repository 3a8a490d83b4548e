package dev.heddle.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Handle;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Operations of other threads on a loop and its futures, while the loop runs one turn or none. */
public final class CrossThreadLadder {

    private CrossThreadLadder() {}

    /** A loop that runs one turn at a time. */
    abstract static class Base {

        final EventLoop loop = EventLoop.create();

        /** Runs one turn. */
        final void turn() {
            loop.stop();
            loop.runForever();
        }

        /** Describes the outcome of a completable future. */
        static String outcome(CompletableFuture<String> future) {
            return !future.isDone() ? "pending" : future.isCancelled() ? "cancelled" : future.join();
        }

        /** Describes the outcome of a future of the loop. */
        static String outcome(Future<String> future) {
            return !future.isDone() ? "pending" : future.isCancelled() ? "cancelled" : future.result();
        }
    }

    /** Two threads schedule a callback each. */
    @JCStressTest
    @Outcome(
            id = {"12", "21"},
            expect = ACCEPTABLE,
            desc = "Both callbacks run once.")
    @Outcome(expect = FORBIDDEN, desc = "A callback is lost or runs twice.")
    @State
    public static class TwoCallbacks extends Base {

        private int ran;

        @Actor
        public void first() {
            loop.callSoonThreadsafe(() -> ran = ran * 10 + 1);
        }

        @Actor
        public void second() {
            loop.callSoonThreadsafe(() -> ran = ran * 10 + 2);
        }

        @Arbiter
        public void rest(I_Result result) {
            turn();
            loop.close();
            result.r1 = ran;
        }
    }

    /** A thread sees what another thread wrote before it scheduled the callback. */
    @JCStressTest
    @Outcome(
            id = {"0, 7", "7, 7"},
            expect = ACCEPTABLE,
            desc = "The callback sees the write.")
    @Outcome(expect = FORBIDDEN, desc = "The callback does not see the write.")
    @State
    public static class WriteBeforeCallback extends Base {

        private int plain;
        private int seen;

        @Actor
        public void sender() {
            plain = 7;
            loop.callSoonThreadsafe(() -> seen = plain);
        }

        @Actor
        public void loop(II_Result result) {
            turn();
            result.r1 = seen;
        }

        @Arbiter
        public void rest(II_Result result) {
            turn();
            loop.close();
            result.r2 = seen;
        }
    }

    /** A thread cancels the handle it got while the loop takes a turn. */
    @JCStressTest
    @Outcome(
            id = {"0", "1"},
            expect = ACCEPTABLE,
            desc = "Cancelled in time, or not.")
    @Outcome(expect = FORBIDDEN, desc = "The callback runs twice.")
    @State
    public static class CancelHandle extends Base {

        private int ran;
        private final Handle handle = loop.callSoonThreadsafe(() -> ran++);

        @Actor
        public void canceller() {
            handle.cancel();
        }

        @Actor
        public void loop() {
            turn();
        }

        @Arbiter
        public void rest(I_Result result) {
            turn();
            loop.close();
            result.r1 = ran;
        }
    }

    /** A thread cancels the view of a future while the loop sets the future's result. */
    @JCStressTest
    @Outcome(id = "done, done", expect = ACCEPTABLE, desc = "The result comes first.")
    @Outcome(id = "cancelled, cancelled", expect = ACCEPTABLE, desc = "The cancellation comes first.")
    @Outcome(id = "done, cancelled", expect = ACCEPTABLE, desc = "The view is cancelled before it hears of the result.")
    @Outcome(expect = FORBIDDEN, desc = "One of the two does not end, or the result comes to a cancelled future.")
    @State
    public static class CancelView extends Base {

        private final Future<String> future = loop.createFuture();
        private final CompletableFuture<String> view = future.toCompletableFuture();

        @Actor
        public void canceller() {
            view.cancel(false);
        }

        @Actor
        public void loop() {
            loop.callSoon(() -> {
                if (!future.isDone()) {
                    future.setResult("done");
                }
            });
            turn();
        }

        @Arbiter
        public void rest(LL_Result result) {
            turn();
            turn();
            loop.close();
            result.r1 = outcome(future);
            result.r2 = outcome(view);
        }
    }

    /** A thread completes a stage while the loop begins to wait for it. */
    @JCStressTest
    @Outcome(id = "done", expect = ACCEPTABLE, desc = "The result arrives.")
    @Outcome(expect = FORBIDDEN, desc = "The result is lost.")
    @State
    public static class CompleteStage extends Base {

        private final CompletableFuture<String> stage = new CompletableFuture<>();
        private Future<String> future = loop.createFuture();

        @Actor
        public void outside() {
            stage.complete("done");
        }

        @Actor
        public void loop() {
            loop.callSoon(() -> future = Asyncio.wrapFuture(stage));
            turn();
        }

        @Arbiter
        public void rest(L_Result result) {
            turn();
            turn();
            loop.close();
            result.r1 = outcome(future);
        }
    }

    /** A thread completes a stage while the loop cancels the future that waits for it. */
    @JCStressTest
    @Outcome(id = "done, done", expect = ACCEPTABLE, desc = "The result comes first.")
    @Outcome(id = "cancelled, cancelled", expect = ACCEPTABLE, desc = "The cancellation comes first.")
    @Outcome(id = "cancelled, done", expect = ACCEPTABLE, desc = "The future is cancelled before the result arrives.")
    @Outcome(expect = FORBIDDEN, desc = "The future does not end, or the two disagree otherwise.")
    @State
    public static class CancelStage extends Base {

        private final CompletableFuture<String> stage = new CompletableFuture<>();
        private Future<String> future = loop.createFuture();

        public CancelStage() {
            loop.callSoon(() -> future = Asyncio.wrapFuture(stage));
            turn();
        }

        @Actor
        public void outside() {
            stage.complete("done");
        }

        @Actor
        public void loop() {
            loop.callSoon(() -> future.cancel());
            turn();
        }

        @Arbiter
        public void rest(LL_Result result) {
            turn();
            turn();
            loop.close();
            result.r1 = outcome(future);
            result.r2 = outcome(stage);
        }
    }
}
