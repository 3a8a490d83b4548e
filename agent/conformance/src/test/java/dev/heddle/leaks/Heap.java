package dev.heddle.leaks;

import static dev.heddle.Asyncio.getRunningLoop;

import com.sun.management.ThreadMXBean;
import dev.heddle.Future;
import java.lang.management.ManagementFactory;

/** Measures how much of the heap and of the stack programs use. */
final class Heap {

    private Heap() {}

    static <T> Future<T> createFuture() {
        return getRunningLoop().createFuture();
    }

    /** Returns the number of bytes in use after a garbage collection. */
    static long live() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Returns the number of bytes that the calling thread has allocated so far. */
    static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Returns the number of methods on the stack. */
    static long depth() {
        return StackWalker.getInstance().walk(frames -> frames.count());
    }
}
