// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
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
 * A producer sends 100,000 numbers to a consumer through a queue of {@code capacity}. An operation is a number.
 * {@code plain}, the floor, is a loop that fills a {@link Ring} and empties it. Threads of the operating system move
 * fewer numbers. {@code CompletableFuture} is left out, because the JDK has no asynchronous queue.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class QueueBenchmark {

    private static final int ELEMENTS = 100_000;

    /** The number of elements of platform threads, for which each takes microseconds if the capacity is small. */
    private static final int PLATFORM_ELEMENTS = 10_000;

    /** The capacity of the queue. */
    @Param({"1", "16", "100"})
    public int capacity;

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

    private static long sum(int elements) {
        return (long) elements * (elements - 1) / 2;
    }

    /** Tasks of one loop. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long heddle() {
        return Check.equal(sum(ELEMENTS), loop.runUntilComplete(both(capacity)));
    }

    @Async
    private static Coroutine<Long> both(int capacity) {
        Queue<Integer> queue = Queue.fifo(capacity);
        Task<Void> producing = createTask(produce(queue));
        long sum = await(consume(queue));
        await(producing);
        return Coroutine.of(sum);
    }

    @Async
    private static Coroutine<Void> produce(Queue<Integer> queue) {
        for (int i = 0; i < ELEMENTS; i++) {
            await(queue.put(i));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Long> consume(Queue<Integer> queue) {
        long sum = 0;
        for (int i = 0; i < ELEMENTS; i++) {
            sum += await(queue.get());
        }
        return Coroutine.of(sum);
    }

    /** Fills and empties in turn. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long plain() {
        Ring<Integer> queue = new Ring<>(capacity);
        long sum = 0;
        int produced = 0;
        while (produced < ELEMENTS) {
            for (int i = 0; i < capacity && produced < ELEMENTS; i++) {
                queue.add(produced++);
            }
            while (!queue.isEmpty()) {
                sum += queue.remove();
            }
        }
        return Check.equal(sum(ELEMENTS), sum);
    }

    /** Virtual threads on one carrier, with a blocking queue. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long virtualThreads() throws InterruptedException {
        return Check.equal(sum(ELEMENTS), BlockingPipe.produceAndConsume(VirtualThreads.factory(), capacity, ELEMENTS));
    }

    /** Threads of the operating system, with a blocking queue. */
    @Benchmark
    @OperationsPerInvocation(PLATFORM_ELEMENTS)
    public long platformThreads() throws InterruptedException {
        return Check.equal(
                sum(PLATFORM_ELEMENTS), BlockingPipe.produceAndConsume(Thread::new, capacity, PLATFORM_ELEMENTS));
    }
}
