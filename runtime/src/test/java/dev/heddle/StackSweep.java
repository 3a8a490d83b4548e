package dev.heddle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Operations that change a structure, each run at every depth near the end of a small stack. Wherever the overflow strikes, the structure is whole after it:
 * the operation can be done again, and everybody who waits goes on.
 */
final class StackSweep {

    /** One run of an operation in a loop of its own. */
    interface Trial {

        /** The operation, near the end of the stack. */
        void operate();

        /** Throws if something is broken. Called when the loop has nothing more to do; {@code overflowed} if the operation threw. */
        void verify(boolean overflowed);
    }

    /** An operation by name, and what prepares it in a loop. */
    record Case(String name, Function<EventLoop, Trial> prepare) {}

    private static final long STACK = 160 << 10;

    /** Deeper than the frames of any operation. */
    private static final int WINDOW = 200;

    /** How often an operation runs at the top of the stack first, as what is used the first time needs more. */
    private static final int WARM_UP = 5;

    /** How many calls {@link #descend} has yet to make. */
    private static int left;

    private StackSweep() {}

    /** For a JVM of its own: prints what is broken, then how many trials there were and how many of them met the end of the stack. */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(sweep(Integer.parseInt(arguments[0])));
    }

    /** A line for each case that breaks something, and how many trials there were: at every depth, or if {@code stride} is not 1 at some. */
    static String sweep(int stride) throws InterruptedException {
        List<Case> cases = new ArrayList<>(StackSweepCases.all());
        cases.addAll(StackSweepWaits.all());
        StringBuilder lines = new StringBuilder();
        int[] counts = new int[2];
        Thread thread = new Thread(
                null,
                () -> {
                    for (Case each : cases) {
                        String broken = broken(each, stride, counts);
                        if (broken != null) {
                            lines.append(each.name).append(": ").append(broken).append('\n');
                        }
                    }
                },
                "small stack",
                STACK);
        thread.start();
        thread.join();
        return lines + (counts[0] + " trials of " + cases.size() + " operations, " + counts[1] + " overflows");
    }

    /** A {@link StackWalker} of the JDK wraps the error that it meets when it makes its buffer. */
    private static boolean isOverflow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return true;
            }
        }
        return false;
    }

    /** What is broken at the first depth at which something is, null if nothing is. */
    private static @Nullable String broken(Case each, int stride, int[] counts) {
        int deepest = -2 - each.name.length() % stride; // another one for each case
        for (int above = deepest + (WINDOW / stride + WARM_UP) * stride; above >= deepest; above -= stride) {
            boolean[] overflowed = {false};
            int distance = above;
            try (EventLoop loop = EventLoop.virtualTime()) {
                loop.setExceptionHandler((source, context) -> {});
                Trial trial = each.prepare.apply(loop);
                if (above > WINDOW) {
                    trial.operate();
                } else {
                    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
                    loop.callSoon(() -> thrown.set(thrownAt(distance, trial)));
                    loop.runUntilIdle(Duration.ZERO);
                    Throwable failure = thrown.get();
                    if (failure != null && !isOverflow(failure)) {
                        throw failure;
                    }
                    overflowed[0] = failure != null;
                    counts[0]++;
                    counts[1] += overflowed[0] ? 1 : 0;
                }
                trial.verify(overflowed[0]);
            } catch (Throwable failure) {
                return failure + " at " + distance + (overflowed[0] ? " after an overflow " : " without an overflow ")
                        + List.of(failure.getStackTrace()).subList(0, Math.min(6, failure.getStackTrace().length));
            }
        }
        return null;
    }

    /** What the operation throws when it runs that many calls above the end of the stack. */
    private static @Nullable Throwable thrownAt(int distance, Trial trial) {
        int depth = deepest(trial) - distance;
        try {
            descend(depth, trial);
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /** How many calls the stack has room for. */
    private static int deepest(Trial trial) {
        try {
            descend(Integer.MAX_VALUE, trial);
        } catch (StackOverflowError end) {
            return Integer.MAX_VALUE - left;
        }
        throw new AssertionError("a stack without an end");
    }

    private static void descend(int levels, Trial trial) {
        left = levels;
        if (levels == 0) {
            trial.operate();
        } else {
            descend(levels - 1, trial);
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
