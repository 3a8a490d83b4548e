// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/** A probe that also asks the JVM. This and {@link ManagedLoop} are the only classes that need the module {@code java.management}. */
final class ManagedProbe extends PlainProbe {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final boolean cpuTime = threads.isThreadCpuTimeSupported();

    @Override
    public long cpuNanos(Thread thread) {
        return cpuTime ? threads.getThreadCpuTime(thread.getId()) : -1;
    }

    @Override
    public @Nullable String awaited(Thread thread) {
        ThreadInfo info = threads.getThreadInfo(thread.getId());
        if (info == null || info.getLockName() == null) {
            return null;
        }
        String owner = info.getLockOwnerName();
        return info.getLockName() + (owner == null ? "" : ", which thread " + owner + " has");
    }
}
