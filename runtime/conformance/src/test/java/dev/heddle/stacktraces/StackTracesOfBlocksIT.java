package dev.heddle.stacktraces;

import static dev.heddle.stacktraces.StackTracesIT.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The traces of failures that leave blocks: failures of the bodies, and failures of the blocks themselves. */
class StackTracesOfBlocksIT {

    @Test
    void throughTimeout() {
        for (double delay : new double[] {-1, 0, 1}) {
            Throwable failure = fails(
                    () -> Traced.outermost(TracedBlocks.throughTimeout(delay)),
                    "failing",
                    "calling",
                    "throughTimeout.body",
                    "throughTimeout",
                    "outermost");
            assertInstanceOf(IOException.class, failure);
        }
    }

    @Test
    void timeout() {
        Throwable failure = fails(() -> Traced.outermost(TracedBlocks.tooLate()), "tooLate", "outermost");
        CancelledError cause = assertInstanceOf(CancelledError.class, failure.getCause());
        assertEquals(Traced.plainFrames("tooLate.body", "tooLate", "outermost"), Traced.frames(cause));
    }

    @Test
    void throughGroup() {
        for (double delay : new double[] {-1, 0, 1}) {
            Throwable failure = failureIn(() -> Traced.outermost(TracedBlocks.throughGroup(delay)), "throughGroup");
            assertEquals(
                    Traced.plainFrames("failing", "calling", "throughGroup.body", "throughGroup", "outermost"),
                    Traced.frames(failure));
        }
    }

    @Test
    void taskOfAGroup() {
        for (double delay : new double[] {-1, 0, 1}) {
            Throwable failure = failureIn(() -> Traced.outermost(TracedBlocks.groupOfOne(delay)), "groupOfOne");
            assertEquals(Traced.plainFrames("failing", "calling"), Traced.frames(failure));
        }
    }

    /** The failure in the group that a coroutine fails with in {@code method}. */
    private static Throwable failureIn(Callable<Coroutine<Void>> coroutine, String method) {
        ExceptionGroup group = assertInstanceOf(ExceptionGroup.class, fails(coroutine, method, "outermost"));
        assertEquals(1, group.exceptions().size());
        assertArrayEquals(group.getSuppressed(), group.exceptions().toArray());
        StringWriter text = new StringWriter();
        group.printStackTrace(new PrintWriter(text));
        assertTrue(text.toString().contains("Suppressed: java.io.IOException: broken"), text::toString);
        return group.exceptions().get(0);
    }

    @Test
    void asCompleted() {
        for (int pause : new int[] {0, 5}) {
            fails(
                    () -> Traced.outermost(TracedBlocks.throughAsCompleted(pause)),
                    "failing",
                    "calling",
                    "throughAsCompleted",
                    "outermost");
        }
    }

    @Test
    void doneTaskInNoTime() {
        fails(
                () -> Traced.outermost(TracedBlocks.throughDoneTaskInNoTime()),
                "failing",
                "calling",
                "throughDoneTaskInNoTime",
                "outermost");
    }
}
