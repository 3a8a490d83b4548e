// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import dev.heddle.Asyncio;
import dev.heddle.Task;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shuts workers down from one thread: first it waits, then it cancels, and last it interrupts. */
final class Shutdown {

    /** How long cancelled coroutines have to clean up. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** How often a thread is asked to leave its loop. It may take several requests, because closing the loop runs steps on the loop. */
    private static final int ATTEMPTS = 20;

    private final List<Worker> workers;
    private final Duration grace;

    /** Whether the calling thread was interrupted. */
    private boolean interrupted;

    Shutdown(List<Worker> workers, Duration grace) {
        this.workers = workers;
        this.grace = grace;
    }

    /**
     * Shuts down the workers, which must not accept work any more. Returns whether their work ended within {@code limit}; null means no
     * limit.
     */
    boolean run(@Nullable Duration limit) {
        try {
            boolean inTime = await(Worker::idle, limit) && workers.stream().noneMatch(Worker::wasCancelled);
            boolean ended = inTime;
            if (!inTime) {
                workers.forEach(Worker::cancelAll);
                ended = await(Worker::idle, grace);
            }
            workers.forEach(Worker::stop);
            // A coroutine that ignored the first cancellation has already had its grace period.
            if (!await(worker -> worker.over, ended ? grace : grace.dividedBy(10))) {
                leave();
            }
            workers.stream().filter(worker -> worker.over.isDone()).forEach(this::join);
            return inTime;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void leave() {
        Duration pause = grace.dividedBy(ATTEMPTS);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            workers.stream().filter(worker -> !worker.over.isDone()).forEach(Worker::leave);
            if (await(worker -> worker.over, pause)) {
                return;
            }
        }
        workers.stream().filter(worker -> !worker.over.isDone()).forEach(Shutdown::giveUp);
    }

    /** Reports that the thread of {@code worker} is stuck in a step, perhaps forever, and fails the futures of its work. */
    private static void giveUp(Worker worker) {
        report(worker);
        worker.dropAll();
    }

    private static void report(Worker worker) {
        StringBuilder text = new StringBuilder(worker + " did not end and is left behind; its thread is at");
        for (StackTraceElement element : worker.thread.getStackTrace()) {
            text.append(System.lineSeparator()).append("\tat ").append(element);
        }
        text.append(System.lineSeparator()).append(tasks(worker));
        System.getLogger("dev.heddle").log(Level.ERROR, text.toString().stripTrailing());
    }

    /** Describes the tasks of a loop that is stuck. If the loop moves after all, the description may be inexact. */
    private static String tasks(Worker worker) {
        StringBuilder text = new StringBuilder();
        try {
            for (Task<?> task : Asyncio.allTasks(worker.loop)) {
                task.printStack(text);
            }
        } catch (IOException | RuntimeException moved) {
            text.append("its tasks could not be read: ").append(moved);
        }
        return text.toString();
    }

    /**
     * Waits until the futures of all workers are done, and returns whether they are. An interrupt ends the wait, and so does {@code limit};
     * null means no limit.
     */
    private boolean await(Function<Worker, CompletableFuture<Void>> future, @Nullable Duration limit) {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(workers.stream().map(future).toArray(CompletableFuture[]::new));
        try {
            if (limit == null) {
                all.get();
            } else {
                all.get(nanos(limit), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (InterruptedException interrupt) {
            interrupted = true;
            return all.isDone();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible); // the futures are only ever completed with null
        }
    }

    private static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException overflow) {
            return limit.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    /** Waits for the thread of {@code worker}, which has nothing left to do. */
    private void join(Worker worker) {
        while (worker.thread.isAlive()) {
            try {
                worker.thread.join();
            } catch (InterruptedException interrupt) {
                interrupted = true;
            }
        }
    }
}
