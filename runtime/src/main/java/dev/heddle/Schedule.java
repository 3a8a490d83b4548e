package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How callbacks come into the ready queue of a loop and among its timers. */
final class Schedule {

    private final EventLoop loop;

    Schedule(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs {@code callback} in the next turn, in {@code context}. */
    Handle soon(Runnable callback, @Nullable Context context) {
        loop.requireOpen();
        loop.core.requireThread(); // what was sent before is scheduled before
        Handle handle = new Handle(loop, Objects.requireNonNull(callback, "callback"), context);
        loop.ready.add(handle);
        return handle;
    }

    /** As {@link #soon}, called on any thread. */
    Handle threadsafe(Runnable callback, @Nullable Context context) {
        Handle handle = new Handle(loop, Objects.requireNonNull(callback, "callback"), context);
        if (!post(handle)) {
            throw loop.closedError();
        }
        return handle;
    }

    /** As {@link #threadsafe}; false if the loop is closed. */
    boolean offer(Runnable callback, @Nullable Context context) {
        return post(new Handle(loop, Objects.requireNonNull(callback, "callback"), context));
    }

    /** Runs {@code entry} in the next turn; false if the loop is closed. Called on any thread. */
    boolean post(Handle entry) {
        return loop.core.send(entry);
    }

    /** Runs {@code callback} {@code nanos} from now, in {@code context}. */
    TimerHandle later(long nanos, Runnable callback, @Nullable Context context) {
        return at(Seconds.sum(loop.clock.nanos(), nanos), callback, context);
    }

    /** Runs {@code callback} when the clock reaches {@code deadline}, in {@code context}. */
    TimerHandle at(long deadline, Runnable callback, @Nullable Context context) {
        loop.requireOpen();
        loop.checkThread();
        TimerHandle handle = new TimerHandle(loop, deadline, Objects.requireNonNull(callback, "callback"), context);
        loop.timers.arm(handle, deadline);
        return handle;
    }
}
