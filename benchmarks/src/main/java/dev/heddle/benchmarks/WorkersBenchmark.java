// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.workers.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
 * The same 1,111,110 tasks on one loop and on two: the two halves of {@link SkynetBenchmark skynet} below its root, or {@link SpawnBenchmark
 * spawning} in batches of 10,101 tasks that finish at once, or after one switch. An operation is a task. It needs two cores. {@code plain}, the floor
 * of two loops, is two threads that run objects in turn, as the floors of those do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WorkersBenchmark {

    private static final int HALVES = 2;
    private static final int TASKS = SkynetBenchmark.TASKS - 1;
    private static final int BATCH = 10_101;
    private static final int BATCHES = TASKS / HALVES / BATCH;

    /** The work of the tasks. */
    public enum Work {
        /** A tree of tasks that sums numbers. */
        SKYNET,
        /** Tasks that finish at once. */
        SPAWN,
        /** Tasks that switch once. */
        SWITCH;

        /** The number of switches of a task that is not part of a tree. */
        private int switches() {
            return this == SWITCH ? 1 : 0;
        }
    }

    /** The work of the tasks. */
    @Param
    public Work work;

    private Workers one;
    private Workers two;
    private ExecutorService threads;

    /** Starts a worker, two others, and two threads. */
    @Setup
    public void open() {
        one = Workers.start(1);
        two = Workers.start(2);
        threads = Executors.newFixedThreadPool(HALVES);
    }

    /** Shuts down all of them. */
    @TearDown
    public void close() {
        one.close();
        two.close();
        threads.shutdown();
    }

    /** Both halves on one worker. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long oneLoop() throws ExecutionException, InterruptedException {
        return run(one);
    }

    /** A half on each of two workers. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long twoLoops() throws ExecutionException, InterruptedException {
        return run(two);
    }

    private long run(Workers workers) throws ExecutionException, InterruptedException {
        List<CompletableFuture<Long>> halves = new ArrayList<>(HALVES);
        for (int i = 0; i < HALVES; i++) {
            int half = i;
            halves.add(workers.submit(() -> work == Work.SKYNET ? skynet(half) : spawn(work.switches())));
        }
        return check(halves);
    }

    private long check(List<? extends Future<Long>> halves) throws ExecutionException, InterruptedException {
        long sum = 0;
        for (Future<Long> half : halves) {
            sum += half.get();
        }
        return Check.equal(work == Work.SKYNET ? SkynetBenchmark.SUM : (long) TASKS * work.switches(), sum);
    }

    private static Coroutine<Long> skynet(int half) {
        int size = SkynetBenchmark.LEAVES / HALVES;
        return SkynetBenchmark.sum(half * size, size, SkynetBenchmark.FAN_OUT / HALVES);
    }

    @Async
    private static Coroutine<Long> spawn(int switches) {
        long total = 0;
        for (int i = 0; i < BATCHES; i++) {
            total += await(SpawnBenchmark.spawn(BATCH, switches));
        }
        return Coroutine.of(total);
    }

    /** A half on each of two threads. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long plain() throws ExecutionException, InterruptedException {
        List<Future<Long>> halves = new ArrayList<>(HALVES);
        for (int i = 0; i < HALVES; i++) {
            int half = i;
            halves.add(threads.submit(
                    () -> work == Work.SKYNET ? PlainNode.half(half, HALVES) : counters(work.switches())));
        }
        return check(halves);
    }

    private static long counters(int switches) {
        long total = 0;
        for (int i = 0; i < BATCHES; i++) {
            total += Counter.run(BATCH, switches);
        }
        return total;
    }
}
