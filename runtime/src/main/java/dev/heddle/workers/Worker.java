// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.workers;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.coroutines.MainCoroutine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A thread that runs an event loop. Thread-safe, except for methods that say otherwise. */
final class Worker implements Runnable {

    final EventLoop loop = EventLoop.create();
    final Thread thread;

    /** Completed by the thread as its last action. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    /** The works of this worker that have not ended. Each is removed once, by the thread that ends it. */
    private final Set<Work<?>> works = ConcurrentHashMap.newKeySet();

    /** The size of {@link #works}. A concurrent set cannot return its size in constant time. */
    private final AtomicInteger load = new AtomicInteger();

    /** Ends the main coroutine when it is completed. Used on the thread, and before the thread is started. */
    private final Future<Boolean> stop = loop.createFuture();

    /** Whether the main coroutine has ended. Used on the thread. */
    private boolean served;

    private final Workers owner;

    /** The index among the workers. */
    final int index;

    /** The throwable with which the thread left the loop, or null. Written by the thread. */
    private volatile @Nullable Throwable death;

    /** Whether the main coroutine has ended or is about to end. Used on the thread. */
    private boolean ending;

    /** Whether {@link #leave} was called, so that leaving the loop is expected. */
    private volatile boolean leaving;

    /** Whether {@link #cancelAll} was called. */
    private volatile boolean cancelled;

    /** Whether {@link #cancelWorks} was called. Used on the thread. */
    private boolean worksCancelled;

    Worker(Workers owner, int index) {
        this.owner = owner;
        this.index = index;
        thread = new Thread(this, "heddle-worker-" + index);
        thread.setDaemon(false); // otherwise inherited from the creating thread
    }

    // Work

    int load() {
        return load.get();
    }

    /** Counts {@code work} as work of this worker. */
    void claim(Work<?> work) {
        load.incrementAndGet();
        works.add(work);
    }

    /** Starts {@code work}, which must have been claimed. */
    void begin(Work<?> work) {
        if (!post(work)) {
            drop(work);
        }
    }

    /** Stops counting {@code work}. Idempotent. */
    void end(Work<?> work) {
        if (works.remove(work)) {
            load.decrementAndGet();
            work.ended.complete(null);
        }
    }

    /** Whether it is too late for work to begin. Called on the thread. */
    boolean isEnding() {
        return ending;
    }

    /** Fails {@code work}: it will never run, will never continue, or should not be waited for any longer. */
    void drop(Work<?> work) {
        Throwable died = death;
        IllegalStateException failure = died != null
                ? died(died)
                : new IllegalStateException(this + " was shut down before the coroutine ended");
        end(work);
        work.result.completeExceptionally(failure);
    }

    /** Drops all work of this worker, because its loop is closed or its thread is stuck in a step. */
    void dropAll() {
        works.forEach(this::drop);
    }

    /** Returns a future that completes when all work that this worker has at the moment has ended. */
    CompletableFuture<Void> idle() {
        return CompletableFuture.allOf(works.stream().map(work -> work.ended).toArray(CompletableFuture[]::new));
    }

    /** Cancels the work that this worker has at the moment. */
    void cancelAll() {
        cancelled = true;
        post(() -> works.forEach(Work::cancel));
    }

    /**
     * Cancels all work of this worker and returns the tasks that have not ended. From then on, no work begins. Called on the thread.
     */
    List<Task<?>> cancelWorks() {
        List<Task<?>> tasks = new ArrayList<>();
        for (Work<?> work : works) {
            Task<?> task = work.cancel();
            if (task != null) {
                tasks.add(task);
            }
        }
        worksCancelled = true;
        ending = true;
        return tasks;
    }

    /** Whether this worker has cancelled its work. What that work has cancelled may be cleaning up. Called on the thread. */
    private boolean hasCancelledTasks() {
        return cancelled || worksCancelled;
    }

    /** Whether {@link #cancelAll} was called. */
    boolean wasCancelled() {
        return cancelled;
    }

    // The thread

