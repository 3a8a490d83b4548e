// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.threads;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A call that an executor executes for a loop. */
public final class Job<T> implements Runnable {

    private final Callable<T> callable;

    private final BiConsumer<@Nullable T, @Nullable Throwable> receiver;

    /** The threads that are executing such calls; null if they are not recorded. */
    private final @Nullable Set<Thread> callers;

    /** Written by the loop's thread, read by the executor's. */
    private volatile boolean dropped;

    /**
     * Creates a call of {@code callable}. {@code receiver} receives the outcome on the thread of the call. During the call, that thread is
     * in {@code callers}.
     */
    public Job(
            Callable<T> callable,
            BiConsumer<@Nullable T, @Nullable Throwable> receiver,
            @Nullable Set<Thread> callers) {
        this.callable = callable;
        this.receiver = receiver;
        this.callers = callers;
    }

    /** Keeps the call from running, if it has not begun. */
    public void drop() {
        dropped = true;
    }

    @Override
    public void run() {
        if (dropped) {
            return;
        }
        if (callers == null) {
            call();
            return;
        }
        Thread caller = Thread.currentThread();
        callers.add(caller);
        try {
            call();
        } finally {
            callers.remove(caller);
        }
    }

    private void call() {
        T value;
        try {
            value = callable.call();
        } catch (Throwable failure) {
            receiver.accept(null, failure);
            return;
        }
        receiver.accept(value, null);
    }
}
