package dev.heddle;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a loop's futures that nobody has looked at. Each is reported once: when {@link #GRACE_NANOS} have passed since it
 * happened, or before that when its future has been collected, for then nobody can look any more, or when the loop is closed.
 * A future that succeeds costs nothing here.
 *
 * <p>Difference from asyncio, which reports in the finalizer of the future, and so not at all while a program keeps it.
 */
final class UnretrievedFailures {

    /** How long somebody may take to look at a failure. */
    static final long GRACE_NANOS = 1_000_000_000;

    /** One failure: what a failed future holds instead of it while nobody has looked. An element of one of the lists. */
    static final class Entry extends WeakReference<@Nullable Future<?>> {

        final Throwable failure;

        /** The name of the task, which may be gone when it is needed; null for a plain future. */
        private final @Nullable String taskName;

        /** Where the future was made, if that is known. */
        private final @Nullable List<StackTraceElement> created;

        /** When the grace is over. */
        private final long deadline;

        private Entry previous = this;
        private Entry next = this;

        private Entry(UnretrievedFailures owner, Future<?> future, Throwable failure) {
            super(future, owner.collected);
            EventLoop loop = owner.loop;
            this.failure = failure;
            this.taskName = future instanceof Task<?> task ? task.name() : null;
            this.created = loop.creations.of(future);
            this.deadline = Seconds.sum(loop.clock.nanos(), GRACE_NANOS);
        }

        /** The ends of a list, which is a circle. */
        private Entry() {
            super(null);
            this.failure = new AssertionError("no failure");
            this.taskName = null;
            this.created = null;
            this.deadline = Long.MAX_VALUE;
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
    }

    private final EventLoop loop;
    private final ReferenceQueue<@Nullable Future<?>> collected = new ReferenceQueue<>();

    /** Those that are reported when their grace is over, which is that of the oldest first. */
    private final Entry recent = new Entry();

    /** Those at which somebody is going to look who waits for something else at present. */
    private final Entry expected = new Entry();

    UnretrievedFailures(EventLoop loop) {
        this.loop = loop;
    }

    /** Notes that {@code future} has failed and nobody has looked yet. */
    Entry add(Future<?> future, Throwable failure) {
        Entry entry = new Entry(this, future, failure);
        recent.append(entry);
        return entry;
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

    /** When the next grace is over, in nanoseconds of the clock; the end of time if there is none. */
    long nextDeadline() {
        return recent.next.deadline;
    }

    /** Whether there is a failure that may have to be reported. */
    boolean isWatching() {
        return recent.isListed() || expected.isListed();
    }

    /** Whether there is a failure whose grace is not over. */
    boolean isGraceRunning() {
        return recent.isListed();
    }

    /** Reports the failures whose grace is over. */
    void reportDue(long now) {
        while (recent.next.deadline < now) {
            report(recent.next);
        }
    }

    /** Reports the failures of futures that have been collected. */
    void reportCollected() {
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
            Future<?> future = entry.get();
            remove(entry);
            String kind = entry.taskName == null ? "Future" : "Task";
            loop.errors.reportUnretrieved(
                    kind + " exception was never retrieved", entry.failure, future, entry.taskName, entry.created);
        }
    }
}
