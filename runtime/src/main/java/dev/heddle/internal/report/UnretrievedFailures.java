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
 * The failures of a loop's futures that nobody has looked at. Each is reported once: when its future has been collected, for then nobody can
 * look any more, when the {@link #delay} has passed since it happened, or when the loop is closed. A future that succeeds costs
 * nothing here.
 *
 * <p>The report has a future with this outcome in any case: a copy if the future has been collected.
 *
 * <p>Difference from asyncio, which reports in the finalizer of the future, and so not at all while a program keeps it.
 */
public final class UnretrievedFailures {

    private static final long DELAY_NANOS = 30_000_000_000L;

    private static final long DEBUG_DELAY_NANOS = 1_000_000_000;

    /** The delay that means the end of the loop. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final int UNSET = -1;

    /** The remains of a failed future, which may be collected before it is reported. They do not keep the future. */
    public interface Remains {

        /** The kind of the future in messages. */
        String kind();

        /** Makes a future that looks like the one that was. */
        Object revive(Throwable failure, @Nullable List<StackTraceElement> created);
    }

    /** One failure, held by the failed future in the place of the throwable while nobody has looked. An element of one of the lists. */
    public static final class Entry extends WeakReference<@Nullable Object> {

        /** The failure. */
        public final Throwable failure;

        /** Null for the ends of a list. */
        private final @Nullable Remains remains;

        /** Where the future was made, if that is known. */
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

        /** The ends of a list, which is a circle. */
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

    /** The failures that are reported after the delay, the oldest first. */
    private final Entry recent = new Entry();

    /** The failures at which somebody is going to look who waits for something else at present. */
    private final Entry expected = new Entry();

    /** The delay that was set, or {@link #UNSET}. */
    private long delay = UNSET;

    /** The failures of a loop that reports to {@code errors}; the delay follows {@code clock}, and is shorter in {@code debug} mode. */
    public UnretrievedFailures(Clock clock, BooleanSupplier debug, Creations creations, ErrorReports<?> errors) {
        this.clock = clock;
        this.debug = debug;
        this.creations = creations;
        this.errors = errors;
    }

    /** Sets how long somebody may take to look at a failure. With {@link #NEVER} all are reported when the loop is closed. */
    public void setDelay(long nanos) {
        delay = nanos;
    }

    /** How long somebody may take to look at a failure. */
    public long delay() {
        if (delay != UNSET) {
            return delay;
        }
        return debug.getAsBoolean() ? DEBUG_DELAY_NANOS : DELAY_NANOS;
    }

    /** The entry for {@code future} to hold, which is about to fail and at which nobody looks at present. */
    public Entry entry(Object future, Throwable failure, Remains remains) {
        return new Entry(this, future, failure, remains);
    }

    /** Notes that the future of {@code entry} has failed. */
    public void add(Entry entry) {
        recent.append(entry);
    }

    /** Gives {@code entry} all the time in the world, as somebody has the future and is going to look. */
    public void expect(Entry entry) {
        if (entry.isListed()) {
            entry.unlink();
            expected.append(entry);
        }
    }

    /** Forgets {@code entry}, whose failure somebody has looked at. */
    public void remove(Entry entry) {
        entry.unlink();
        entry.clear();
    }

    /** When the next failure has to be reported, in nanoseconds of the clock; the end of time if there is none. */
    public long nextDeadline() {
        return recent.isListed() ? Seconds.sum(recent.next.failedAt, delay()) : NEVER;
    }

    /** Whether there is a failure that may have to be reported. */
    public boolean isWatching() {
        return recent.isListed() || expected.isListed();
    }

    /** Whether there is a failure that is reported at some time. */
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
            return; // what a test sees is not to depend on the garbage collector
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
