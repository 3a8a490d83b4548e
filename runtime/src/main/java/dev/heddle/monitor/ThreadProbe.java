// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the state of a thread from outside. Every method may be called on any thread. */
interface ThreadProbe {

    /** Returns how many nanoseconds {@code thread} has been on a processor, or -1 if that is not known. */
    long cpuNanos(Thread thread);

    Thread.State state(Thread thread);

    /** Describes the object that {@code thread} waits for. Returns null if that is not known. The thread is not running. */
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
