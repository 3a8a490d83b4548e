package dev.heddle.workers;

import dev.heddle.Coroutine;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.woven.Repeatable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands elements from loop to loop, and between loops and plain threads: any number of them put, and any number get. Who gets from an empty
 * queue waits, and so does who puts into a full one. The elements come out in the order in which they went in, those who wait are served in
 * the order in which they came, and nobody overtakes them.
 *
 * <p>Every element that was put is got once, whoever is cancelled, times out or is shut down: a {@code get} whose task is cancelled has
 * taken nothing, even if an element had come for it, and a {@code put} whose task is cancelled while it waits has put nothing.
 * Only when a loop is closed without its tasks having been cancelled, the element that had come for one of them is free again with the next call
 * here.
 *
 * <p>Every method may be called on any thread; the coroutines are awaited on any loop. An element cannot be null, and must be safe to hand over:
 * immutable, or not used any more by who has put it.
 *
 * @param <T> the type of the elements
 */
public final class SharedQueue<T> implements AutoCloseable {

    private final class Get extends Repeatable<T> {

        Get() {
            super(SharedQueue.this, "get");
        }

        @Override
        protected @Nullable Object begin() {
            T element;
            try {
                element = channel.poll();
            } catch (QueueShutDownException closed) {
                throw calledBy(closed);
            }
            return element != null ? element : goOnIn(new SharedGet<>(channel));
        }
    }

    private final Channel<T> channel;
    private final Get get = new Get();

    private SharedQueue(int capacity) {
        channel = new Channel<>(capacity);
    }

    /** A queue with room for any number of elements. */
    public static <T> SharedQueue<T> unbounded() {
        return new SharedQueue<>(Integer.MAX_VALUE);
    }

    /**
     * A queue with room for {@code capacity} elements.
     *
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public static <T> SharedQueue<T> bounded(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "capacity < 1: " + capacity + "; a shared queue holds what it hands over");
        }
        return new SharedQueue<>(capacity);
    }

    /**
     * Waits for room and puts {@code element} in. Awaiting it throws a {@link QueueShutDownException}, and puts nothing, if this is closed, while
     * it waits too.
     */
    public Coroutine<Void> put(T element) {
        return new SharedPut<>(channel, Objects.requireNonNull(element, "element"));
    }

    /**
     * Waits for an element and takes it out. Awaiting it throws a {@link QueueShutDownException} if this is closed and empty, while it waits
     * too. The coroutine can be awaited again and again, and takes an element each time.
     */
    public Coroutine<T> get() {
        return get.called();
    }

    /**
     * Puts {@code element} in, unless there is no room.
     *
     * @throws QueueShutDownException if this is closed
     */
    public boolean tryPut(T element) {
        return channel.offer(Objects.requireNonNull(element, "element"));
    }

    /**
     * Takes out an element, if there is one for which nobody waits.
     *
     * @throws QueueShutDownException if this is closed and empty
     */
    public Optional<T> tryGet() {
        return Optional.ofNullable(channel.poll());
    }

    /** Refuses further elements. Those that are in can be got; then, or if there are none, who gets is told that there is no more. */
    @Override
    public void close() {
        channel.close();
    }

    /** How many elements are in. */
    public int size() {
        return channel.size();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return channel.isClosed();
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
