// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.monitor.LoopStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines on several threads, each with its own event loop, so that a program can use more than one core:
 *
 * <pre>{@code
 * try (Workers workers = Workers.start()) {
 *     CompletableFuture<Page> page = workers.submit(() -> fetch(url));
 *     show(page.join());
 * }
 * }</pre>
 *
 * <p>A coroutine stays on the worker to which it was submitted, and so do the tasks that it makes. Plain threads can wait for the {@code
 * CompletableFuture} that {@code submit} returns, and coroutines of any loop can await it. Cancelling it cancels the coroutine. The future
 * is completed on the worker's thread. If {@link #shutdown(Duration)} leaves a worker behind, the calling thread completes the worker's
 * futures.
 *
 * <p>The threads, {@code heddle-worker-0} and so on, keep the JVM alive until the workers are shut down. When the JVM is told to end, each
 * worker cancels the coroutines that were submitted to it. Once these have ended, it cancels the remaining tasks. {@link dev.heddle.Runner}
 * describes how long that may take.
 *
 * <p>If a failure leaves the loop of a worker, an {@link InternalError} for example, the worker dies. The failure is reported to the
 * exception handler of its loop, with the submitted coroutines as {@code work}. They are cancelled, and their futures fail with an {@code
 * IllegalStateException} that has the failure as its cause. A new thread with a new loop replaces the worker, and inherits the exception
 * handler, task factory and debug mode. The other workers are not affected.
 *
 * <p>All methods are thread-safe. The methods that wait must not be called on the thread of a worker.
 */
public final class Workers implements AutoCloseable {

    /** The current worker at each index. */
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /** Workers that died and were replaced. Workers whose threads have ended may be missing. Guarded by this. */
    private final List<Worker> dying = new ArrayList<>();

    /** What to do when the workers begin to shut down, by an object of its own. */
    private final Map<Object, Runnable> atShutdown = new ConcurrentHashMap<>();

    /** The name of the workers in JMX, null for none. Guarded by this. */
    private @Nullable String registeredName;

    /**
     * Set once, while the lock of this object is held. Submitting claims the worker before it reads this field; shutting down sets the
     * field before it looks at the claims.
     */
    private volatile boolean shutDown;

    /** Creates workers without starting them. With a count of 0, a test can create a single {@link Worker} itself. */
    Workers(int count) {
        for (int index = 0; index < count; index++) {
            workers.add(new Worker(this, index));
        }
    }

    /** Starts one worker for each core. */
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
            if (running < count) { // no more threads can be created
                started.workers.subList(0, running).forEach(Worker::stop);
                started.workers.subList(running, count).forEach(worker -> worker.loop.close());
            }
        }
    }

    /**
     * Submits a coroutine to the worker that has the fewest submitted coroutines. The worker's thread calls {@code function} to make it.
     *
     * @throws IllegalStateException if the workers are shut down, or every worker has died and could not be replaced
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
     * Submits a coroutine to the worker with the index {@code worker}, which begins at 0. The worker's thread calls {@code function} to make it. If the
     * worker has died and could not be replaced, the future fails.
     *
     * @throws IllegalStateException if the workers are shut down
     * @throws IndexOutOfBoundsException if there is no such worker
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(int worker, AsyncSupplier<T> function) {
        Objects.requireNonNull(function, "function");
        return submitTo(workers.get(worker), function);
    }

    /**
     * Submits one coroutine to every worker. Each worker's thread calls {@code function} with the worker's index, which begins at 0.
     * Returns the futures in the order of the workers. The future of a worker that has died fails.
     *
     * @throws IllegalStateException if the workers are shut down
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

    /** The coroutine of a {@link Work}, which calls {@code function} on the thread of {@code worker}. */
    @Async
    static <T extends @Nullable Object> Coroutine<T> submit(Worker worker, AsyncSupplier<T> function) throws Exception {
        return Coroutine.of(await(function.get()));
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

    /** Replaces {@code dead} with a new worker and returns whether that was possible. Called on the thread of {@code dead}. */
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
        dying.removeIf(former -> !former.thread.isAlive());
        dying.add(dead);
        workers.set(dead.index, next);
        return true;
    }

    /** Called by {@code worker} when it ends, after its loop was closed. */
    synchronized void over(Worker worker) {
        if (dying.contains(worker) && registeredName != null && !shutDown) {
            try {
                register(worker.index, registeredName);
            } catch (IllegalStateException taken) {
                // The name has been taken in the meantime.
            }
        }
    }

    /**
     * Returns the loops in the order of the workers, for {@link EventLoop#callSoonThreadsafe} for example. A worker that replaces a dead
     * one has a new loop.
     */
    public List<EventLoop> loops() {
        return workers.stream().map(worker -> worker.loop).toList();
    }

    /**
     * Exposes the statistics of the workers through JMX until they are shut down. The names are {@code name-0}, {@code name-1} and so on.
     *
     * @throws IllegalStateException as {@link LoopStatistics#register} throws it; the workers before the one that failed stay registered
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

    /** Returns the number of workers. */
    public int size() {
        return workers.size();
    }

    /**
     * Calls {@code action} when the workers begin to shut down, before they wait for their coroutines, so that a coroutine that would go on for ever, such as a
     * server's, can be told to end. The thread that shuts down calls it, before {@link #shutdown} waits; if that has happened already, this method calls it. An
     * action must not block or throw.
     *
     * @return takes {@code action} back when it is run
     */
    public Runnable onShutdown(Runnable action) {
        Object key = new Object();
        synchronized (this) {
            if (!shutDown) {
                atShutdown.put(key, action);
                return () -> atShutdown.remove(key);
            }
        }
        action.run();
        return () -> {};
    }

    /**
     * Refuses new coroutines and waits until the submitted ones have ended, for at most {@code limit}. After the limit, it cancels the
     * coroutines that still run, which then have ten seconds to clean up. After that it cancels the tasks that nobody has cancelled yet, so
     * that clean-up code is never cancelled a second time. A task that does not end is reported to the exception handler of its loop and
     * dropped. A thread that stays in one step is interrupted. If that does not help, the thread is reported and left behind, and the
     * futures of its coroutines fail.
     *
     * <p>An interrupt of the calling thread ends the wait like the limit does, and the interrupt flag is set on return. A second call waits
     * as well.
     *
     * @return whether all submitted coroutines ended within the limit, so that none had to be cancelled
     * @throws IllegalStateException on the thread of a worker, which would wait for itself
     */
    public boolean shutdown(Duration limit) {
        Objects.requireNonNull(limit, "limit");
        return shutdown(limit, Shutdown.GRACE);
    }

    /** Shuts down like {@link #shutdown(Duration)}, with {@code grace} for clean-up code. */
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
        atShutdown.forEach((key, action) -> {
            if (atShutdown.remove(key, action)) {
                action.run();
            }
        });
        return new Shutdown(all, grace).run(limit);
    }

    /** Shuts down like {@link #shutdown(Duration)}, without a limit. */
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