    /** Calls {@code callback} on the thread. Returns false if the thread has left the loop for good. */
    boolean post(Runnable callback) {
        try {
            loop.callSoonThreadsafe(callback);
            return true;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Override
    public void run() {
        try (Runner runner = new Runner(() -> loop)) {
            try {
                runner.run(new MainCoroutine<>(serve(), this::hasCancelledTasks));
            } catch (Throwable failure) {
                leftBy(failure); // before the runner cancels the remaining tasks, so that their futures can carry the
                // reason
            }
            ending = true;
        } catch (Throwable failure) {
            leftBy(failure);
        } finally {
            // Work that is claimed from now on finds the loop closed.
            loop.close();
            dropAll();
            owner.over(this);
            over.complete(null);
        }
    }

    /**
     * The main coroutine of the run. It waits until the worker is stopped. If it is cancelled because the JVM shuts down, it cancels the
     * submitted coroutines and awaits them. The end of the run cancels the remaining tasks of the loop.
     */
    @Async
    private Coroutine<Boolean> serve() {
        try {
            return Coroutine.of(await(stop));
        } catch (CancelledError cancelled) {
            if (!ending) {
                List<Task<?>> tasks = cancelWorks();
                if (!tasks.isEmpty()) {
                    await(Asyncio.wait(tasks));
                }
            }
            throw cancelled;
        } finally {
            served = true;
        }
    }

    /** Called on the thread when {@code failure} has propagated out of the loop. */
    private void leftBy(Throwable failure) {
        boolean expected = failure instanceof CancelledError // the JVM ends
                || (leaving && failure instanceof InterruptError);
        if (expected || death != null) {
            return;
        }
        death = failure;
        boolean replaced = owner.replace(this);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put(
                "message",
                this + " died" + (replaced ? " and was replaced" : "")
                        + ", and the coroutines that were submitted to it fail");
        report.put("exception", failure);
        report.put("loop", loop);
        report.put("work", works.stream().map(Work::toString).toList());
        loop.callExceptionHandler(report);
    }

    /** Copies the settings of the loop of {@code dead} to this loop, before any work begins. Called on the thread of {@code dead}. */
    void adopt(Worker dead) {
        EventLoop former = dead.loop;
        boolean debug = former.getDebug();
        double slow = former.getSlowCallbackDuration();
        double delay = former.getUnretrievedFailureDelay();
        BiConsumer<? super EventLoop, ? super Map<String, Object>> handler = former.getExceptionHandler();
        TaskFactory factory = former.getTaskFactory();
        post(() -> {
            loop.setDebug(debug);
            loop.setSlowCallbackDuration(slow);
            loop.setUnretrievedFailureDelay(delay);
            loop.setExceptionHandler(handler);
            loop.setTaskFactory(factory);
        });
    }

    /** Returns the throwable of which this worker died, or null. */
    @Nullable
    Throwable death() {
        return death;
    }

    /** Creates the failure of the coroutines of this worker, which died of {@code cause}. */
    IllegalStateException died(Throwable cause) {
        return new IllegalStateException(this + " died before the coroutine ended", cause);
    }

    /** Ends the thread after it has cancelled the remaining tasks of the loop. */
    void stop() {
        post(() -> {
            if (!stop.isDone()) {
                stop.setResult(true);
            }
        });
    }

    /** Makes the thread leave the loop even if tasks still run, and interrupts it in case it blocks in a step. */
    void leave() {
        leaving = true;
        post(() -> leaveLoop(2));
        thread.interrupt();
    }

    /** Leaves the loop. If the worker is ending, the cancelled main coroutine first gets up to {@code patience} turns to end. */
    private void leaveLoop(int patience) {
        if (ending && !served && patience > 0) {
            loop.callSoon(() -> leaveLoop(patience - 1));
            return;
        }
        throw new InterruptError(this + " was shut down, and its coroutines did not end when they were cancelled");
    }

    @Override
    public String toString() {
        return "worker " + thread.getName();
    }
}
