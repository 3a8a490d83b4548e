package dev.heddle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a thread from outside. Called on any thread. */
interface ThreadProbe {

    /** The time that {@code thread} has been on a processor, in nanoseconds; -1 if that is not known. */
    long cpuNanos(Thread thread);

    Thread.State state(Thread thread);

    /** The thing that {@code thread}, which is not running, waits for; null if that is not known. */
    @Nullable
    String awaited(Thread thread);

    List<StackTraceElement> stack(Thread thread);

    /** The best probe that this JVM has. */
    static ThreadProbe best() {
        try {
            return new ManagedProbe();
        } catch (LinkageError | RuntimeException withoutManagement) {
            return new PlainProbe();
        }
    }
}
