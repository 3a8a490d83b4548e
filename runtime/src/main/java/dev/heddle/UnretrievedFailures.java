package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a loop's futures that nobody has looked at. Each is reported once: when its future has been collected, for then nobody can
 * look any more, when the {@link #delay} has passed since it happened, or when the loop is closed. A future that succeeds costs
 * nothing here.
 *
 * <p>The report has a future with this outcome in any case: a copy if the future has been collected.
 *
 * <p>Difference from asyncio, which reports in the finalizer of the future, and so not at all while a program keeps it.
 */
final class UnretrievedFailures {

    private static final long DELAY_NANOS = 30_000_000_000L;

    private static final long DEBUG_DELAY_NANOS = 1_000_000_000;

    /** The delay that means the end of the loop. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final int UNSET = -1;

    /** One failure: what a failed future holds instead of it while nobody has looked. An element of one of the lists. */
    static final class Entry extends WeakReference<@Nullable Future<?>> {

        final Throwable failure;

        /** The remains of a task, which may have been collected when it is reported; null for a plain future. */
        private final Task.@Nullable Remains task;

        /** Where the future was made, if that is known. */
        private final @Nullable List<StackTraceElement> created;

        private final long failedAt;

        private Entry previous = this;
        private Entry next = this;

        private Entry(UnretrievedFailures owner, Future<?> future, Throwable failure) {
            super(future, owner.collected);
            EventLoop loop = owner.loop;
            this.failure = failure;
            this.task = future instanceof Task<?> failed ? failed.remains() : null;
            this.created = loop.creations.of(future);
            this.failedAt = loop.clock.nanos();
        }

        /** The ends of a list, which is a circle. */
        private Entry() {
            super(null);
            this.failure = new AssertionError("no failure");
            this.task = null;
            this.created = null;
            this.failedAt = 0;
        }

        private boolean isListed() {
            return next != this;
        }

        private void append(Entry entry) {
            entry.previous = previous;
            entry.next = this;
            previous.next = entry;
            previous = entry;
        }

        private void unlink() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }

        /** The future, or if it has been collected one like it. */
        private Future<?> future(EventLoop loop) {
            Future<?> failed = get();
            if (failed != null) {
                return failed;
            }
            Future<?> copy = task == null ? new Future<>(loop) : task.revived(loop);
            loop.creations.note(copy, created);
            copy.becomeFailed(failure);
            return copy;
        }
    }

    private final EventLoop loop;
    private final ReferenceQueue<@Nullable Future<?>> collected = new ReferenceQueue<>();

    /** The failures that are reported after the delay, the oldest first. */
    private final Entry recent = new Entry();

    /** The failures at which somebody is going to look who waits for something else at present. */
    private final Entry expected = new Entry();

    /** The delay that was set, or {@link #UNSET}. */
    private long delay = UNSET;

    UnretrievedFailures(EventLoop loop) {
        this.loop = loop;
    }

    /** Sets how long somebody may take to look at a failure. With {@link #NEVER} all are reported when the loop is closed. */
    void setDelay(long nanos) {
        delay = nanos;
    }

    /** How long somebody may take to look at a failure. */
    long delay() {
        if (delay != UNSET) {
            return delay;
        }
        return loop.debug ? DEBUG_DELAY_NANOS : DELAY_NANOS;
    }

    /** The entry for {@code future} to hold, which is about to fail and at which nobody looks at present. */
    Entry entry(Future<?> future, Throwable failure) {
        return new Entry(this, future, failure);
    }

    /** Notes that the future of {@code entry} has failed. */
    void add(Entry entry) {
        recent.append(entry);
    }

    /** Gives {@code entry} all the time in the world, as somebody has the future and is going to look. */
    void expect(Entry entry) {
        if (entry.isListed()) {
            entry.unlink();
            expected.append(entry);
        }
    }

    /** Forgets {@code entry}, whose failure somebody has looked at. */
    void remove(Entry entry) {
        entry.unlink();
        entry.clear();
    }

    /** When the next failure has to be reported, in nanoseconds of the clock; the end of time if there is none. */
    long nextDeadline() {
        return recent.isListed() ? Seconds.sum(recent.next.failedAt, delay()) : NEVER;
    }

    /** Whether there is a failure that may have to be reported. */
    boolean isWatching() {
        return recent.isListed() || expected.isListed();
    }

    /** Whether there is a failure that is reported at some time. */
    boolean isDelayRunning() {
        return recent.isListed();
    }

    /** Reports the failures that are older than the delay. */
    void reportDue(long now) {
        while (nextDeadline() < now) {
            report(recent.next);
        }
    }

    /** Reports the failures of futures that have been collected. */
    void reportCollected() {
        if (delay == NEVER) {
            return; // what a test sees is not to depend on the garbage collector
        }
        for (Reference<?> dead = collected.poll(); dead != null; dead = collected.poll()) {
            report((Entry) dead);
        }
    }

    /** Reports every failure. */
    void reportAll() {
        while (expected.isListed()) {
            report(expected.next);
        }
        while (recent.isListed()) {
            report(recent.next);
        }
    }

    private void report(Entry entry) {
        if (entry.isListed()) {
            Future<?> future = entry.future(loop);
            remove(entry);
            String kind = entry.task == null ? "Future" : "Task";
            loop.errors.reportUnretrieved(
                    kind + " exception was never retrieved", entry.failure, future, entry.created);
        }
    }
}
