package dev.heddle.workers;

import org.jspecify.annotations.Nullable;

/** A put into a shared queue. */
final class SharedPut<T> extends Party<Void> {

    private static final Native ENTRY = new Native(SharedQueue.class, "put");

    private final Channel<T> channel;
    private final T element;

    SharedPut(Channel<T> channel, T element) {
        super(ENTRY);
        this.channel = channel;
        this.element = element;
    }

    @Override
    protected @Nullable Object start() {
        if (channel.offer(element)) {
            return null;
        }
        prepare();
        return channel.offerOrWait(this, element) ? null : waitForTurn();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            take();
        } catch (Throwable cancelled) {
            channel.leave(this);
            throw cancelled;
        }
        channel.offerGranted(this, element);
        return null;
    }
}
