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
import java.util.List;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A switch from one task to the other: two tasks, each of which lets the other run 10,000 times. An operation is a switch. {@code
 * plain}, the floor, is two counters that take turns in a {@link Ring}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SwitchBenchmark {

    private static final int ROUNDS = 10_000;
    private static final int SWITCHES = 2 * ROUNDS;

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

    /** Two tasks await {@code sleep(0)} in turn. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int heddle() {
        return Check.equal(SWITCHES, loop.runUntilComplete(both()));
    }

    @Async
    private static Coroutine<Integer> both() {
        List<Integer> rounds = await(gather(yielding(), yielding()));
        return Coroutine.of(rounds.get(0) + rounds.get(1));
    }

    @Async
    private static Coroutine<Integer> yielding() {
        int rounds = 0;
        while (rounds < ROUNDS) {
            await(sleep(0));
            rounds++;
        }
        return Coroutine.of(rounds);
    }

    /** Two counters in turn. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int plain() {
        return Check.equal(SWITCHES, Counter.run(2, ROUNDS));
    }

    /** Two chains of stages on one thread. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(SWITCHES, Stages.yieldAll(2, ROUNDS, executor).get());
    }

    /** Methods of Tascalate Async/Await on one thread. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(
                SWITCHES,
                Stages.on(executor, () -> TascalateMethods.yieldAll(2, ROUNDS, executor))
                        .get());
    }

    /** Methods of EA Async on one thread. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(
                SWITCHES,
                Stages.on(executor, () -> EaAsyncMethods.yieldAll(2, ROUNDS, executor))
                        .get());
    }

    /** Two virtual threads on one carrier. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(SWITCHES, Threads.yieldAll(VirtualThreads.factory(), 2, ROUNDS));
    }

    /** Two threads of the operating system hand a turn to each other. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int platformThreads() throws InterruptedException {
        return Check.equal(SWITCHES, Threads.alternate(Thread::new, ROUNDS));
    }
}
