// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import dev.heddle.EventLoop;
import dev.heddle.TimerHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Arms and cancels 1,000,000 timeouts of random length, up to an hour. An operation is a timeout, armed and cancelled.
 * {@code plain}, the floor, is a {@code PriorityQueue} of objects, in which cancelled ones stay until they are half of
 * all. {@code platformThreads} is a {@code ScheduledThreadPoolExecutor} that removes cancelled tasks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TimerBenchmark {

    private static final int TIMEOUTS = 1_000_000;
    private static final int HOUR_MILLIS = 3_600_000;

    /** How many timeouts are armed at a time. */
    public enum Outstanding {
        /** Each is cancelled before the next is armed. */
        ONE,
        /** All are armed, then cancelled in the order in which they were armed. */
        MILLION,
        /** As with {@link #ONE}, while a million others stay armed. */
        MILLION_AND_ONE
    }

    /** How many are armed at a time. */
    @Param
    public Outstanding outstanding;

    private final int[] millis = new int[TIMEOUTS];
    private EventLoop loop;
    private ScheduledThreadPoolExecutor scheduler;
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();
    private int cancelledDeadlines;
    private List<?> others = List.of();

    /** Makes the lengths, the loop, and the executor. */
    @Setup
    public void open() {
        Random random = new Random(1);
        for (int i = 0; i < TIMEOUTS; i++) {
            millis[i] = HOUR_MILLIS / 2 + random.nextInt(HOUR_MILLIS / 2);
        }
        loop = EventLoop.create();
        scheduler = new ScheduledThreadPoolExecutor(1);
        scheduler.setRemoveOnCancelPolicy(true);
    }

    /** Closes the loop and the executor. */
    @TearDown
    public void close() {
        loop.close();
        scheduler.shutdownNow();
    }

    /**
     * Arms timeouts with {@code arm}, which receives the number of the timeout, and cancels them with {@code cancel};
     * returns their number.
     */
    private <T> int armAndCancel(IntFunction<T> arm, Predicate<T> cancel) {
        if (outstanding == Outstanding.MILLION_AND_ONE && others.isEmpty()) {
            others = IntStream.range(0, TIMEOUTS).mapToObj(arm).toList();
        }
        int batch = outstanding == Outstanding.MILLION ? TIMEOUTS : 1;
        List<T> armed = new ArrayList<>(batch);
        int cancelled = 0;
        for (int i = 0; i < TIMEOUTS; i++) {
            armed.add(arm.apply(i));
            if (armed.size() == batch) {
                for (T timeout : armed) {
                    if (cancel.test(timeout)) {
                        cancelled++;
                    }
                }
                armed.clear();
            }
        }
        return Check.equal(TIMEOUTS, cancelled);
    }

    /** Timers of a loop. */
    @Benchmark
    @OperationsPerInvocation(TIMEOUTS)
    public int heddle() {
        return armAndCancel(i -> loop.callLater(millis[i] / 1e3, TimerBenchmark::never), TimerBenchmark::cancelled);
    }

    private static void never() {
        throw new IllegalStateException("a timeout ran that was cancelled");
    }

    private static boolean cancelled(TimerHandle timer) {
        timer.cancel();
        return timer.isCancelled();
    }

    /** An object in the place of a timer. */
    private static final class Deadline implements Comparable<Deadline> {

        private final long nanos;
        private boolean cancelled;

        Deadline(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.compare(nanos, other.nanos);
        }
    }

    /** Objects in a heap. */
    @Benchmark
    @OperationsPerInvocation(TIMEOUTS)
    public int plain() {
        return armAndCancel(
                i -> {
                    Deadline deadline = new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis[i]));
                    deadlines.add(deadline);
                    return deadline;
                },
                this::cancel);
    }

    private boolean cancel(Deadline deadline) {
        deadline.cancelled = true;
        cancelledDeadlines++;
        if (cancelledDeadlines > deadlines.size() / 2) {
            deadlines.removeIf(each -> each.cancelled);
            cancelledDeadlines = 0;
        }
        return true;
    }

    /** Futures with a timeout, which are completed before it. */
    @Benchmark
    @OperationsPerInvocation(TIMEOUTS)
    public int completableFuture() {
        return armAndCancel(
                i -> new CompletableFuture<Integer>().orTimeout(millis[i], TimeUnit.MILLISECONDS),
                future -> future.complete(1));
    }

    /** Tasks of a scheduled executor. */
    @Benchmark
    @OperationsPerInvocation(TIMEOUTS)
    public int platformThreads() {
        return armAndCancel(
                i -> (ScheduledFuture<?>) scheduler.schedule(TimerBenchmark::never, millis[i], TimeUnit.MILLISECONDS),
                timeout -> timeout.cancel(false));
    }
}
