package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Asyncio#timeout} and {@link Asyncio#timeoutAt} give. */
final class TimeoutFrame<T> extends LimitedFrame<T> {

    private static final Native AFTER = Native.ofFunction("timeout");
    private static final Native AT = Native.ofFunction("timeoutAt");

    private final AsyncFunction<Timeout, T> body;

    /** How much time there is, null for no limit, if this is not limited by {@code deadline}. */
    private final @Nullable Duration timeout;

    private final long deadline;

    private TimeoutFrame(Native entry, AsyncFunction<Timeout, T> body, @Nullable Duration timeout, long deadline) {
        super(entry);
        this.body = body;
        this.timeout = timeout;
        this.deadline = deadline;
    }

    /** {@code body}, limited to {@code timeout} from its beginning. */
    static <T> Coroutine<T> after(@Nullable Duration timeout, AsyncFunction<Timeout, T> body) {
        return new TimeoutFrame<>(AFTER, body, timeout, Timeout.NEVER);
    }

    /** {@code body}, limited until {@code deadline}. */
    static <T> Coroutine<T> at(long deadline, AsyncFunction<Timeout, T> body) {
        return new TimeoutFrame<>(AT, body, null, deadline);
    }

    @Override
    Awaitable<T> limited(Timeout limit) throws Exception {
        return body.apply(limit);
    }

    @Override
    protected @Nullable Object start() {
        EventLoop loop = RunningLoop.get();
        long now = loop.clock.nanos();
        return beginLimited(loop, now, timeout == null ? deadline : Seconds.sum(now, Seconds.toNanos(timeout)));
    }

    @Override
    protected @Nullable Object resumed(int await) {
        return endLimited();
    }
}
