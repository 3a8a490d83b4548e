package dev.heddle.internal.loop;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps that other threads send to a loop: a stack that any thread pushes on (Treiber, "Systems programming: coping with
 * parallelism", 1986) and the loop takes whole, then reverses. Taking everything at once leaves no room for the ABA problem.
 *
 * <p>Differences from the original: the empty stack has three forms, null, {@code ASLEEP} and {@code CLOSED}. Everything
 * senders and the loop have to agree about is thus in one variable, whose modifications have one order that all threads see: a
 * push comes before the loop goes to sleep, which then finds the push and does not sleep, or after, and then the sender
 * finds {@code ASLEEP} and wakes the loop. Exactly one sender finds it, so a sleeping loop is woken once.
 *
 * @param <E> the type of the items
 */
public final class Inbox<E> {

    private static final class Node {

        final @Nullable Object item;

        /** The one sent before; after the loop has taken the stack and reversed it, the one sent after. */
        @Nullable
        Node next;

        Node(@Nullable Object item) {
            this.item = item;
        }
    }

    /** The place of the top: a line of 128 bytes that it is on lies within the array. */
    private static final int TOP = 32;

    private static final Node ASLEEP = new Node(null);
    private static final Node CLOSED = new Node(null);

    /**
     * The top of the stack, in the midst of places that are not used, so that the line of memory it is on has nothing else: other fields of a loop
     * are written in every turn, and senders would wait for them.
     */
    private final AtomicReferenceArray<@Nullable Node> stack = new AtomicReferenceArray<>(2 * TOP);

    private final Parking parking;

    /** The oldest item that is not in the stack any more and was not handed over, null if there is none. Used on the loop's thread. */
    private @Nullable Node fetched;

    /** An empty inbox of the loop that blocks in {@code parking}. */
    public Inbox(Parking parking) {
        this.parking = parking;
    }

    /**
     * Sends {@code item} and wakes the loop if it sleeps. Called on any thread.
     *
     * @return false, and nothing is sent, if the inbox is closed
     */
    public boolean send(E item) {
        Node node = new Node(item);
        // A loop that keeps up has taken everything. To look before would cost another transfer of the line of memory.
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
                StackRoom.require(); // to wake the loop, which nobody else does when the item is there
            }
            previous = found;
        }
    }

    /** Says that the loop's thread is about to block; false if something has arrived, and it must not. */
    public boolean fallAsleep() {
        return stack.compareAndSet(TOP, null, ASLEEP);
    }

    /** Undoes {@link #fallAsleep}, whether or not something has arrived since. */
    public void wakeUp() {
        stack.compareAndSet(TOP, ASLEEP, null);
    }

    /** Whether everything that was sent has been handed over. Called on the loop's thread, which is awake. */
    public boolean isEmpty() {
        Node newest = stack.get(TOP);
        return fetched == null && (newest == null || newest == CLOSED);
    }

    /**
     * Hands what was sent to {@code receiver}, the oldest first, and at most {@code limit} items. Called on the loop's thread, which is awake. An
     * item that the receiver refuses by throwing stays here, with those after it.
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

    /** Refuses everything from now on, and hands what was sent before to {@code receiver}, the oldest first. */
    public void close(Consumer<? super E> receiver) {
        while (fetched != null) {
            handOver(receiver);
        }
        fetch(CLOSED);
        while (fetched != null) {
            handOver(receiver);
        }
    }

    /** Takes the whole stack, of which {@code rest} remains. What comes after that calls nothing, so that no stack overflow can lose an item. */
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
