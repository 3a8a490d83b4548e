// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A probe that uses only the methods of {@link Thread}. Every JVM supports it. */
class PlainProbe implements ThreadProbe {

    @Override
    public long cpuNanos(Thread thread) {
        return -1;
    }

    @Override
    public Thread.State state(Thread thread) {
        return thread.getState();
    }

    @Override
    public @Nullable String awaited(Thread thread) {
        return null;
    }

    @Override
    public List<StackTraceElement> stack(Thread thread) {
        return List.of(thread.getStackTrace());
    }
}
