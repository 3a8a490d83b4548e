// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.sync.Queue;
import dev.heddle.workers.SharedQueue;
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
 * An element that one task puts into a queue and gets back, without ever waiting. {@code shared} uses a queue for any
 * loop and thread, {@code local} a queue of this loop alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SharedQueueBenchmark {

    private static final int ELEMENTS = 10_000;
    private static final Integer ELEMENT = 1;

    private EventLoop loop;
    private Queue<Integer> local;
    private SharedQueue<Integer> shared;

    /** Makes the loop and the queues. */
    @Setup
    public void open() {
        loop = EventLoop.create();
        local = Queue.fifo(16);
        shared = SharedQueue.bounded(16);
    }

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.close();
    }

    /** Through a queue of the loop. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public int local() {
        return loop.runUntilComplete(through(local));
    }

    @Async
    private static Coroutine<Integer> through(Queue<Integer> queue) {
        int sum = 0;
        for (int i = 0; i < ELEMENTS; i++) {
            await(queue.put(ELEMENT));
            sum += await(queue.get());
        }
        return Coroutine.of(sum);
    }

    /** Through a queue of all loops. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public int shared() {
        return loop.runUntilComplete(through(shared));
    }

    @Async
    private static Coroutine<Integer> through(SharedQueue<Integer> queue) {
        int sum = 0;
        for (int i = 0; i < ELEMENTS; i++) {
            await(queue.put(ELEMENT));
            sum += await(queue.get());
        }
        return Coroutine.of(sum);
    }
}
