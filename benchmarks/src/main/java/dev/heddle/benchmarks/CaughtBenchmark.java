// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An exception that a method throws, and that the innermost of {@value #DEPTH} methods that await each other catches.
 * An operation is an exception. {@code calls} is the same with plain calls. {@code callsLooked} also asks the exception
 * for its trace, as printing it does. {@code begun} measures before the coroutine has suspended, {@code resumed}
 * afterwards.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CaughtBenchmark {

    private static final int DEPTH = 10;
    private static final int CAUGHT = 100;

    private final EventLoop loop = EventLoop.create();

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.close();
    }

    private static void throwing() throws IOException {
        throw new IOException("broken");
    }

    private static int call(int depth, boolean look) {
        if (depth > 1) {
            return call(depth - 1, look);
        }
        int length = 0;
        for (int i = 0; i < CAUGHT; i++) {
            try {
                throwing();
            } catch (IOException caught) {
                length += look ? caught.getStackTrace().length : 1;
            }
        }
        return length;
    }

    @Async
    private static Coroutine<Integer> coroutine(int depth, boolean suspend) {
        if (depth > 1) {
            return Coroutine.of(await(coroutine(depth - 1, suspend)));
        }
        if (suspend) {
            await(sleep(0));
        }
        int count = 0;
        for (int i = 0; i < CAUGHT; i++) {
            try {
                throwing();
            } catch (IOException caught) {
                count++;
            }
        }
        return Coroutine.of(count);
    }

    /** Plain calls, without a look at the trace. */
    @Benchmark
    @OperationsPerInvocation(CAUGHT)
    public int calls() {
        return call(DEPTH, false);
    }

    /** Plain calls, with a look at the trace. */
    @Benchmark
    @OperationsPerInvocation(CAUGHT)
    public int callsLooked() {
        return call(DEPTH, true);
    }

    /** The methods that await are all on the stack. */
    @Benchmark
    @OperationsPerInvocation(CAUGHT)
    public int begun() {
        return loop.runUntilComplete(coroutine(DEPTH, false));
    }

    /** The methods that await are not on the stack. */
    @Benchmark
    @OperationsPerInvocation(CAUGHT)
    public int resumed() {
        return loop.runUntilComplete(coroutine(DEPTH, true));
    }
}
