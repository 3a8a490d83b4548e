// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.benchmarks.eaasync.EaAsyncMethods;
import dev.heddle.benchmarks.tascalate.TascalateMethods;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Methods that await each other, {@code depth} deep. With {@code READY} nothing suspends, with {@code ONCE} the
 * innermost method suspends once. Both run enough chains, one after the other, for 32,000 frames, and an operation is a
 * frame. With {@code OFTEN} the innermost method of one chain suspends 32,000 times, and an operation is a suspension
 * with the wake-up after it; calling the methods takes less than a thirtieth of that. {@code plain}, the floor, is a
 * recursion, and with suspension a linked list of {@link PlainFrame frames} of which the innermost goes through a
 * {@link Ring}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {VirtualThreads.ONE_CARRIER, VirtualThreads.ONLY_CARRIER})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChainBenchmark {

    private static final int OPERATIONS = 32_000;

    /** The size of the stack. The default is too small for 1,000 methods of Tascalate. */
    private static final long STACK_BYTES = 16L << 20;

    /** How often the innermost method suspends. */
    public enum Leaf {
        /** Never. */
        READY,
        /** Once in each chain. */
        ONCE,
        /** As often as there are operations, in one chain. */
        OFTEN
    }

    /** The number of methods that await each other, including the innermost. */
    @Param({"1", "8", "32", "1000"})
    public int depth;

    /** How often the innermost method suspends. */
    @Param
    public Leaf leaf;

    private EventLoop loop;
    private ExecutorService executor;
    private int chains;
    private int suspensions;

    /** Makes the loop and the executor, and divides the operations among chains. */
    @Setup
    public void open() {
        loop = EventLoop.create();
        executor = Executors.newSingleThreadExecutor(body -> new Thread(null, body, "stages", STACK_BYTES));
        chains = leaf == Leaf.OFTEN ? 1 : OPERATIONS / depth;
        suspensions = switch (leaf) {
            case READY -> 0;
            case ONCE -> 1;
            case OFTEN -> OPERATIONS;
        };
    }

    /** Closes the loop and the executor. */
    @TearDown
    public void close() {
        loop.close();
        executor.shutdown();
    }

    /** The sum of all chains: the depth and the suspensions of each. */
    private int expected() {
        return chains * (depth + suspensions);
    }

    /** Coroutines that await each other in one task. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int heddle() {
        return Check.equal(expected(), loop.runUntilComplete(all(chains, depth, suspensions)));
    }

    @Async
    private static Coroutine<Integer> all(int chains, int depth, int suspensions) {
        int total = 0;
        for (int i = 0; i < chains; i++) {
            total += await(nested(depth, suspensions));
        }
        return Coroutine.of(total);
    }

    @Async
    private static Coroutine<Integer> nested(int depth, int suspensions) {
        if (depth > 1) {
            return Coroutine.of(await(nested(depth - 1, suspensions)) + 1);
        }
        for (int i = 0; i < suspensions; i++) {
            await(sleep(0));
        }
        return Coroutine.of(suspensions + 1);
    }

    /** Recursion, or frames on the heap if there is to be suspension. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int plain() {
        int total = 0;
        for (int i = 0; i < chains; i++) {
            total += suspensions == 0 ? recursion(depth) : PlainFrame.run(depth, suspensions);
        }
        return Check.equal(expected(), total);
    }

    private static Integer recursion(int depth) {
        return depth > 1 ? Integer.valueOf(recursion(depth - 1) + 1) : Integer.valueOf(1);
    }

    /** Stages composed with each other; the innermost are turns on one thread. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int completableFuture() throws ExecutionException, InterruptedException {
        if (leaf != Leaf.READY) {
            return Check.equal(
                    expected(), Stages.on(executor, () -> allStages(0, 0)).get());
        }
        int total = 0;
        for (int i = 0; i < chains; i++) {
            total += stages(depth).get();
        }
        return Check.equal(expected(), total);
    }

    /** The chains from the one with the number {@code chain} on, one after the other. */
    private CompletableFuture<Integer> allStages(int chain, int before) {
        return chain == chains
                ? CompletableFuture.completedFuture(before)
                : stages(depth).thenCompose(result -> allStages(chain + 1, before + result));
    }

    private CompletableFuture<Integer> stages(int depth) {
        return depth > 1 ? stages(depth - 1).thenApply(frames -> frames + 1) : turns(0);
    }

    private CompletableFuture<Integer> turns(int turn) {
        return turn < suspensions
                ? Stages.turn(executor).thenCompose(turned -> turns(turn + 1))
                : CompletableFuture.completedFuture(turn + 1);
    }

    /** Methods of Tascalate Async/Await on one thread. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int tascalate() throws ExecutionException, InterruptedException {
        return Check.equal(
                expected(),
                Stages.on(executor, () -> TascalateMethods.chains(chains, depth, suspensions, executor))
                        .get());
    }

    /** Methods of EA Async on one thread. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int eaAsync() throws ExecutionException, InterruptedException {
        return Check.equal(
                expected(),
                Stages.on(executor, () -> EaAsyncMethods.chains(chains, depth, suspensions, executor))
                        .get());
    }

    /** Plain calls on a virtual thread, the innermost of which yields. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int virtualThreads() throws InterruptedException {
        int[] total = new int[1];
        Thread thread = VirtualThreads.factory().newThread(() -> {
            for (int i = 0; i < chains; i++) {
                total[0] += calls(depth, suspensions);
            }
        });
        thread.start();
        thread.join();
        return Check.equal(expected(), total[0]);
    }

    private static Integer calls(int depth, int suspensions) {
        if (depth > 1) {
            return calls(depth - 1, suspensions) + 1;
        }
        return Threads.yieldTimes(suspensions) + 1;
    }
}
