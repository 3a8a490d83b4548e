// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.SystemClock;
import dev.heddle.internal.report.ErrorReports;
import dev.heddle.internal.report.Text;
import dev.heddle.internal.threads.DefaultExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the shutdown of the JVM wait for a {@link Runner}: cancels its main task, and waits until the runner is closed.
 *
 * <p>The thread of the runner records its work in {@code thread} and {@code main} before it reads {@code begun}. The thread of the hook
 * sets {@code begun} before it reads these two. At least one of the threads therefore sees what the other has written.
 */
final class ShutdownHook {

    /** The system property for the number of seconds that the JVM waits by default. */
    static final String LIMIT_PROPERTY = "heddle.shutdown.seconds";

    private static final String MESSAGE = "the JVM is shutting down";
    private static final double DEFAULT_SECONDS = 10;

    /** How long to wait for the end of the thread after the runner is closed. A thread of a pool never ends. */
    private static final long AFTERWARDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long POLL_MILLIS = 20;

    /** How long the loop may take to describe its tasks. */
    private static final long ANSWER_MILLIS = 200;

    private final EventLoop loop;
    private final long limit;

    /** Package-private for the tests. */
    final Thread hook = new Thread(this::shutDown, "heddle-shutdown");

    private final CountDownLatch closed = new CountDownLatch(1);

    /** The thread that is running or closing the runner, or null. */
    private volatile @Nullable Thread thread;

    /** The task to cancel; null while none runs. */
    private volatile @Nullable Task<?> main;

    private volatile boolean begun;

    private ShutdownHook(EventLoop loop, long limit) {
        this.loop = loop;
        this.limit = limit;
    }

    /** Makes the JVM wait for the runner of {@code loop}, for at most {@code nanos}. */
    static ShutdownHook add(EventLoop loop, long nanos) {
        ShutdownHook added = new ShutdownHook(loop, nanos);
        try {
            Runtime.getRuntime().addShutdownHook(added.hook);
        } catch (IllegalStateException shuttingDown) {
            // The run takes place inside another shutdown hook, which has to wait for it.
        }
        return added;
    }

    /** Converts {@code limit} to nanoseconds. If it is null, uses the system property or the default. */
    static long nanos(@Nullable Duration limit) {
        if (limit != null) {
            return Seconds.toNanos(limit);
        }
        String seconds = System.getProperty(LIMIT_PROPERTY);
        try {
            return Seconds.toNanos(seconds == null ? DEFAULT_SECONDS : Double.parseDouble(seconds));
        } catch (IllegalArgumentException notANumber) {
            throw new IllegalArgumentException(
                    "the system property " + LIMIT_PROPERTY + " is a number of seconds, not: " + seconds, notANumber);
        }
    }

    /** Undoes {@link #add} when the runner is closed. */
    void remove() {
        closed.countDown();
        main = null;
        thread = null;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook is running, and sees the latch.
        }
    }

    /** Records that the calling thread is running {@code task}, or closing the runner if that is null. */
    void enter(@Nullable Task<?> task) {
        main = task;
        thread = Thread.currentThread();
        if (begun && task != null) {
            end(task);
        }
    }

    /** Called on the thread of the loop. */
    private void end(Task<?> task) {
        loop.tasks.end(List.of(task), MESSAGE);
    }

    /** Undoes {@link #enter} after a run. */
    void leave() {
        main = null;
        thread = null;
    }

    /** Keeps {@code error}, with which a run ended, from being printed if the shutdown has caused it and the program does not catch it. */
    void muffle(CancelledError error) {
        if (begun) {
            Thread current = Thread.currentThread();
            Thread.UncaughtExceptionHandler handler = current.getUncaughtExceptionHandler();
            current.setUncaughtExceptionHandler((ending, failure) -> {
                if (failure != error) {
                    handler.uncaughtException(ending, failure);
                }
            });
        }
    }

    private void shutDown() {
        begun = true;
        Thread runner = thread;
        Task<?> task = main;
        if (runner == null || DefaultExecutor.isExiting(runner)) {
            return;
        }
        if (task != null) {
            loop.post(() -> end(task));
        }
        try {
            await(runner);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Thread runner) throws InterruptedException {
        long end = Seconds.sum(SystemClock.INSTANCE.nanos(), limit);
        while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS) && runner.isAlive()) {
            if (DefaultExecutor.isExiting(runner)) {
                return; // its clean-up code has called System.exit
            }
            if (SystemClock.INSTANCE.nanos() - end >= 0) {
                warn(runner);
                return;
            }
        }
        long left = Math.min(end - SystemClock.INSTANCE.nanos(), AFTERWARDS_NANOS);
        if (left > 0) {
            runner.join(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }

    /** Describes the tasks of the loop that are not done, each with its stack. */
    private String stacks() {
        StringBuilder text = new StringBuilder();
        for (Task<?> task : loop.tasks.all()) {
            try {
                task.printStack(text);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return text.toString();
    }

    /** Logs the tasks that have not ended, with their stacks. */
    private void warn(Thread runner) throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loop.post(() -> answer.complete(stacks()));
        String tasks;
        try {
            tasks = answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException inTheMiddleOfAStep) {
            tasks = readFromHere() + "the thread is in the middle of a step:" + System.lineSeparator()
                    + Text.ofStack(Arrays.asList(runner.getStackTrace()));
        } catch (ExecutionException failed) {
            tasks = "their state could not be read: " + failed.getCause();
        }
        ErrorReports.logger()
                .log(
                        Level.WARNING,
                        "the JVM ends before the clean-up code in " + loop + ", which had " + Seconds.text(limit)
                                + "; not ended:" + System.lineSeparator() + tasks);
    }

    /** Describes the tasks while the loop is stuck. If it moves after all, the description may be inexact. */
    private String readFromHere() {
        try {
            return stacks();
        } catch (RuntimeException moved) {
            return "";
        }
    }
}
