// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.internal.frames.StackFilter;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.monitor.StuckStep.Cause;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Samples one loop at intervals, and reports a step that is still running in sample after sample. Used by the thread of the {@link Watchdog}. The
 * reads of that thread and the writes of the loop's thread are not ordered. The description of a long step is nevertheless right, because
 * nothing has changed for a long time. It is dropped if the step has ended meanwhile.
 */
final class StepWatch {

    /** A thread counts as running if it was on a processor for at least {@code 1 / SOME} of the time. */
    private static final int SOME = 10;

    private final WeakReference<EventLoop> loop;
    private final long limit;
    private final Consumer<? super StuckStep> receiver;

    /** Counts the steps of the loop, which holds it as well. */
    final Progress progress = new Progress();

    /** The number of the last step that was found. */
    private long seen;

    /** When that step was found first. */
    private long since;

    /** The processor time of the thread at that moment. */
    private long cpuSince;

    /** How much longer than intended the watchdog has slept since that moment. */
    private long overslept;

    /** The duration of the step at which it is reported next. */
    private long nextReport;

    /** Creates a watch that reports steps longer than {@code limit} nanoseconds. */
    StepWatch(EventLoop loop, long limit, Consumer<? super StuckStep> receiver) {
        this.loop = new WeakReference<>(loop);
        this.limit = Math.max(1, limit);
        this.receiver = receiver;
    }

    /** The number of nanoseconds between two looks, which bounds how late a report comes. */
    long period() {
        return Math.max(limit / 4, 1_000_000);
    }

    /** Whether the loop is closed or has been collected. */
    boolean isOver() {
        EventLoop watched = loop.get();
        return watched == null || watched.isClosed();
    }

    /**
     * Looks at the loop at time {@code now}.
     *
     * @param late how many nanoseconds later than intended this look comes
     */
    void look(long now, long late, ThreadProbe probe) {
        EventLoop watched = loop.get();
        if (watched == null) {
            return;
        }
        LoopCore core = LoopAccess.core(watched);
        Thread thread = core.thread();
        long number = progress.number();
        if (thread == null || !Progress.isStep(number)) {
            return;
        }
        if (number != seen) {
            seen = number;
            since = now;
            cpuSince = probe.cpuNanos(thread);
            overslept = 0;
            nextReport = limit;
            return;
        }
        overslept += Math.max(0, late);
        if (now - since < nextReport) {
            return;
        }
        StuckStep step = describe(watched, core, thread, now - since, probe);
        if (progress.number() == number) {
            while (nextReport <= now - since) {
                nextReport *= 2;
            }
            receiver.accept(step);
        }
    }

    private StuckStep describe(EventLoop watched, LoopCore core, Thread thread, long nanos, ThreadProbe probe) {
        long cpu = probe.cpuNanos(thread);
        long used = cpu < 0 || cpuSince < 0 ? -1 : cpu - cpuSince;
        Thread.State state = probe.state(thread);
        List<StackTraceElement> stack = probe.stack(thread);
        Cause cause = cause(state, used, nanos, stack);
        return new StuckStep(
                watched,
                (Task<?>) core.task(),
                Duration.ofNanos(nanos),
                cause,
                reason(cause, used, nanos, probe.awaited(thread)),
                StackFilter.ofStep(stack),
                core.awaiting());
    }

    private Cause cause(Thread.State state, long used, long nanos, List<StackTraceElement> stack) {
        if (state != Thread.State.RUNNABLE) {
            return Cause.BLOCKED; // even if the watchdog overslept, as it does on a busy machine
        }
        if (stoodStill(nanos)) {
            return Cause.DESCHEDULED;
        }
        if (used < 0) {
            return Cause.UNKNOWN;
        }
        if (used * SOME >= nanos) {
            return Cause.BUSY;
        }
        // A thread that waits in native code for input or output counts as runnable.
        return !stack.isEmpty() && stack.get(0).isNativeMethod() ? Cause.BLOCKED : Cause.DESCHEDULED;
    }

    /** Whether the step is long only because the watchdog stood still, and most likely the whole JVM with it. */
    private boolean stoodStill(long nanos) {
        return nanos - overslept < limit;
    }

    private String reason(Cause cause, long used, long nanos, @Nullable String awaited) {
        return switch (cause) {
            case BUSY -> "it is busy, on a processor for " + used * 100 / nanos + " % of the time";
            case BLOCKED -> "its thread waits" + (awaited == null ? "" : " for " + awaited);
            case DESCHEDULED ->
                stoodStill(nanos)
                        ? "the whole JVM stood still, as the watchdog overslept by " + overslept / 1_000_000 + " ms"
                        : "its thread could run but was on a processor for only " + used * 100 / nanos
                                + " % of the time";
            case UNKNOWN -> "its thread is not waiting; without the module java.management nothing more is known";
        };
    }
}
