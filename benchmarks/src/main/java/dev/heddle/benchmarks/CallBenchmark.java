package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call that completes at once: the recursive Fibonacci function of 25, 242,785 calls, with boxed results. {@code plain}
 * is the same recursion without Heddle.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallBenchmark {

    private static final int N = 25;
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

    /** A method that returns its result. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Integer plain() {
        return plainFib(N);
    }

    /** A coroutine that is awaited and never suspends. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Integer async() {
        return loop.runUntilComplete(asyncFib(N));
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
}
