// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.benchmarks.eaasync.EaAsyncMethods;
import dev.heddle.benchmarks.tascalate.TascalateMethods;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
 * A loop that computes and awaits. Each of 1,000 rounds sums 64 numbers and awaits a completed value. An operation is a
 * round. {@code plain}, the floor, is the loop without the await.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LoopKernelBenchmark {

    private static final int LENGTH = 64;
    private static final int ROUNDS = 1_000;
    private static final int SUM = ROUNDS * (LENGTH * (LENGTH - 1) / 2) + ROUNDS * (ROUNDS - 1) / 2;

    private final int[] numbers = new int[LENGTH];
    private EventLoop loop;

    /** Makes the loop and the numbers. */
    @Setup
    public void open() {
        loop = EventLoop.create();
        for (int i = 0; i < LENGTH; i++) {
            numbers[i] = i;
        }
    }

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.close();
    }

    /** Awaits a coroutine that is complete. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public int heddle() {
        return Check.equal(SUM, loop.runUntilComplete(sums(numbers)));
    }

    @Async
    private static Coroutine<Integer> sums(int[] numbers) {
        int sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int number : numbers) {
                sum += number;
            }
            sum += await(Coroutine.of(round));
        }
        return Coroutine.of(sum);
    }

    /** Awaits nothing. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public int plain() {
        int sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int number : numbers) {
                sum += number;
            }
            sum += boxed(round);
        }
        return Check.equal(SUM, sum);
    }

    /** The value that the other benchmarks await. */
    private static Integer boxed(int round) {
        return round;
    }

    /** Composes a completed future with the next round: the loop is a recursion. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(SUM, futureSums(numbers, 0, 0).get());
    }

    /** Methods of Tascalate Async/Await, which await a completed future. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(SUM, TascalateMethods.sums(numbers, ROUNDS).get());
    }

    /** Methods of EA Async, which await a completed future. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(SUM, EaAsyncMethods.sums(numbers, ROUNDS).get());
    }

    private static CompletableFuture<Integer> futureSums(int[] numbers, int round, int before) {
        if (round == ROUNDS) {
            return CompletableFuture.completedFuture(before);
        }
        int sum = before;
        for (int number : numbers) {
            sum += number;
        }
        int soFar = sum;
        return CompletableFuture.completedFuture(round)
                .thenCompose(value -> futureSums(numbers, round + 1, soFar + value));
    }
}
