package dev.heddle;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The failures of a loop's futures that nobody has looked at. Each is reported once: when its future has been collected, for
 * then nobody can look any more, or at the latest when the loop is closed. A future that succeeds costs nothing here.
 *
 * <p>Difference from asyncio, which reports in the finalizer of the future: here collected futures are looked for when the
 * loop has nothing to do.
 */
final class UnretrievedFailures {

    /** One failure: what a failed future holds instead of it while nobody has looked. */
    static final class Entry extends WeakReference<Future<?>> {

        final Throwable failure;

        /** The name of the task, which may be gone when it is needed; null for a plain future. */
        private final @Nullable String taskName;

        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean listed;

        private Entry(Future<?> future, Throwable failure, ReferenceQueue<Future<?>> collected) {
            super(future, collected);
            this.failure = failure;
            this.taskName = future instanceof Task<?> task ? task.name() : null;
        }
    }

    private final ErrorReports errors;
    private final ReferenceQueue<Future<?>> collected = new ReferenceQueue<>();
    private @Nullable Entry oldest;
    private @Nullable Entry newest;

    UnretrievedFailures(ErrorReports errors) {
        this.errors = errors;
    }

    /** Notes that {@code future} has failed and nobody has looked yet. */
    Entry add(Future<?> future, Throwable failure) {
        Entry entry = new Entry(future, failure, collected);
        entry.listed = true;
        entry.previous = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.next = entry;
        }
        newest = entry;
        return entry;
    }

    /** Forgets {@code entry}, whose failure somebody has looked at. */
    void remove(Entry entry) {
        if (!entry.listed) {
            return;
        }
        entry.listed = false;
        entry.clear();
        if (entry.previous == null) {
            oldest = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            newest = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
    }

    /** Reports the failures of futures that have been collected. */
    void reportCollected() {
        if (oldest == null) {
            return;
        }
        for (Reference<?> dead = collected.poll(); dead != null; dead = collected.poll()) {
            report((Entry) dead);
        }
    }

    /** Reports every failure, the oldest first. */
    void reportAll() {
        for (Entry entry = oldest; entry != null; entry = oldest) {
            report(entry);
        }
    }

    private void report(Entry entry) {
        if (entry.listed) {
            Future<?> future = entry.get();
            remove(entry);
            String kind = entry.taskName == null ? "Future" : "Task";
            String message = kind + " exception was never retrieved";
            if (future == null) {
                errors.report(message, entry.failure, "name", entry.taskName);
            } else {
                errors.report(message, entry.failure, "future", future);
            }
        }
    }
}
