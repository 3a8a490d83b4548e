package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** The ring, through several sizes, with the entry that was taken last in its place. */
class ReadyQueueTest {

    private final ReadyQueue<Object> queue = new ReadyQueue<>();

    private List<Object> entries() {
        List<Object> entries = new ArrayList<>();
        queue.forEach(entries::add);
        return entries;
    }

    /** Up to more than the ring that shrinks when it is nearly empty, so that this happens in between. */
    @Test
    void firstInIsFirstOut() {
        int in = 0;
        int out = 0;
        for (int size = 1; size < 200_000; size = size * 3 + 1) {
            while (queue.size() < size) {
                queue.add(in++);
            }
            while (queue.size() > size % 2) {
                assertEquals(out, queue.remove());
                assertEquals(out++, queue.taken());
            }
            queue.drop();
        }
        assertEquals(in, out + queue.size());
    }

    @Test
    void whatWasTakenStaysUntilItIsDropped() {
        assertNull(queue.taken());
        for (int i = 0; i < 100; i++) {
            queue.add(i);
        }
        queue.remove();
        queue.remove();
        for (int i = 100; i < 200; i++) { // the ring grows
            queue.add(i);
        }
        assertEquals(1, queue.taken());
        assertEquals(199, entries().size());
        assertEquals(1, entries().get(0));
        queue.drop();
        assertNull(queue.taken());
        assertEquals(2, entries().get(0));
        assertEquals(198, queue.size());
    }

    @Test
    void nothingCanBeTakenFromAnEmptyOne() {
        queue.add("entry");
        queue.remove();
        assertTrue(queue.isEmpty());
        assertThrows(NoSuchElementException.class, queue::remove);
        assertEquals("entry", queue.taken());
    }
}
