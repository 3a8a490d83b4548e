// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Switches among many tasks round robin, 4,000,000 in all: 4,000 by each of 1,000 tasks, or 4 by each of 1,000,000. The tasks run
 * methods of three kinds in turn: one that keeps a number, one that keeps objects, and one whose await is a call deeper. An operation is
 * a switch; making and ending the tasks is part of it. {@code plain}, the floor, is counters that take turns in a {@link Ring}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ManySwitchBenchmark {

    private static final int SWITCHES = 4_000_000;

    /** The number of tasks. */
    @Param({"1000", "1000000"})
    public int tasks;

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

    /** Tasks of three kinds in turn. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int heddle() {
        return Check.equal(SWITCHES, loop.runUntilComplete(all(tasks, SWITCHES / tasks)));
    }

    @Async
    private static Coroutine<Integer> all(int tasks, int rounds) {
        List<Task<Integer>> running = new ArrayList<>(tasks);
        for (int i = 0; i < tasks; i++) {
            running.add(createTask(ofKind(i % 3, rounds)));
        }
        int total = 0;
        for (Task<Integer> task : running) {
            total += await(task);
        }
        return Coroutine.of(total);
    }

    private static Coroutine<Integer> ofKind(int kind, int rounds) {
        return switch (kind) {
            case 0 -> withNumber(rounds);
            case 1 -> withObjects(rounds, "yields", new int[1]);
            default -> withCall(rounds);
        };
    }

    @Async
    private static Coroutine<Integer> withNumber(int rounds) {
        int round = 0;
        while (round < rounds) {
            await(sleep(0));
            round++;
        }
        return Coroutine.of(round);
    }

    @Async
    private static Coroutine<Integer> withObjects(int rounds, String name, int[] count) {
        for (int left = rounds; left > 0; left--) {
            await(sleep(0));
            count[0] += Math.min(name.length(), 1);
        }
        return Coroutine.of(count[0]);
    }

    @Async
    private static Coroutine<Integer> withCall(int rounds) {
        int round = 0;
        while (round < rounds) {
            round += await(once());
        }
        return Coroutine.of(round);
    }

    @Async
    private static Coroutine<Integer> once() {
        await(sleep(0));
        return Coroutine.of(1);
    }

    /** Counters in turn. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int plain() {
        return Check.equal(SWITCHES, Counter.run(tasks, SWITCHES / tasks));
    }

    /** Chains of stages on one thread. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int completableFuture() throws ExecutionException, InterruptedException {
        return Check.equal(
                SWITCHES, Stages.yieldAll(tasks, SWITCHES / tasks, executor).get());
    }

    /** Virtual threads on one carrier. */
    @Benchmark
    @OperationsPerInvocation(SWITCHES)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(SWITCHES, Threads.yieldAll(VirtualThreads.factory(), tasks, SWITCHES / tasks));
    }
}
