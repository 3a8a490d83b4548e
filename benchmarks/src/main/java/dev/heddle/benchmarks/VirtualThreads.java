// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;

/**
 * Makes virtual threads, which JDK 17 does not have. A benchmark of them runs on one carrier, as {@link #ONE_CARRIER} and {@link
 * #ONLY_CARRIER} say, so that it uses one core as a loop does.
 */
public final class VirtualThreads {

    /** JVM argument: the scheduler has one carrier thread. */
    static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

    /** JVM argument: the scheduler adds no carrier when a virtual thread blocks the one it has. */
    static final String ONLY_CARRIER = "-Djdk.virtualThreadScheduler.maxPoolSize=1";

    private VirtualThreads() {}

    /**
     * Returns a factory of virtual threads.
     *
     * @throws UnsupportedOperationException if this JDK has none
     */
    public static ThreadFactory factory() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return (ThreadFactory)
                    MethodHandles.filterReturnValue(ofVirtual, factory).invoke();
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            throw new UnsupportedOperationException(
                    "no virtual threads in Java " + Runtime.version().feature() + "; JDK 21 is the first that has them",
                    e);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make virtual threads", e);
        }
    }
}
