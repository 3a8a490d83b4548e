package dev.heddle.workers;

import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.EventLoop;
import dev.heddle.LoopStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Threads with an event loop each, for coroutines that are to use more than one core:
 *
 * <pre>{@code
 * try (Workers workers = Workers.start()) {
 *     CompletableFuture<Page> page = workers.submit(() -> fetch(url));
 *     show(page.join());
 * }
 * }</pre>
 *
 * <p>A coroutine stays on the worker it was given to, and so do the tasks it makes. A {@code CompletableFuture} of this class is
 * waited for by plain threads, or awaited by a coroutine of any loop; cancelling it cancels the coroutine. It is completed on the
 * worker's thread; that of a worker which is left behind by {@link #shutdown(Duration)} on the thread that calls this.
 *
 * <p>The threads, {@code heddle-worker-0} and so on, keep the JVM alive until this is shut down. When the JVM is told to end, each
 * cancels its coroutines, as {@link dev.heddle.Runner} says.
 *
 * <p>When a failure leaves the loop of a worker, an error of the virtual machine mostly, the worker dies: that is reported to the exception
 * handler of its loop, its coroutines are cancelled, and their futures fail with an {@code IllegalStateException} whose cause it is. The
 * other workers go on.
 *
 * <p>Every method may be called on any thread; those that wait not on that of a worker.
 */
public final class Workers implements AutoCloseable {

    private final List<Worker> workers = new ArrayList<>();

    /** Set once. Submitting claims the worker before it reads this, shutting down sets this before it looks at the claims. */
    private volatile boolean shutDown;

    private Workers(int count) {
        for (int index = 0; index < count; index++) {
            workers.add(new Worker(index));
        }
    }

    /** As {@link #start(int)}, with a worker for each core. */
    public static Workers start() {
        return start(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Starts {@code count} workers.
     *
     * @throws IllegalArgumentException if {@code count} is less than 1
     */
    public static Workers start(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("not a number of workers: " + count + "; at least 1 is needed");
        }
        Workers started = new Workers(count);
        int running = 0;
        try {
            for (Worker worker : started.workers) {
                worker.thread.start();
                running++;
            }
            return started;
        } finally {
            if (running < count) { // there are no more threads to be had
                started.workers.subList(0, running).forEach(Worker::stop);
                started.workers.subList(running, count).forEach(worker -> worker.loop.close());
            }
        }
    }

    /**
     * Runs the coroutine that {@code function} makes, which is called there, on the worker that has the fewest of those submitted.
     *
     * @throws IllegalStateException if this is shut down, or every worker has died
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(AsyncSupplier<T> function) {
        Objects.requireNonNull(function, "function");
        Worker least = null;
        int leastLoad = Integer.MAX_VALUE;
        for (Worker worker : workers) {
            int load = worker.load();
            if (load < leastLoad && worker.death() == null) {
                least = worker;
                leastLoad = load;
            }
        }
        if (least == null) {
            throw new IllegalStateException("every worker has died: " + this + "; start new ones");
        }
        return submitTo(least, function);
    }

    /**
     * Runs on every worker the coroutine that {@code function} makes, which is called there, of the worker's index, 0 at first. The futures are in
     * the order of the workers; that of a worker that has died fails.
     *
     * @throws IllegalStateException if this is shut down
     */
    public <T extends @Nullable Object> List<CompletableFuture<T>> submitEach(AsyncFunction<Integer, T> function) {
        Objects.requireNonNull(function, "function");
        List<CompletableFuture<T>> results = new ArrayList<>();
        for (int index = 0; index < workers.size(); index++) {
            Integer argument = index;
            results.add(submitTo(workers.get(index), () -> function.apply(argument)));
        }
        return results;
    }

    private <T extends @Nullable Object> CompletableFuture<T> submitTo(Worker worker, AsyncSupplier<T> function) {
        Work<T> work = new Work<>(worker, function);
        worker.claim(work);
        if (shutDown) {
            worker.end(work);
            throw new IllegalStateException(this + " takes no more coroutines; submit them before shutdown or close");
        }
        worker.begin(work);
        return work.result;
    }

    /** The loops, in the order of the workers, for {@link EventLoop#callSoonThreadsafe} and the like. */
    public List<EventLoop> loops() {
        return workers.stream().map(worker -> worker.loop).toList();
    }

    /**
     * Shows the statistics of the workers through JMX, as {@link LoopStatistics#register} does, under the names {@code NAME-0}, {@code NAME-1}
     * and so on, until they are shut down.
     *
     * @throws IllegalStateException as {@link LoopStatistics#register}; workers before the one that cannot be registered are
     */
    public void register(String name) {
        for (int index = 0; index < workers.size(); index++) {
            LoopStatistics.register(workers.get(index).loop, name + "-" + index);
        }
    }

    /** How many workers there are. */
    public int size() {
        return workers.size();
    }

    /**
     * Refuses new work and waits until the coroutines that were submitted have ended, at most {@code limit}. Those that have not then are cancelled, and
     * have ten seconds to clean up. Tasks that are left when they have ended are cancelled as at the end of {@link dev.heddle.Asyncio#run}. What
     * has not ended then either is reported to the exception handler of its loop and dropped; a thread that does not come out of a step is
     * interrupted, and if that does not help, reported and left behind; the futures of what was submitted to it fail.
     *
     * <p>An interrupt of the calling thread ends the wait as the limit does; the interrupt flag is set at the end. Shutting down again waits, too.
     *
     * @return whether the coroutines that were submitted ended in time, and none had to be cancelled
     * @throws IllegalStateException on the thread of a worker, which would wait for itself
     */
    public boolean shutdown(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        return shutdown(limit, Shutdown.GRACE);
    }

    /** As {@link #shutdown(Duration)}, those that are cancelled having {@code grace} to clean up. */
    boolean shutdown(@Nullable Duration limit, Duration grace) {
        for (Worker worker : workers) {
            if (worker.thread == Thread.currentThread()) {
                throw new IllegalStateException(
                        worker + " cannot wait for its own end; call shutdown or close on another thread");
            }
        }
        shutDown = true;
        return new Shutdown(workers, grace).run(limit);
    }

    /** As {@link #shutdown(Duration)}, without a limit. */
    @Override
    public void close() {
        shutdown(null, Shutdown.GRACE);
    }

    @Override
    public String toString() {
        int load = workers.stream().mapToInt(Worker::load).sum();
        return "<Workers size=" + workers.size() + " load=" + load + (shutDown ? " shutdown" : "") + ">";
    }
}
