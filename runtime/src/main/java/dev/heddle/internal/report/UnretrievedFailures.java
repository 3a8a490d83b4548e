// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import dev.heddle.internal.loop.Clock;
import dev.heddle.internal.loop.Seconds;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports the failures of a loop's futures that the program never retrieves. Each failure is reported once: when its future has been
 * garbage-collected, when the {@link #delay} has passed since the future failed, or when the loop is closed, whichever comes first. Futures
 * that succeed cost nothing here.
 *
 * <p>Every report contains a future. If the failed future has been collected, the report contains a copy.
 *
 * <p>In asyncio, the finalizer of the future reports the failure. A failure whose future the program keeps is therefore never reported there.
 */
public final class UnretrievedFailures {

    private static final long DELAY_NANOS = 30_000_000_000L;

    private static final long DEBUG_DELAY_NANOS = 1_000_000_000;

    /** The delay with which failures are reported only when the loop is closed. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final int UNSET = -1;

    /** The facts about a failed future that its report needs after the future has been collected. They do not refer to the future. */
    public interface Remains {

        /** Returns the kind of the future, for messages. */
        String kind();

        /** Creates a copy of the collected future. */
        Object revive(Throwable failure, @Nullable List<StackTraceElement> created);
    }

    /** One unretrieved failure, and an element of one of the lists. Until the failure is retrieved, its future holds this instead of the throwable. */
    public static final class Entry extends WeakReference<@Nullable Object> {

        /** The failure. */
        public final Throwable failure;

        /** Null in the head of a list. */
        private final @Nullable Remains remains;

        /** The stack that created the future, or null if it is not known. */
        private final @Nullable List<StackTraceElement> created;

        private final long failedAt;

        private Entry previous = this;
        private Entry next = this;

        private Entry(UnretrievedFailures owner, Object future, Throwable failure, Remains remains) {
            super(future, owner.collected);
            this.failure = failure;
            this.remains = remains;
            this.created = owner.creations.of(future);
            this.failedAt = owner.clock.nanos();
        }

        /** Creates the head of an empty list. Lists are circular. */
        private Entry() {
            super(null);
            this.failure = new AssertionError("no failure");
            this.remains = null;
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
    }

    private final Clock clock;
    private final BooleanSupplier debug;
    private final Creations creations;
    private final ErrorReports<?> errors;
    private final ReferenceQueue<@Nullable Object> collected = new ReferenceQueue<>();

    /** The failures that are reported when the delay has passed, the oldest first. */
    private final Entry recent = new Entry();

    /** The failures that some caller is going to retrieve, and that are not reported after the delay. */
    private final Entry expected = new Entry();

    /** The delay that was set, or {@link #UNSET}. */
    private long delay = UNSET;

    /** Creates empty lists. Failures are reported to {@code errors}. {@code clock} measures the delay, which is shorter in {@code debug} mode. */
    public UnretrievedFailures(Clock clock, BooleanSupplier debug, Creations creations, ErrorReports<?> errors) {
        this.clock = clock;
        this.debug = debug;
        this.creations = creations;
        this.errors = errors;
    }

    /** Sets the delay in nanoseconds. With {@link #NEVER}, failures are reported only when the loop is closed. */
    public void setDelay(long nanos) {
        delay = nanos;
    }

    /** Returns how many nanoseconds the program has to retrieve a failure before it is reported. */
    public long delay() {
        if (delay != UNSET) {
            return delay;
        }
        return debug.getAsBoolean() ? DEBUG_DELAY_NANOS : DELAY_NANOS;
    }

    /** Creates the entry that {@code future} will hold. The future is about to fail, and nothing awaits it at present. */
    public Entry entry(Object future, Throwable failure, Remains remains) {
        return new Entry(this, future, failure, remains);
    }

    /** Records that the future of {@code entry} has failed. */
    public void add(Entry entry) {
        recent.append(entry);
    }

    /** Exempts {@code entry} from the delay, because a caller that holds the future is going to retrieve the failure. */
    public void expect(Entry entry) {
        if (entry.isListed()) {
            entry.unlink();
            expected.append(entry);
        }
    }

    /** Removes {@code entry}, whose failure has been retrieved. */
    public void remove(Entry entry) {
        entry.unlink();
        entry.clear();
    }

    /** Returns when the next failure is due, in nanoseconds of the clock, or {@code Long.MAX_VALUE} if there is none. */
    public long nextDeadline() {
        return recent.isListed() ? Seconds.sum(recent.next.failedAt, delay()) : NEVER;
    }

    /** Whether there are unretrieved failures. */
    public boolean isWatching() {
        return recent.isListed() || expected.isListed();
    }

    /** Whether there are failures that will be reported when the delay has passed. */
    public boolean isDelayRunning() {
        return recent.isListed();
    }

    /** Reports the failures that are older than the delay. */
    public void reportDue(long now) {
        while (nextDeadline() < now) {
            report(recent.next);
        }
    }

    /** Reports the failures of futures that have been collected. */
    public void reportCollected() {
        if (delay == NEVER) {
            return; // the outcome of a test must not depend on the garbage collector
        }
        for (Reference<?> dead = collected.poll(); dead != null; dead = collected.poll()) {
            report((Entry) dead);
        }
    }

    /** Reports every failure. */
    public void reportAll() {
        while (expected.isListed()) {
            report(expected.next);
        }
        while (recent.isListed()) {
            report(recent.next);
        }
    }

    private void report(Entry entry) {
        Remains remains = entry.remains;
        if (remains != null && entry.isListed()) {
            Object failed = entry.get();
            Object future = failed != null ? failed : remains.revive(entry.failure, entry.created);
            remove(entry);
            errors.reportUnretrieved(
                    remains.kind() + " exception was never retrieved", entry.failure, future, entry.created);
        }
    }
}
