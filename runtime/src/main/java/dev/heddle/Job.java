package dev.heddle;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A call that an executor makes for a loop. */
final class Job<T> implements Runnable {

    private final Callable<T> callable;

    private final BiConsumer<@Nullable T, @Nullable Throwable> receiver;

    /** The threads that make such calls at this moment, null if nobody asks for them. */
    private final @Nullable Set<Thread> callers;

    /** Written by the loop's thread, read by that of the executor. */
    private volatile boolean dropped;

    /** A call of {@code callable}, whose outcome {@code receiver} gets on the thread that makes it, which is among {@code callers} then. */
    Job(Callable<T> callable, BiConsumer<@Nullable T, @Nullable Throwable> receiver, @Nullable Set<Thread> callers) {
        this.callable = callable;
        this.receiver = receiver;
        this.callers = callers;
    }

    /** Keeps this from running, if it does not run yet. */
    void drop() {
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
