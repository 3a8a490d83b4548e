// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
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
 * Skynet: a task starts ten, each of which starts ten, six levels deep. The million leaves return their numbers, and
 * all other tasks sum them. An operation is one of the 1,111,111 tasks. {@code plain}, the floor, is as many
 * {@link PlainNode nodes} in a {@link Ring}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SkynetBenchmark {

    /** The number of tasks. */
    static final int TASKS = 1_111_111;

    /** The number of tasks without children. */
    static final int LEAVES = 1_000_000;

    /** The number of children of a task. */
    static final int FAN_OUT = 10;

    /** The sum of the numbers of the leaves. */
    static final long SUM = (long) LEAVES * (LEAVES - 1) / 2;

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
    public long heddle() {
        return Check.equal(SUM, loop.runUntilComplete(sum(0, LEAVES, FAN_OUT)));
    }

    /** Sums the {@code size} numbers from {@code first} on, in {@code fanOut} parts. */
    @Async
    static Coroutine<Long> sum(int first, int size, int fanOut) {
        if (size == 1) {
            return Coroutine.of((long) first);
        }
        List<Task<Long>> parts = new ArrayList<>(fanOut);
        int part = size / fanOut;
        for (int i = 0; i < fanOut; i++) {
            parts.add(createTask(sum(first + i * part, part, FAN_OUT)));
        }
        long sum = 0;
        for (Task<Long> task : parts) {
            sum += await(task);
        }
        return Coroutine.of(sum);
    }

    /** Objects in turn. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long plain() {
        return Check.equal(SUM, PlainNode.run());
    }

    /** Stages on one thread. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(SUM, startStages(0, LEAVES).get());
    }

    private CompletableFuture<Long> startStages(int first, int size) {
        return Stages.on(executor, () -> stages(first, size));
    }

    private CompletableFuture<Long> stages(int first, int size) {
        if (size == 1) {
            return CompletableFuture.completedFuture((long) first);
        }
        List<CompletableFuture<Long>> parts = new ArrayList<>(FAN_OUT);
        int part = size / FAN_OUT;
        for (int i = 0; i < FAN_OUT; i++) {
            parts.add(startStages(first + i * part, part));
        }
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(done ->
                        parts.stream().mapToLong(CompletableFuture::join).sum());
    }

    /** Virtual threads on one carrier. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public long virtualThreads() throws InterruptedException {
        return Check.equal(SUM, Sum.start(VirtualThreads.factory(), 0, LEAVES).join());
    }

    /** A thread and its result. */
    private static final class Sum implements Runnable {

        private final ThreadFactory factory;
        private final int first;
        private final int size;
        private final Thread thread;
        private long sum;

        private Sum(ThreadFactory factory, int first, int size) {
            this.factory = factory;
            this.first = first;
            this.size = size;
            thread = factory.newThread(this);
        }

        static Sum start(ThreadFactory factory, int first, int size) {
            Sum started = new Sum(factory, first, size);
            started.thread.start();
            return started;
        }

        long join() throws InterruptedException {
            thread.join();
            return sum;
        }

        @Override
        public void run() {
            if (size == 1) {
                sum = first;
                return;
            }
            List<Sum> parts = new ArrayList<>(FAN_OUT);
            int part = size / FAN_OUT;
            for (int i = 0; i < FAN_OUT; i++) {
                parts.add(start(factory, first + i * part, part));
            }
            try {
                for (Sum started : parts) {
                    sum += started.join();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted while summing", e);
            }
        }
    }
}
