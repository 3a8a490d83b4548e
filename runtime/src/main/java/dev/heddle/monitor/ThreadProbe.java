package dev.heddle.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the state of a thread from outside. Every method may be called on any thread. */
interface ThreadProbe {

    /** The time that {@code thread} has been on a processor, in nanoseconds; -1 if that is not known. */
    long cpuNanos(Thread thread);

    Thread.State state(Thread thread);

    /** The object that {@code thread}, which is not running, waits for; null if that is not known. */
    @Nullable
    String awaited(Thread thread);

    List<StackTraceElement> stack(Thread thread);

    /** Returns the best probe that this JVM supports. */
    static ThreadProbe best() {
        try {
            return new ManagedProbe();
        } catch (LinkageError | RuntimeException withoutManagement) {
            return new PlainProbe();
        }
    }
}
