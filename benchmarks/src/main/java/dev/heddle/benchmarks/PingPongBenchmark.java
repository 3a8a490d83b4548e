// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two tasks send a number back and forth over two queues for one element, 50,000 times. An operation is one way.
 * {@code plain}, the floor, is two objects that a {@link Ring} runs when they receive the number. Threads of the
 * operating system do it less often.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PingPongBenchmark {

    private static final int ROUNDS = 50_000;
    private static final int WAYS = 2 * ROUNDS;

    /** The number of rounds of platform threads, for which one way takes microseconds. */
    private static final int PLATFORM_ROUNDS = 5_000;

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
    @OperationsPerInvocation(WAYS)
    public int heddle() {
        return Check.equal(WAYS, loop.runUntilComplete(both()));
    }

    @Async
    private static Coroutine<Integer> both() {
        Queue<Integer> there = Queue.fifo(1);
        Queue<Integer> back = Queue.fifo(1);
        Task<Integer> answering = createTask(answer(there, back));
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            await(there.put(number + 1));
            number = await(back.get());
        }
        return Coroutine.of(Check.equal(number, await(answering)));
    }

    @Async
    private static Coroutine<Integer> answer(Queue<Integer> there, Queue<Integer> back) {
        int number = 0;
        for (int round = 0; round < ROUNDS; round++) {
            number = await(there.get()) + 1;
            await(back.put(number));
        }
        return Coroutine.of(number);
    }

    /** Objects in turn. */
    @Benchmark
    @OperationsPerInvocation(WAYS)
    public int plain() {
        Ring<Player> ready = new Ring<>(1);
        Player first = new Player();
        Player second = new Player();
        first.other = second;
        second.other = first;
        ready.add(first);
        while (!ready.isEmpty()) {
            ready.remove().pass(ready);
        }
        return Check.equal(WAYS, first.number);
    }

    /** An object in the place of a task. */
    private static final class Player {

        private Player other = this;
        private Integer number = 0;

        void pass(Ring<Player> ready) {
            if (number < WAYS) {
                other.number = number + 1;
                ready.add(other);
            }
        }
    }

    /** Stages on one thread, each of which makes the future that the next stage of the other completes. */
    @Benchmark
    @OperationsPerInvocation(WAYS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        CompletableFuture<Integer> there = new CompletableFuture<>();
        CompletableFuture<Integer> played =
                there.thenComposeAsync(number -> play(number, new CompletableFuture<>()), executor);
        there.complete(1);
        return Check.equal(WAYS, played.get());
    }

    private CompletableFuture<Integer> play(int number, CompletableFuture<Integer> answer) {
        if (number == WAYS) {
            return CompletableFuture.completedFuture(number);
        }
        CompletableFuture<Integer> rest =
                answer.thenComposeAsync(next -> play(next, new CompletableFuture<>()), executor);
        answer.complete(number + 1);
        return rest;
    }

    /** Virtual threads on one carrier, with blocking queues. */
    @Benchmark
    @OperationsPerInvocation(WAYS)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(WAYS, BlockingPipe.pingPong(VirtualThreads.factory(), ROUNDS));
    }

    /** Threads of the operating system, with blocking queues. */
    @Benchmark
    @OperationsPerInvocation(2 * PLATFORM_ROUNDS)
    public int platformThreads() throws InterruptedException {
        return Check.equal(2 * PLATFORM_ROUNDS, BlockingPipe.pingPong(Thread::new, PLATFORM_ROUNDS));
    }
}
