package dev.heddle.stacktraces;

import static dev.heddle.stacktraces.StackTracesIT.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The trace of a failure that was there before it is awaited: the methods that are then on the stack are added to it.
 */
class StackTracesOfDoneFuturesIT {

    @Test
    void throughATaskThatFailsBeforeItSuspends() {
        fails(() -> Traced.outermost(Traced.throughTask(-1)), "failing", "calling", "throughTask", "outermost");
    }

    @Test
    void throughATaskThatIsDoneLongAgo() {
        fails(() -> Traced.outermost(Traced.throughDoneTask()), "failing", "calling", "throughDoneTask", "outermost");
    }

    @Test
    void traceOfAFailureAwaitedAThousandTimesDoesNotGrow() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Future<Void> failed = loop.createFuture();
            failed.setException(new IllegalStateException("again"));
            List<Integer> lengths = loop.runUntilComplete(Traced.failingAgain(failed, 1000));
            assertEquals(1000, lengths.size());
            assertEquals(lengths.get(1), lengths.get(999));
        }
    }

    @Test
    void stageThatHasFailedBefore() {
        CompletableFuture<Void> stage = CompletableFuture.failedFuture(new IllegalArgumentException("before"));
        fails(() -> Traced.outermost(Traced.throughStage(stage)), "throughStage", "outermost");
    }
}
