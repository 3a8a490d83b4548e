// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.coroutines.Repeatable;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.sync.QueueShutDownException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A queue that hands elements from one event loop to another, and between event loops and plain threads. Within one loop, {@link
 * dev.heddle.sync.Queue} is faster.
 *
 * <p>Any number of producers and consumers may use the queue. Elements leave it in the order in which they entered it. A consumer of an empty
 * queue waits, and so does a producer of a full one. Waiters are served first come, first served; a later call never overtakes them.
 *
 * <p>Every element that was put is taken exactly once, whichever tasks are cancelled, time out or are shut down. A {@code get} that is
 * cancelled has taken nothing, even if an element was reserved for it. A {@code put} that is cancelled while it waits has added nothing.
 * If a loop is closed before its tasks were cancelled, the elements that were reserved for them become available with the next call
 * of a method of the queue.
 *
 * <p>All methods are thread-safe, and the coroutines can be awaited on any loop. An element must not be null. It must also be safe to
 * hand over: immutable, or no longer used by the producer.
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
                element = state.poll();
            } catch (QueueShutDownException closed) {
                throw calledBy(closed);
            }
            return element != null ? element : goOnIn(new SharedGet<>(state));
        }
    }

    private final QueueState<T> state;
    private final Get get = new Get();

    private SharedQueue(int capacity) {
        state = new QueueState<>(capacity);
    }

    /** Returns a new queue with room for any number of elements. */
    public static <T> SharedQueue<T> unbounded() {
        return new SharedQueue<>(Integer.MAX_VALUE);
    }

    /**
     * Returns a new queue with room for {@code capacity} elements.
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
     * Waits for room and adds {@code element}. If the queue is closed before or during the wait, the await throws a {@link
     * QueueShutDownException} and the element is not added.
     */
    @CheckReturnValue
    public Coroutine<Void> put(T element) {
        return new SharedPut<>(state, Objects.requireNonNull(element, "element"));
    }

    /**
     * Waits for an element and takes it. If the queue is closed and has no more elements, the await throws a {@link QueueShutDownException},
     * also if that happens during the wait. The coroutine can be awaited repeatedly, and takes one element each time.
     */
    @CheckReturnValue
    public Coroutine<T> get() {
        return get.called();
    }

    /**
     * Adds {@code element} if there is room that no waiting producer has a claim on. Returns whether the element was added.
     *
     * @throws QueueShutDownException if the queue is closed
     */
    public boolean tryPut(T element) {
        return state.offer(Objects.requireNonNull(element, "element"));
    }

    /**
     * Takes an element if there is one that no waiting consumer has a claim on.
     *
     * @throws QueueShutDownException if the queue is closed and empty
     */
    public Optional<T> tryGet() {
        StackRoom.require(); // to return the element after it was taken
        return Optional.ofNullable(state.poll());
    }

    /**
     * Closes the queue: it refuses further elements, and consumers can still take the remaining ones. Once the queue is empty, {@code get}
     * throws a {@link QueueShutDownException}. Closing the queue again has no effect.
     */
    @Override
    public void close() {
        state.close();
    }

    /** Returns the number of elements in the queue, including those that are reserved for waiting consumers. */
    public int size() {
        return state.size();
    }

    /** Returns whether {@link #close} was called. */
    public boolean isClosed() {
        return state.isClosed();
    }

    @Override
    public String toString() {
        return state.toString();
    }
}
