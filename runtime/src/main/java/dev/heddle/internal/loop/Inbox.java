// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the steps that other threads send to a loop. It is a stack (Treiber, "Systems programming: coping with parallelism", 1986):
 * any thread pushes on it, and the loop takes the whole stack and reverses it. The ABA problem cannot occur, because the loop takes
 * everything at once.
 *
 * <p>Differences from the original: the empty stack has three forms, null, {@code ASLEEP} and {@code CLOSED}. The entire state that
 * senders and the loop share is therefore in one variable, and all threads see its modifications in the same order. If a push comes before
 * the loop goes to sleep, the loop finds the item and does not sleep. If the push comes after, the sender finds {@code ASLEEP} and wakes
 * the loop. Exactly one sender finds it, so a sleeping loop is woken once.
 *
 * @param <E> the type of the items
 */
public final class Inbox<E> {

    private static final class Node {

        final @Nullable Object item;

        /** The node that was sent before this one. Once the loop has reversed the stack, the node that was sent after it. */
        @Nullable
        Node next;

        Node(@Nullable Object item) {
            this.item = item;
        }
    }

    /** The index of the top, chosen so that a cache line of 128 bytes that contains it lies within the array. */
    private static final int TOP = 32;

    private static final Node ASLEEP = new Node(null);
    private static final Node CLOSED = new Node(null);

    /**
     * The top of the stack, surrounded by unused elements, so that nothing else is on its cache line. Otherwise it might share the line
     * with fields that the loop writes in every turn, and senders would wait for these writes.
     */
    private final AtomicReferenceArray<@Nullable Node> stack = new AtomicReferenceArray<>(2 * TOP);

    /**
     * Written by the loop's thread while it is awake. A sender reads it after it has found {@code ASLEEP}, which the loop has stored since, so the
     * stack orders the write before the read.
     */
    private Parking parking;

    /** The oldest item that was taken from the stack but not handed over yet, or null. Used on the loop's thread. */
    private @Nullable Node fetched;

    /** Creates an empty inbox for the loop that blocks in {@code parking}. */
    public Inbox(Parking parking) {
        this.parking = parking;
    }

    /** Replaces what the loop blocks in. Called on the loop's thread while it is awake. */
    public void blockIn(Parking replacement) {
        parking = replacement;
    }

    /**
     * Sends {@code item} and wakes the loop if it sleeps. Thread-safe.
     *
     * @return false if the inbox is closed; then nothing is sent
     */
    public boolean send(E item) {
        Node node = new Node(item);
        // Assume that the loop has taken everything. Reading the top first would cost another transfer of the cache
        // line.
        Node previous = null;
        while (true) {
            node.next = previous == ASLEEP ? null : previous;
            Node found = stack.compareAndExchange(TOP, previous, node);
            if (found == previous) {
                if (found == ASLEEP) {
                    parking.wake();
                }
                return true;
            }
            if (found == CLOSED) {
                return false;
            }
            if (found == ASLEEP) {
                StackRoom.require(); // for wake(): once the item is in the stack, no other sender wakes the loop
            }
            previous = found;
        }
    }

    /** Announces that the loop's thread is about to block. Returns false if it must not block because an item has arrived. */
    public boolean fallAsleep() {
        return stack.compareAndSet(TOP, null, ASLEEP);
    }

    /** Undoes {@link #fallAsleep}, whether or not an item has arrived since. */
    public void wakeUp() {
        stack.compareAndSet(TOP, ASLEEP, null);
    }

    /** Whether every item has been handed over. Called on the loop's thread while it is awake. */
    public boolean isEmpty() {
        Node newest = stack.get(TOP);
        return fetched == null && (newest == null || newest == CLOSED);
    }

    /**
     * Hands at most {@code limit} items to {@code receiver}, the oldest first. If the receiver throws, the item and all later ones stay in
     * the inbox. Called on the loop's thread while it is awake.
     */
    public void take(Consumer<? super E> receiver, int limit) {
        for (int left = limit; left > 0; left--) {
            if (fetched == null) {
                Node newest = stack.get(TOP);
                if (newest == null || newest == CLOSED) {
                    return;
                }
                fetch(null);
            }
            handOver(receiver);
        }
    }

    /** Refuses further items, and hands the items sent before to {@code receiver}, the oldest first. */
    public void close(Consumer<? super E> receiver) {
        while (fetched != null) {
            handOver(receiver);
        }
        fetch(CLOSED);
        while (fetched != null) {
            handOver(receiver);
        }
    }

    /** Replaces the stack with {@code rest} and takes its items. After that it makes no calls, so a stack overflow cannot lose items. */
    private void fetch(@Nullable Node rest) {
        Node node = stack.getAndSet(TOP, rest);
        Node reversed = null;
        while (node != null) {
            Node below = node.next;
            node.next = reversed;
            reversed = node;
            node = below;
        }
        fetched = reversed;
    }

    @SuppressWarnings("unchecked") // only such items were sent
    private void handOver(Consumer<? super E> receiver) {
        Node node = Objects.requireNonNull(fetched, "nothing is here");
        if (node.item != null) {
            receiver.accept((E) node.item);
        }
        fetched = node.next;
    }
}
