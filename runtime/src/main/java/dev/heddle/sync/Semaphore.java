package dev.heddle.sync;

import dev.heddle.Coroutine;
import dev.heddle.woven.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits that tasks take and give back, Python's {@code asyncio.Semaphore}:
 *
 * <pre>{@code
 * try (var permit = await(downloads.acquire())) {
 *     // at most so many tasks are in here
 * }
 * }</pre>
 *
 * <p>It is fair: tasks get permits in the order in which they came. A permit has no owner: any task, or a callback, may give one back, and
 * add one that was not there at first. It is not safe for threads; see the package.
 */
public sealed class Semaphore extends Holdable permits BoundedSemaphore {

    private static final class Acquire extends Repeatable<Lock.Held> {

        private final Semaphore semaphore;

        Acquire(Semaphore semaphore) {
            super(semaphore, "acquire");
            this.semaphore = semaphore;
        }

        @Override
        protected @Nullable Object begin() {
            if (semaphore.locked()) {
                return goOnIn(new PermitFrame(semaphore));
            }
            semaphore.permits--;
            return semaphore.newHold();
        }
    }

    final WaitQueue waiters = new WaitQueue(this);

    /** How many permits there are for who comes next. Those that woken tasks are going to have are not among them. */
    int permits;

    private final Acquire acquire = new Acquire(this);

    /**
     * A semaphore with {@code permits}.
     *
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("Semaphore initial value must be >= 0: " + permits
                    + "; with 0, release() before anybody can acquire");
        }
        this.permits = permits;
    }

    /**
     * Waits for a permit and takes it, Python's {@code await semaphore.acquire()}. Closing what it gives, once, gives the permit back. Awaiting
     * it throws an {@code IllegalStateException} if it has to wait and tasks of another loop have waited for this.
     */
    public final Coroutine<Lock.Held> acquire() {
        return acquire.called();
    }

    /**
     * Gives a permit back, or adds one; the task that waits longest gets it. Called by a task that does not close what {@link #acquire} gave
     * it: closing that would give back another.
     *
     * @throws IllegalStateException if this is a {@link BoundedSemaphore} that has all its permits
     */
    public void release() {
        waiters.requireThread();
        giveBack();
        abandonHold();
    }

    /** Whether a task that comes now would have to wait. */
    public final boolean locked() {
        return permits == 0 || waiters.hasLive();
    }

    /** Gives a permit to who waits longest, or to nobody. */
    void giveBack() {
        if (!waiters.wakeNext()) {
            permits++;
        }
    }

    /** Gives the first who waits a permit, and tells whether there was one. The permit is taken at once, on behalf of the woken task. */
    final boolean grant() {
        boolean woken = waiters.wakeNext();
        if (woken) {
            permits--;
        }
        return woken;
    }

    @Override
    final void close(Hold hold) {
        if (hold.open) {
            waiters.requireThread();
            giveBack();
            hold.open = false;
        }
    }

    @Override
    public String toString() {
        String state = locked() ? "locked" : "unlocked permits=" + permits;
        return "<" + getClass().getSimpleName() + " " + state + waiters.describe("waiters") + ">";
    }
}
