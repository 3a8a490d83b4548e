package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspension;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A coroutine that awaits something under a {@link Timeout}, inline in the task that awaits it. */
abstract class LimitedFrame<T> extends NativeFrame<T> {

    /** The number of the await under the limit. */
    static final int LIMITED = 1;

    private @Nullable Timeout limit;

    LimitedFrame(Native entry) {
        super(entry);
    }

    /** The coroutine that is awaited under {@code timeout}. */
    abstract Awaitable<T> limited(Timeout timeout) throws Exception;

    /** Begins what is limited at the time {@code begin}, until {@code deadline}. */
    final @Nullable Object beginLimited(EventLoop loop, long begin, long deadline) {
        Timeout timeout = new Timeout(loop, begin, deadline);
        limit = timeout;
        Object outcome;
        try {
            outcome = await(LIMITED, limited(timeout));
        } catch (Throwable failure) {
            timeout.state = Timeout.State.EXITED; // nothing has expired yet, and the stack may be too full for a call
            timeout.exit(failure);
            throw Throwables.<RuntimeException>sneaky(failure);
        }
        if (outcome != Suspension.SUSPENDED) {
            timeout.exit(null);
        }
        return outcome;
    }

    /** Ends what is limited, when its await goes on. */
    final @Nullable Object endLimited() {
        Timeout timeout = Objects.requireNonNull(limit);
        Object outcome;
        try {
            outcome = take();
        } catch (Throwable failure) {
            timeout.exit(failure);
            throw failure;
        }
        timeout.exit(null);
        return outcome;
    }
}
