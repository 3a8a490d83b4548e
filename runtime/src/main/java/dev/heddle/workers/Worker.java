package dev.heddle.workers;

import dev.heddle.CancelledError;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
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

/** A thread with a loop. Every method may be called on any thread but for what says otherwise. */
final class Worker implements Runnable {

    final EventLoop loop = EventLoop.create();
    final Thread thread;

    /** Completed by the thread as the last thing it does. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    /** The works given to this worker that have not ended. Each is taken out once, by the thread that ends it. */
    private final Set<Work<?>> works = ConcurrentHashMap.newKeySet();

    /** The size of {@link #works}, which a set that several threads change does not know at once. */
    private final AtomicInteger load = new AtomicInteger();

    /** Ends the main coroutine. Used on the thread, and before it is started. */
    private final Future<Boolean> stop = loop.createFuture();

    private final ServeFrame main = new ServeFrame(this, stop);

    private final Workers owner;

    /** The place among the workers. */
    final int index;

    /** The throwable that made the thread leave the loop, null if there is none. Written by the thread. */
    private volatile @Nullable Throwable death;

    /** Whether the main coroutine has ended, or is about to. Used on the thread. */
    private boolean ending;

    /** Whether {@link #leave} was called, so that leaving the loop is no surprise. */
    private volatile boolean leaving;

    /** Whether {@link #cancelAll} was called. */
    private volatile boolean cancelled;

    Worker(Workers owner, int index) {
        this.owner = owner;
        this.index = index;
        thread = new Thread(this, "heddle-worker-" + index);
        thread.setDaemon(false); // whatever the thread is that makes this one
    }

    // Work

    int load() {
        return load.get();
    }

    /** Counts {@code work} as one of this worker. */
    void claim(Work<?> work) {
        load.incrementAndGet();
        works.add(work);
    }

    /** Lets {@code work}, which was claimed, begin. */
    void begin(Work<?> work) {
        if (!post(work)) {
            drop(work);
        }
    }

    /** Counts {@code work} no longer, unless that was done before. */
    void end(Work<?> work) {
        if (works.remove(work)) {
            load.decrementAndGet();
            work.ended.complete(null);
        }
    }

    /** Whether it is too late for anything to begin. Called on the thread. */
    boolean isEnding() {
        return ending;
    }

    /** Ends {@code work} with a failure: it never runs, or never goes on, or nobody is to wait for that any more. */
    void drop(Work<?> work) {
        Throwable died = death;
        IllegalStateException failure = died != null
                ? died(died)
                : new IllegalStateException(this + " was shut down before the coroutine ended");
        end(work);
        work.result.completeExceptionally(failure);
    }

    /** Drops everything given to this worker: when its loop is closed, or when its thread does not come out of a step. */
    void dropAll() {
        works.forEach(this::drop);
    }

    /** A future that completes when everything given to this worker so far has ended. */
    CompletableFuture<Void> idle() {
        return CompletableFuture.allOf(works.stream().map(work -> work.ended).toArray(CompletableFuture[]::new));
    }

    /** Cancels what was given to this worker so far. */
    void cancelAll() {
        cancelled = true;
        post(() -> works.forEach(Work::cancel));
    }

    /**
     * Cancels what was given to this worker, from when on nothing begins, and returns the tasks that have not ended. Called on the
     * thread.
     */
    List<Task<?>> cancelWorks() {
        List<Task<?>> tasks = new ArrayList<>();
        for (Work<?> work : works) {
            Task<?> task = work.cancel();
            if (task != null) {
                tasks.add(task);
            }
        }
        ending = true;
        return tasks;
    }

    /** Whether {@link #cancelAll} was called. */
    boolean wasCancelled() {
        return cancelled;
    }

    // The thread

    /** Calls {@code callback} on the thread; false if that has left the loop for good. */
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
                runner.run(main);
            } catch (Throwable failure) {
                leftBy(failure); // before the runner cancels what is left, which then knows the reason
            }
            ending = true;
        } catch (Throwable failure) {
            leftBy(failure);
        } finally {
            // A work that is claimed from now on finds the loop closed.
            loop.close();
            dropAll();
            owner.over(this);
            over.complete(null);
        }
    }

    /** Called on the thread when {@code failure} has left the loop. */
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

    /** Gives the loop, before anything that is sent later, what was set on that of {@code dead}, whose thread calls this. */
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

    /** The throwable of which this worker has died, or null. */
    @Nullable
    Throwable death() {
        return death;
    }

    /** The failure of the coroutines whose worker has died of {@code cause}. */
    IllegalStateException died(Throwable cause) {
        return new IllegalStateException(this + " died before the coroutine ended", cause);
    }

    /** Lets the thread end after it has cancelled what is left on the loop. */
    void stop() {
        post(() -> {
            if (!stop.isDone()) {
                stop.setResult(true);
            }
        });
    }

    /** Lets the thread leave the loop, whatever still runs there, and wakes it if it blocks in a step. */
    void leave() {
        leaving = true;
        post(() -> leaveLoop(2));
        thread.interrupt();
    }

    /** Leaves the loop, at the end of its life not before the main coroutine, which was cancelled, has had a turn or two to end. */
    private void leaveLoop(int patience) {
        if (ending && !main.over && patience > 0) {
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
