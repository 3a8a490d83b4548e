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
 * A call that completes at once: the recursive Fibonacci function of 25, 242,785 calls, with boxed results. An operation is a
 * call. {@code plain}, the floor, is the same recursion without Heddle.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallBenchmark {

    private static final int N = 25;
    private static final int FIB = 75_025;
    private static final int CALLS = 242_785;

    private EventLoop loop;

    /** Makes the loop. */
    @Setup
    public void open() {
        loop = EventLoop.create();
    }

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.close();
    }

    /** A coroutine that is awaited and never suspends. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int heddle() {
        return Check.equal(FIB, loop.runUntilComplete(asyncFib(N)));
    }

    /** A method that returns its result. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int plain() {
        return Check.equal(FIB, plainFib(N));
    }

    /** A method that returns a completed future, composed with the next. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(FIB, futureFib(N).get());
    }

    /** Methods of Tascalate Async/Await that await each other. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(FIB, TascalateMethods.fib(N).get());
    }

    /** Methods of EA Async that await each other. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(FIB, EaAsyncMethods.fib(N).get());
    }

    private static Integer plainFib(int n) {
        return n < 2 ? Integer.valueOf(n) : Integer.valueOf(plainFib(n - 1) + plainFib(n - 2));
    }

    @Async
    private static Coroutine<Integer> asyncFib(int n) {
        if (n < 2) {
            return Coroutine.of(n);
        }
        return Coroutine.of(await(asyncFib(n - 1)) + await(asyncFib(n - 2)));
    }

    private static CompletableFuture<Integer> futureFib(int n) {
        if (n < 2) {
            return CompletableFuture.completedFuture(n);
        }
        return futureFib(n - 1).thenCompose(first -> futureFib(n - 2).thenApply(second -> first + second));
    }
}
