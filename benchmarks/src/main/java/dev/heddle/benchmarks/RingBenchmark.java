// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
import java.util.ArrayList;
import java.util.List;
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
 * A ring of 1,000 tasks, each with a queue for one element. A token goes round and counts down from 1,000,000. An
 * operation is a hop; starting and ending the tasks is part of it. {@code plain}, the floor, is objects that a
 * {@link Ring} runs when they receive the token. Threads of the operating system make fewer hops.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {

    private static final int TASKS = 1_000;
    private static final int HOPS = 1_000_000;

    /** The number of hops of platform threads, for which a hop takes microseconds. */
    private static final int PLATFORM_HOPS = 50_000;

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
    @OperationsPerInvocation(HOPS)
    public int heddle() {
        return Check.equal(HOPS, loop.runUntilComplete(circle()));
    }

    @Async
    private static Coroutine<Integer> circle() {
        List<Queue<Integer>> queues = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            queues.add(Queue.fifo(1));
        }
        List<Task<Integer>> tasks = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            tasks.add(createTask(pass(queues.get(i), queues.get((i + 1) % TASKS))));
        }
        queues.get(0).putNow(HOPS);
        int hops = 0;
        for (Task<Integer> task : tasks) {
            hops += await(task);
        }
        return Coroutine.of(hops);
    }

    /** Hands the token on until it has counted down, then a token below zero, which ends the others. */
    @Async
    private static Coroutine<Integer> pass(Queue<Integer> from, Queue<Integer> to) {
        int hops = 0;
        while (true) {
            int token = await(from.get());
            if (token <= 0) {
                if (token > -TASKS) {
                    await(to.put(token - 1));
                }
                return Coroutine.of(hops);
            }
            hops++;
            await(to.put(token - 1));
        }
    }

    /** Objects in turn. */
    @Benchmark
    @OperationsPerInvocation(HOPS)
    public int plain() {
        Ring<Place> ready = new Ring<>(1);
        Place first = new Place();
        Place last = first;
        for (int i = 1; i < TASKS; i++) {
            Place place = new Place();
            place.next = last;
            last = place;
        }
        first.next = last;
        first.token = HOPS;
        ready.add(first);
        while (!ready.isEmpty()) {
            ready.remove().pass(ready);
        }
        int hops = first.hops;
        for (Place place = first.next; place != first; place = place.next) {
            hops += place.hops;
        }
        return Check.equal(HOPS, hops);
    }

    /** An object in the place of a task. */
    private static final class Place {

        private Place next = this;
        private Integer token = 0;
        private int hops;

        void pass(Ring<Place> ready) {
            if (token > 0) {
                hops++;
                next.token = token - 1;
                ready.add(next);
            }
        }
    }

    /** Stages on one thread: each place has a future, which the one before completes. */
    @Benchmark
    @OperationsPerInvocation(HOPS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        CompletableFuture<Integer> finished = new CompletableFuture<>();
        List<Station> stations = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            stations.add(new Station(executor, finished));
        }
        for (int i = 0; i < TASKS; i++) {
            stations.get(i).next = stations.get((i + 1) % TASKS);
            stations.get(i).listen();
        }
        stations.get(0).inbox.complete(HOPS);
        Check.equal(0, finished.get());
        return Check.equal(
                HOPS, stations.stream().mapToInt(station -> station.hops).sum());
    }

    /** A place in a ring of futures; the executor's thread alone uses it once the token is on its way. */
    private static final class Station {

        private final ExecutorService executor;
        private final CompletableFuture<Integer> finished;
        private CompletableFuture<Integer> inbox = new CompletableFuture<>();
        private Station next = this;
        private int hops;

        Station(ExecutorService executor, CompletableFuture<Integer> finished) {
            this.executor = executor;
            this.finished = finished;
        }

        void listen() {
            CompletableFuture<Void> unused = inbox.thenAcceptAsync(this::pass, executor); // the last hop tells the end
        }

        private void pass(int token) {
            if (token == 0) {
                finished.complete(token);
                return;
            }
            hops++;
            inbox = new CompletableFuture<>();
            listen();
            next.inbox.complete(token - 1);
        }
    }

    /** Virtual threads on one carrier, with a blocking queue each. */
    @Benchmark
    @OperationsPerInvocation(HOPS)
    public int virtualThreads() throws InterruptedException {
        return Check.equal(HOPS, BlockingRing.run(VirtualThreads.factory(), TASKS, HOPS));
    }

    /** Threads of the operating system, with a blocking queue each. */
    @Benchmark
    @OperationsPerInvocation(PLATFORM_HOPS)
    public int platformThreads() throws InterruptedException {
        return Check.equal(PLATFORM_HOPS, BlockingRing.run(Thread::new, TASKS, PLATFORM_HOPS));
    }
}
