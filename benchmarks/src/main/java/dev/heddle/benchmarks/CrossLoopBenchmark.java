// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.workers.SharedQueue;
import dev.heddle.workers.Workers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * Messages from loop to loop, 20,000 in an invocation; an operation is a message. With {@code QUEUE} and {@code CALLS}
 * the loops are busy: one loop sends a stream of messages, over a {@code SharedQueue} or as callbacks, and a task of
 * each loop keeps it from sleeping. With {@code IDLE} a number goes back and forth, and the loop that waits for it
 * sleeps. The benchmark needs two cores. {@code plain}, the floor, is two threads that spin on a
 * {@code ConcurrentLinkedQueue}. {@code completableFuture} is two executors, {@code platformThreads} blocking queues,
 * both with a stream.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CrossLoopBenchmark {

    private static final int MESSAGES = 20_000;
    private static final int CAPACITY = 1_024;
    private static final long SUM = (long) MESSAGES * (MESSAGES - 1) / 2;

    /** How the messages go. */
    public enum Traffic {
        /** In a stream over a queue, between loops that are busy. */
        QUEUE,
        /** In a stream of callbacks, between loops that are busy. */
        CALLS,
        /** Back and forth, between loops that sleep. */
        IDLE
    }

    /** How the messages go. */
    @Param
    public Traffic traffic;

    private Workers workers;
    private ExecutorService first;
    private ExecutorService second;

    /** Starts two loops and two executors. */
    @Setup
    public void open() {
        workers = Workers.start(2);
        first = Executors.newSingleThreadExecutor();
        second = Executors.newSingleThreadExecutor();
    }

    /** Closes the loops and the executors. */
    @TearDown
    public void close() {
        workers.close();
        first.shutdown();
        second.shutdown();
    }

    /** Coroutines of two loops. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long heddle() throws ExecutionException, InterruptedException {
        if (traffic == Traffic.IDLE) {
            return Check.equal(MESSAGES, backAndForth());
        }
        CompletableFuture<Long> received = new CompletableFuture<>();
        Sum sum = new Sum(received);
        SharedQueue<Integer> queue = SharedQueue.bounded(CAPACITY);
        boolean queued = traffic == Traffic.QUEUE;
        EventLoop target = workers.loops().get(1);
        List<CompletableFuture<Void>> ends = workers.submitEach(worker -> {
            if (worker == 1) {
                return queued ? receive(queue, sum) : busy(received);
            }
            createTask(busy(received));
            return queued ? sendElements(queue) : sendCalls(target, sum);
        });
        long result = received.get();
        for (CompletableFuture<Void> end : ends) {
            end.get();
        }
        return Check.equal(SUM, result);
    }

    /** Lets the other tasks of the loop run, again and again, until all messages are there. */
    @Async
    private static Coroutine<Void> busy(CompletableFuture<Long> received) {
        while (!received.isDone()) {
            await(sleep(0));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sendElements(SharedQueue<Integer> queue) {
        for (int i = 0; i < MESSAGES; i++) {
            await(queue.put(i));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> receive(SharedQueue<Integer> queue, Sum sum) {
        createTask(busy(sum.complete));
        for (int i = 0; i < MESSAGES; i++) {
            sum.add(await(queue.get()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sendCalls(EventLoop target, Sum sum) {
        for (int i = 0; i < MESSAGES; i++) {
            int message = i;
            target.callSoonThreadsafe(() -> sum.add(message));
            if (i % CAPACITY == 0) {
                await(sleep(0));
            }
        }
        return Coroutine.done();
    }

    private int backAndForth() throws ExecutionException, InterruptedException {
        SharedQueue<Integer> there = SharedQueue.bounded(1);
        SharedQueue<Integer> back = SharedQueue.bounded(1);
        List<CompletableFuture<Integer>> ends =
                workers.submitEach(worker -> worker == 0 ? ask(there, back) : answer(there, back));
        return Check.equal(ends.get(0).get(), ends.get(1).get());
    }

    @Async
    private static Coroutine<Integer> ask(SharedQueue<Integer> there, SharedQueue<Integer> back) {
        int number = 0;
        while (number < MESSAGES) {
            await(there.put(number + 1));
            number = await(back.get());
        }
        return Coroutine.of(number);
    }

    @Async
    private static Coroutine<Integer> answer(SharedQueue<Integer> there, SharedQueue<Integer> back) {
        int number = 0;
        while (number < MESSAGES) {
            number = await(there.get()) + 1;
            await(back.put(number));
        }
        return Coroutine.of(number);
    }

    /** Two threads that spin. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long plain() throws ExecutionException, InterruptedException {
        Queue<Integer> there = new ConcurrentLinkedQueue<>();
        Queue<Integer> back = new ConcurrentLinkedQueue<>();
        if (traffic == Traffic.IDLE) {
            Future<Integer> answering = second.submit(() -> SpinningPair.answer(there, back, MESSAGES));
            return Check.equal(
                    first.submit(() -> SpinningPair.ask(there, back, MESSAGES)).get(), answering.get());
        }
        Future<Long> receiving = second.submit(() -> SpinningPair.receive(there, MESSAGES));
        for (int i = 0; i < MESSAGES; i++) {
            there.add(i);
        }
        return Check.equal(SUM, receiving.get());
    }

    /** Stages on two executors. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long completableFuture() throws ExecutionException, InterruptedException {
        if (traffic == Traffic.IDLE) {
            return Check.equal(MESSAGES, Stages.on(first, () -> play(0)).get());
        }
        Sum sum = new Sum(new CompletableFuture<>());
        first.execute(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                int message = i;
                second.execute(() -> sum.add(message));
            }
        });
        return Check.equal(SUM, sum.complete.get());
    }

    private CompletableFuture<Integer> play(int number) {
        return number == MESSAGES
                ? CompletableFuture.completedFuture(number)
                : CompletableFuture.completedFuture(number)
                        .thenApplyAsync(there -> there + 1, second)
                        .thenApplyAsync(back -> back + 1, first)
                        .thenCompose(this::play);
    }

    /** Threads of the operating system, with blocking queues. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long platformThreads() throws InterruptedException {
        return traffic == Traffic.IDLE
                ? Check.equal(MESSAGES, BlockingPipe.pingPong(Thread::new, MESSAGES / 2))
                : Check.equal(SUM, BlockingPipe.produceAndConsume(Thread::new, CAPACITY, MESSAGES));
    }

    /** A sum to which only the receiving thread adds, and which completes when all messages have arrived. */
    private static final class Sum {

        private final CompletableFuture<Long> complete;
        private int count;
        private long sum;

        Sum(CompletableFuture<Long> complete) {
            this.complete = complete;
        }

        void add(int message) {
            sum += message;
            count++;
            if (count == MESSAGES) {
                complete.complete(sum);
            }
        }
    }
}
