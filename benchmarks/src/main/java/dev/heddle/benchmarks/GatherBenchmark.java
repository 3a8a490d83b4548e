// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
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
 * Waits for several children at once: coroutines that finish at once, or after one switch. An invocation runs enough
 * gathers, one after the other, for 10,000 children, and an operation is a child. {@code plain}, the floor, is as many
 * counters in a {@link Ring}, {@code children} at a time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class GatherBenchmark {

    private static final int TOTAL = 10_000;

    /** The number of children of a gather. */
    @Param({"10", "1000"})
    public int children;

    /** How often each child lets the others run before it finishes. */
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

    private int expected() {
        return TOTAL * switches;
    }

    /** Coroutines that become tasks of one loop. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public int heddle() {
        return Check.equal(expected(), loop.runUntilComplete(all(TOTAL / children, children, switches)));
    }

    @Async
    private static Coroutine<Integer> all(int times, int children, int switches) {
        int total = 0;
        for (int i = 0; i < times; i++) {
            List<Coroutine<Integer>> coroutines = new ArrayList<>(children);
            for (int j = 0; j < children; j++) {
                coroutines.add(yielding(switches));
            }
            for (int result : await(gather(coroutines))) {
                total += result;
            }
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
    @OperationsPerInvocation(TOTAL)
    public int plain() {
        int total = 0;
        for (int i = 0; i < TOTAL / children; i++) {
            total += Counter.run(children, switches);
        }
        return Check.equal(expected(), total);
    }

    /** Stages on one thread, all of which are waited for. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(expected(), Stages.on(executor, () -> stages(0, 0)).get());
    }

    private CompletableFuture<Integer> stages(int time, int before) {
        if (time == TOTAL / children) {
            return CompletableFuture.completedFuture(before);
        }
        List<CompletableFuture<Integer>> stages = new ArrayList<>(children);
        for (int j = 0; j < children; j++) {
            CompletableFuture<Integer> stage = CompletableFuture.supplyAsync(() -> 0, executor);
            for (int k = 0; k < switches; k++) {
                stage = stage.thenApplyAsync(yields -> yields + 1, executor);
            }
            stages.add(stage);
        }
        return Stages.sum(stages).thenCompose(sum -> stages(time + 1, before + sum));
    }

    /** Methods of Tascalate Async/Await on one thread, which begin when they are called. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(
                expected(),
                Stages.on(executor, () -> TascalateMethods.gathers(TOTAL / children, children, switches, executor))
                        .get());
    }

    /** Methods of EA Async on one thread, which begin when they are called. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(
                expected(),
                Stages.on(executor, () -> EaAsyncMethods.gathers(TOTAL / children, children, switches, executor))
                        .get());
    }

    /** Virtual threads on one carrier, started and joined. */
    @Benchmark
    @OperationsPerInvocation(TOTAL)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(
                expected(), Threads.yieldAll(VirtualThreads.factory(), TOTAL / children, children, switches));
    }
}
