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
import java.util.concurrent.CopyOnWriteArrayList;
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
 * cancels the coroutines that were submitted to it, and when these have ended the tasks that are left; {@link dev.heddle.Runner} says how
 * long that may take.
 *
 * <p>When a failure leaves the loop of a worker, an {@link InternalError} for example, the worker dies: that is reported to the exception
 * handler of its loop, with the coroutines that were submitted to it as {@code work}. These are cancelled, and their futures fail with an
 * {@code IllegalStateException} whose cause it is. Another thread with a new loop takes the place of the worker, with the exception handler,
 * task factory and debug mode of the old one. The other workers go on.
 *
 * <p>Every method may be called on any thread; those that wait not on that of a worker.
 */
public final class Workers implements AutoCloseable {

    /** One for each place, the last one that was made there. */
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /** Those that have died, were replaced, and have not ended. Guarded by this. */
    private final List<Worker> dying = new ArrayList<>();

    /** The name of the workers in JMX, null for none. Guarded by this. */
    private @Nullable String registeredName;

    /**
     * Set once, with the lock of this. Submitting claims the worker before it reads this, shutting down sets this before it looks at the
     * claims.
     */
    private volatile boolean shutDown;

    /** Workers that are not started; with none, a {@link Worker} can be made for it alone. */
    Workers(int count) {
        for (int index = 0; index < count; index++) {
            workers.add(new Worker(this, index));
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
     * @throws IllegalStateException if this is shut down, or every worker has died and could not be replaced
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

    /** Starts another worker in the place of {@code dead}, on whose thread this is called. False if that is not possible. */
    synchronized boolean replace(Worker dead) {
        if (shutDown) {
            return false;
        }
        Worker next = new Worker(this, dead.index);
        next.adopt(dead);
        try {
            next.thread.start();
        } catch (OutOfMemoryError noThread) {
            next.loop.close();
            return false;
        }
        dying.add(dead);
        workers.set(dead.index, next);
        return true;
    }

    /** Called by {@code worker} at its end, when its loop is closed. */
    synchronized void over(Worker worker) {
        if (dying.remove(worker) && registeredName != null && !shutDown) {
            try {
                register(worker.index, registeredName);
            } catch (IllegalStateException taken) {
                // Somebody else has the name meanwhile.
            }
        }
    }

    /**
     * The loops, in the order of the workers, for {@link EventLoop#callSoonThreadsafe} and the like. A worker that replaces one that has died
     * has another loop.
     */
    public List<EventLoop> loops() {
        return workers.stream().map(worker -> worker.loop).toList();
    }

    /**
     * Shows the statistics of the workers through JMX, as {@link LoopStatistics#register} does, under the names {@code NAME-0}, {@code NAME-1}
     * and so on, until they are shut down.
     *
     * @throws IllegalStateException as {@link LoopStatistics#register}; workers before the one that cannot be registered are
     */
    public synchronized void register(String name) {
        for (int index = 0; index < workers.size(); index++) {
            register(index, name);
        }
        registeredName = name;
    }

    private void register(int index, String name) {
        LoopStatistics.register(workers.get(index).loop, name + "-" + index);
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
        List<Worker> all;
        synchronized (this) {
            shutDown = true;
            all = new ArrayList<>(workers);
            all.addAll(dying);
        }
        return new Shutdown(all, grace).run(limit);
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
