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

/** The end of some workers, as one thread brings it about: first with patience, then by cancelling, at last by force. */
final class Shutdown {

    /** How long cancelled coroutines have to clean up. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** How often a thread is told to leave its loop, which may take several times: the end of the loop is run on the loop. */
    private static final int ATTEMPTS = 20;

    private final List<Worker> workers;
    private final Duration grace;

    /** Whether the calling thread was interrupted. */
    private boolean interrupted;

    Shutdown(List<Worker> workers, Duration grace) {
        this.workers = workers;
        this.grace = grace;
    }

    /** Shuts the workers down, which take no more work. True if what they had ended within {@code limit}, null for none. */
    boolean run(@Nullable Duration limit) {
        try {
            boolean inTime = await(Worker::idle, limit) && workers.stream().noneMatch(Worker::wasCancelled);
            boolean ended = inTime;
            if (!inTime) {
                workers.forEach(Worker::cancelAll);
                ended = await(Worker::idle, grace);
            }
            workers.forEach(Worker::stop);
            // A coroutine that did not heed the first cancellation had the time for this one too.
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

    /** Says that the thread of {@code worker} stays in a step, perhaps for ever, and lets nobody wait for what it was given. */
    private static void giveUp(Worker worker) {
        report(worker);
        worker.dropAll();
    }

    private static void report(Worker worker) {
        StringBuilder text = new StringBuilder(worker + " did not end, and is left behind; its thread is at");
        for (StackTraceElement element : worker.thread.getStackTrace()) {
            text.append(System.lineSeparator()).append("\tat ").append(element);
        }
        text.append(System.lineSeparator()).append(tasks(worker));
        System.getLogger("dev.heddle").log(Level.ERROR, text.toString().stripTrailing());
    }

    /** The tasks of a loop that stands still, or if it does not after all, something that is nearly true. */
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

    /** Waits until the futures of all workers are done: at most {@code limit}, null for none, and until an interrupt. */
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
            throw new IllegalStateException(impossible); // the futures are completed with null alone
        }
    }

    private static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException overflow) {
            return limit.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }

    /** Waits for a thread that has nothing left to do. */
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
