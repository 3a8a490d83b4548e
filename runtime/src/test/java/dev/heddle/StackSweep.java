package dev.heddle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations that change a structure at every depth near the end of a small stack. Wherever the stack overflows, the structure is intact afterwards:
 * the operation can be repeated, and every waiting task continues.
 */
final class StackSweep {

    /** One run of an operation in a loop of its own. */
    interface Trial {

        /** The operation, near the end of the stack. */
        void operate();

        /** Throws if something is broken. Called when the loop has nothing left to do. {@code overflowed} says whether the operation threw. */
        void verify(boolean overflowed);
    }

    /** The name of an operation, and a function that prepares it in a loop. */
    record Case(String name, Function<EventLoop, Trial> prepare) {}

    private static final long STACK = 160 << 10;

    /** Deeper than the frames of any operation. */
    private static final int WINDOW = 200;

    /** How often an operation runs at the top of the stack first, because the first use of a class needs more stack. */
    private static final int WARM_UP = 5;

    /** How many calls {@link #descend} has yet to make. */
    private static int left;

    private StackSweep() {}

    /** Runs the sweep in a JVM of its own. Prints the broken cases, the number of trials, and how many of them overflowed the stack. */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(sweep(Integer.parseInt(arguments[0])));
    }

    /** Returns a line for each broken case, and the number of trials. Every depth is tried, or each {@code stride}-th one. */
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

    /** A {@link StackWalker} wraps an overflow that occurs while it creates its buffer. */
    private static boolean isOverflow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return true;
            }
        }
        return false;
    }

    /** Describes the defect at the first depth that has one. Returns null if there is none. */
    private static @Nullable String broken(Case each, int stride, int[] counts) {
        int deepest = -2 - each.name.length() % stride; // different for each case
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

    /** Runs the operation {@code distance} calls above the end of the stack, and returns the throwable that it throws, or null. */
    private static @Nullable Throwable thrownAt(int distance, Trial trial) {
        int depth = deepest(trial) - distance;
        try {
            descend(depth, trial);
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    /** Returns the number of calls for which the stack has room. */
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
