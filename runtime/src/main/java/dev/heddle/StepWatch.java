package dev.heddle;

import dev.heddle.StuckStep.Cause;
import dev.heddle.woven.Entries;
import dev.heddle.woven.StackFilter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one loop from time to time and reports a step that it sees again and again. Used by the thread of the {@link Watchdog}, which
 * reads what the loop's thread writes without any order between the two: what it finds is true of a step that has lasted long,
 * and dropped if the step has ended meanwhile.
 */
final class StepWatch {

    /** With less of its time on a processor than one part in so many a thread does not run. */
    private static final int SOME = 10;

    private final WeakReference<EventLoop> loop;
    private final long limit;
    private final Consumer<? super StuckStep> receiver;

    /** The loop counts its steps in this, and holds it, too. */
    final Progress progress = new Progress();

    /** The number of the step seen last, and when it was seen first. */
    private long seen;

    private long since;

    /** The processor time of the thread then. */
    private long cpuSince;

    /** How long the watchdog has slept too long since then. */
    private long overslept;

    /** How long the step lasts when it is reported next. */
    private long nextReport;

    /** A watch for steps longer than {@code limit} nanoseconds. */
    StepWatch(EventLoop loop, long limit, Consumer<? super StuckStep> receiver) {
        this.loop = new WeakReference<>(loop);
        this.limit = Math.max(1, limit);
        this.receiver = receiver;
    }

    /** How many nanoseconds may pass between two looks, so that a report is not much too late. */
    long period() {
        return Math.max(limit / 4, 1_000_000);
    }

    /** Whether there is nothing to watch any more. */
    boolean isOver() {
        EventLoop watched = loop.get();
        return watched == null || watched.isClosed();
    }

    /**
     * Looks at the loop at time {@code now}.
     *
     * @param late how much later than it should the watchdog looks
     */
    void look(long now, long late, ThreadProbe probe) {
        EventLoop watched = loop.get();
        if (watched == null) {
            return;
        }
        Thread thread = watched.core.thread();
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
        StuckStep step = describe(watched, thread, now - since, probe);
        if (progress.number() == number) {
            while (nextReport <= now - since) {
                nextReport *= 2;
            }
            receiver.accept(step);
        }
    }

    private StuckStep describe(EventLoop watched, Thread thread, long nanos, ThreadProbe probe) {
        long cpu = probe.cpuNanos(thread);
        long used = cpu < 0 || cpuSince < 0 ? -1 : cpu - cpuSince;
        Thread.State state = probe.state(thread);
        List<StackTraceElement> stack = probe.stack(thread);
        Cause cause = cause(state, used, nanos, stack);
        return new StuckStep(
                watched,
                watched.current(),
                Duration.ofNanos(nanos),
                cause,
                reason(cause, used, nanos, probe.awaited(thread)),
                ofProgram(stack),
                watched.chain.awaiting());
    }

    /** The part of {@code stack} down to the loop, without the entries of woven methods: they are lambdas, whose classes have a slash in their names, over a method. */
    private static List<StackTraceElement> ofProgram(List<StackTraceElement> stack) {
        return stack.stream()
                .takeWhile(element -> !StackFilter.runsStep(element) && !StackFilter.isOfKernel(element))
                .filter(element -> element.getClassName().indexOf('/') < 0 && !Entries.isEntry(element))
                .filter(element -> !element.getClassName().startsWith("dev.heddle.woven."))
                .toList();
    }

    private Cause cause(Thread.State state, long used, long nanos, List<StackTraceElement> stack) {
        if (state != Thread.State.RUNNABLE) {
            return Cause.BLOCKED; // also if the watchdog overslept, which it does on a machine with much to do
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

    /** Whether the step would not be long if the watchdog, and so most likely everything, had not stood still. */
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
