// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.benchmarks.eaasync.EaAsyncMethods;
import dev.heddle.benchmarks.tascalate.TascalateMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * Starts 10,000 tasks, then awaits them all: tasks that finish at once, or after one switch. An operation is a task. {@code plain}, the
 * floor, is as many counters in a {@link Ring}. There are fewer threads of the operating system.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SpawnBenchmark {

    /** The number of tasks that are started before the first is awaited. */
    static final int TASKS = 10_000;

    /** The number of platform threads, each of which takes a tenth of a millisecond. */
    private static final int PLATFORM_THREADS = 200;

    /** How often each task lets the others run before it finishes. */
    @Param({"0", "1"})
    public int switches;

    private EventLoop loop;
    private ExecutorService executor;

    /** Makes the loop and the executor. */
    @Setup
    public void open() {
        loop = EventLoop.create();
        executor = Executors.newSingleThreadExecutor();
    }

    /** Closes the loop and the executor. */
    @TearDown
    public void close() {
        loop.close();
        executor.shutdown();
    }

    /** Tasks of one loop. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int heddle() {
        return Check.equal(TASKS * switches, loop.runUntilComplete(spawn(TASKS, switches)));
    }

    /** Starts {@code count} tasks that yield {@code switches} times. The result is the number of yields of all. */
    @Async
    static Coroutine<Integer> spawn(int count, int switches) {
        List<Task<Integer>> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tasks.add(createTask(yielding(switches)));
        }
        int total = 0;
        for (Task<Integer> task : tasks) {
            total += await(task);
        }
        return Coroutine.of(total);
    }

    @Async
    private static Coroutine<Integer> yielding(int switches) {
        for (int i = 0; i < switches; i++) {
            await(sleep(0));
        }
        return Coroutine.of(switches);
    }

    /** Counters in turn. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int plain() {
        return Check.equal(TASKS * switches, Counter.run(TASKS, switches));
    }

    /** Stages on one thread. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(TASKS * switches, Stages.on(executor, this::stages).get());
    }

    private CompletableFuture<Integer> stages() {
        List<CompletableFuture<Integer>> stages = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            CompletableFuture<Integer> stage = CompletableFuture.supplyAsync(() -> 0, executor);
            for (int j = 0; j < switches; j++) {
                stage = stage.thenApplyAsync(yields -> yields + 1, executor);
            }
            stages.add(stage);
        }
        return Stages.sum(stages);
    }

    /** Methods of Tascalate Async/Await on one thread, which begin when they are called. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(
                TASKS * switches,
                Stages.on(executor, () -> TascalateMethods.yieldAll(TASKS, switches, executor))
                        .get());
    }

    /** Methods of EA Async on one thread, which begin when they are called. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(
                TASKS * switches,
                Stages.on(executor, () -> EaAsyncMethods.yieldAll(TASKS, switches, executor))
                        .get());
    }

    /** Virtual threads on one carrier. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(TASKS * switches, Threads.yieldAll(VirtualThreads.factory(), TASKS, switches));
    }

    /** Threads of the operating system. */
    @Benchmark
    @OperationsPerInvocation(PLATFORM_THREADS)
    public int platformThreads() throws InterruptedException {
        return Check.equal(PLATFORM_THREADS * switches, Threads.yieldAll(Thread::new, PLATFORM_THREADS, switches));
    }
}
