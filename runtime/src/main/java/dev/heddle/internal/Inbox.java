package dev.heddle.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What other threads send to a loop: a stack that any thread pushes on (Treiber, "Systems programming: coping with
 * parallelism", 1986) and the loop takes whole, then reverses. Taking everything at once leaves no room for the ABA problem.
 *
 * <p>Differences from the original: the empty stack has three forms, null, {@code ASLEEP} and {@code CLOSED}. Everything
 * senders and the loop have to agree about is thus in one variable, whose modifications have one order that all threads see: a
 * push comes before the loop goes to sleep, which then finds the push and does not sleep, or after, and then the sender
 * finds {@code ASLEEP} and wakes the loop. Exactly one sender finds it, so a sleeping loop is woken once.
 */
public final class Inbox {

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

    private final Poller poller;

    /** An empty inbox of the loop that blocks in {@code poller}. */
    public Inbox(Poller poller) {
        this.poller = poller;
    }

    /**
     * Sends {@code item} and wakes the loop if it sleeps. Called on any thread.
     *
     * @return false, and nothing is sent, if the inbox is closed
     */
    public boolean send(Object item) {
        Node node = new Node(item);
        // A loop that keeps up has taken everything. To look before would cost another transfer of the line of memory.
        Node previous = null;
        while (true) {
            node.next = previous == ASLEEP ? null : previous;
            Node found = stack.compareAndExchange(TOP, previous, node);
            if (found == previous) {
                if (found == ASLEEP) {
                    poller.wake();
                }
                return true;
            }
            if (found == CLOSED) {
                return false;
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

    /** Hands everything that was sent to {@code receiver}, the oldest first. Called on the loop's thread, which is awake. */
    public void take(Consumer<Object> receiver) {
        Node newest = stack.get(TOP);
        if (newest == null || newest == CLOSED) {
            return;
        }
        handOver(stack.getAndSet(TOP, null), receiver);
    }

    /** Refuses everything from now on, and hands what was sent before to {@code receiver}, the oldest first. */
    public void close(Consumer<Object> receiver) {
        handOver(stack.getAndSet(TOP, CLOSED), receiver);
    }

    private static void handOver(@Nullable Node newest, Consumer<Object> receiver) {
        for (Node node = reversed(newest); node != null; node = node.next) {
            if (node.item != null) {
                receiver.accept(node.item);
            }
        }
    }

    private static @Nullable Node reversed(@Nullable Node newest) {
        Node reversed = null;
        Node node = newest;
        while (node != null) {
            Node below = node.next;
            node.next = reversed;
            reversed = node;
            node = below;
        }
        return reversed;
    }
}
