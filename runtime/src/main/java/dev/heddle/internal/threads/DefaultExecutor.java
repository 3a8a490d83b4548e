// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.threads;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.SystemClock;
import dev.heddle.internal.report.ErrorReports;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Provides the threads of a loop for calls that block. They are virtual threads if the JDK has them, otherwise a pool of the same size as
 * in CPython. The executor is created on first use. Its threads do not keep the JVM alive.
 */
public final class DefaultExecutor {

    private static final int MOST_THREADS = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
    private static final int IDLE_SECONDS = 10;

    /** How often to check whether the awaited calls can still end. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The threads that are executing calls of this executor. */
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

    /** The loop, for messages. */
    private final Object loop;

    private @Nullable ExecutorService service;
    private boolean shutDown;

    /** Creates the executor of {@code loop}, without any thread. */
    public DefaultExecutor(Object loop) {
        this.loop = loop;
    }

    /** Returns the executor. Called on the loop's thread. */
    public ExecutorService get() {
        if (shutDown) {
            throw new IllegalStateException("Executor shutdown has been called: " + loop);
        }
        ExecutorService existing = service;
        if (existing == null) {
            existing = open();
            service = existing;
        }
        return existing;
    }

    private static ExecutorService open() {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable beforeJava21) {
            return pool();
        }
    }

    /** Public for the tests, because a newer JDK never calls it. */
    public static ExecutorService pool() {
        AtomicInteger made = new AtomicInteger(); // any thread may make the pool add a thread
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_THREADS, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
                    Thread thread = new Thread(runnable, "heddle-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Uses {@code replacement} from now on. Called on the loop's thread. */
    public void set(ExecutorService replacement) {
        service = replacement;
    }

    /**
     * Refuses further calls. Called on the loop's thread.
     *
     * @param limit how long to wait in real time; null means no limit
     * @return a wait, for a thread of its own, that returns whether the calls have ended; null if they have already ended
     */
    public @Nullable Callable<Boolean> shutDown(@Nullable Duration limit) {
        shutDown = true;
        ExecutorService existing = service;
        if (existing == null) {
            return null;
        }
        existing.shutdown();
        if (existing.isTerminated()) {
            return null;
        }
        long nanos = limit == null ? Long.MAX_VALUE : Seconds.toNanos(limit);
        return () -> awaitCalls(existing, nanos);
    }

    /** Waits until the calls have ended or can no longer end: a thread that has called {@code System.exit} waits for the end of the run. */
    private boolean awaitCalls(ExecutorService service, long limit) throws InterruptedException {
        long end = Seconds.sum(SystemClock.INSTANCE.nanos(), limit);
        long left = limit;
        while (!service.awaitTermination(Math.min(left, POLL_NANOS), TimeUnit.NANOSECONDS)) {
            left = limit == Long.MAX_VALUE ? limit : end - SystemClock.INSTANCE.nanos();
            if (left <= 0) {
                return false;
            }
            if (!callers.isEmpty() && callers.stream().allMatch(DefaultExecutor::isExiting)) {
                return true;
            }
        }
        return true;
    }

    /** Returns the threads that are executing calls of {@code executor}; null if it is not this executor. */
    public @Nullable Set<Thread> callersIn(Executor executor) {
        return executor == service ? callers : null;
    }

    /** Logs that calls have not ended within {@code limit}. */
    public void warnOfCallsAfter(Duration limit) {
        String within = Seconds.text(Seconds.toNanos(limit));
        ErrorReports.logger()
                .log(Level.WARNING, "calls in the default executor of " + loop + " did not end within " + within);
    }

    /** Calls {@code call} in a thread of its own, which does not keep the virtual machine alive. */
    public static void inDaemon(Runnable call) {
        Thread thread = new Thread(call, "heddle-shutdown");
        thread.setDaemon(true);
        thread.start();
    }

    /** Refuses further calls without waiting for calls in progress. */
    public void shutDownNow() {
        shutDown = true;
        if (service != null) {
            service.shutdown();
        }
    }

    /** Whether {@code thread} has called {@link System#exit}, and therefore waits for the shutdown hooks. */
    public static boolean isExiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(element -> element.getClassName().equals("java.lang.Shutdown"));
    }
}
