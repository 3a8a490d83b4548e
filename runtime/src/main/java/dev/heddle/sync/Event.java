package dev.heddle.sync;

import dev.heddle.Coroutine;
import dev.heddle.woven.Repeatable;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens, and that any number of tasks wait for, Python's {@code asyncio.Event}. It is not set at first. It is not safe
 * for threads; see the package.
 */
public final class Event extends LoopBound {

    private final class WaitSet extends Repeatable<Boolean> {

        WaitSet() {
            super(Event.this, "waitSet");
        }

        @Override
        protected @Nullable Object begin() {
            return set ? true : goOnIn(new EventFrame(waiters));
        }
    }

    private final WaitQueue waiters = new WaitQueue(this);
    private final WaitSet waitSet = new WaitSet();
    private boolean set;

    /** An event that is not set. */
    public Event() {}

    /**
     * Waits until this is set, Python's {@code await event.wait()}, and gives true. Who waits when this is set goes on even if it is
     * cleared before.
     */
    public Coroutine<Boolean> waitSet() {
        return waitSet.called();
    }

    /** Wakes all who wait, and lets nobody wait from now on. */
    public void set() {
        waiters.requireThread();
        if (!set) {
            waiters.wakeAll();
            set = true;
        }
    }

    /** Lets those wait that come from now on. */
    public void clear() {
        waiters.requireThread();
        set = false;
    }

    /** Whether this is set. */
    public boolean isSet() {
        return set;
    }

    @Override
    public String toString() {
        return "<Event " + (set ? "set" : "unset") + waiters.describe("waiters") + ">";
    }
}
