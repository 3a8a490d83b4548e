package dev.heddle;

import dev.heddle.internal.loop.Seconds;
import dev.heddle.internal.loop.SystemClock;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
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
 * The threads of a loop for calls that block, made when the first is needed: virtual threads where the JDK has them, else a
 * pool as large as CPython's. None of them keeps the virtual machine alive.
 */
final class DefaultExecutor {

    private static final int MOST_THREADS = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);
    private static final int IDLE_SECONDS = 10;

    /** How often it is looked whether the calls that are awaited can end. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The threads that make calls in this executor at this moment. */
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();

    private final EventLoop loop;
    private @Nullable ExecutorService service;
    private boolean shutDown;

    DefaultExecutor(EventLoop loop) {
        this.loop = loop;
    }

    /** The executor. Called on the loop's thread. */
    ExecutorService get() {
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

    /** Package-private for the tests, as a newer JDK never comes here. */
    static ExecutorService pool() {
        AtomicInteger made = new AtomicInteger(); // counted by whatever thread the pool adds a thread in
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_THREADS, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
                    Thread thread = new Thread(runnable, "heddle-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Takes {@code replacement} from now on. Called on the loop's thread. */
    void set(ExecutorService replacement) {
        service = replacement;
    }

    /**
     * Refuses further calls. Called on the loop's thread.
     *
     * @param limit how long to wait in real time, null for as long as it takes
     * @return a future that says whether the calls that were made are over, null if they are already
     */
    @Nullable
    Future<Boolean> shutDown(@Nullable Duration limit) {
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
        return ExternalFuture.of(() -> awaitCalls(existing, nanos), DefaultExecutor::inDaemon, loop);
    }

    /** Waits until the calls are over, or can end no more: a thread that has called {@code System.exit} waits for the end of the run. */
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

    /** The threads that make calls in {@code executor}, null if it is not this one. */
    @Nullable
    Set<Thread> callersIn(Executor executor) {
        return executor == service ? callers : null;
    }

    void warnOfCallsAfter(Duration limit) {
        String within = Seconds.text(Seconds.toNanos(limit));
        ErrorReports.logger()
                .log(Level.WARNING, "calls in the default executor of " + loop + " did not end within " + within);
    }

    private static void inDaemon(Runnable call) {
        Thread thread = new Thread(call, "heddle-shutdown");
        thread.setDaemon(true);
        thread.start();
    }

    /** Refuses further calls without waiting for those that were made. */
    void shutDownNow() {
        shutDown = true;
        if (service != null) {
            service.shutdown();
        }
    }

    /** Whether {@code thread} has called {@link System#exit}, and so waits for this hook. */
    static boolean isExiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(element -> element.getClassName().equals("java.lang.Shutdown"));
    }
}
