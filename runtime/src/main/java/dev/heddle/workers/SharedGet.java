package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** A get from a shared queue in which there was nothing. */
final class SharedGet<T> extends Party<T> {

    private static final Native ENTRY = new Native(SharedQueue.class, "get");

    private final Channel<T> channel;

    SharedGet(Channel<T> channel) {
        super(ENTRY);
        this.channel = channel;
    }

    @Override
    protected @Nullable Object start() {
        prepare();
        T element = channel.pollOrWait(this);
        return element != null ? element : waitForTurn();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            take();
        } catch (Throwable cancelled) {
            channel.leave(this);
            throw cancelled;
        }
        return channel.pollGranted(this);
    }
}
