package dev.heddle.leaks;

import static dev.heddle.Asyncio.getRunningLoop;

import com.sun.management.ThreadMXBean;
import dev.heddle.Future;
import java.lang.management.ManagementFactory;

/** What programs take of the heap and of the stack. */
final class Heap {

    private Heap() {}

    static <T> Future<T> createFuture() {
        return getRunningLoop().createFuture();
    }

    /** The bytes that are in use after a collection of garbage. */
    static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The bytes that the calling thread has allocated so far. */
    static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** How many methods are on the stack. */
    static long depth() {
        return StackWalker.getInstance().walk(frames -> frames.count());
    }
}
