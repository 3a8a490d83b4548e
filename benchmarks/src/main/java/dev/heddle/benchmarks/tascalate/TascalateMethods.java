// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.tascalate;

import static net.tascalate.async.CallContext.async;
import static net.tascalate.async.CallContext.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import net.tascalate.async.async;

/**
 * Workloads in Tascalate Async/Await, whose tools rewrite the methods in the build. A call begins at once. After an await the method goes on in the thread
 * that completes the awaited future.
 */
public final class TascalateMethods {

    private TascalateMethods() {}

    /** The Fibonacci number {@code n}, by recursion. */
    public static @async CompletableFuture<Integer> fib(int n) {
        if (n < 2) {
            return async(n);
        }
        return async(await(fib(n - 1)) + await(fib(n - 2)));
    }

    /** Sums {@code numbers}, and awaits the number of the round, {@code rounds} times. */
    public static @async CompletableFuture<Integer> sums(int[] numbers, int rounds) {
        int sum = 0;
        for (int round = 0; round < rounds; round++) {
            for (int number : numbers) {
                sum += number;
            }
            sum += await(CompletableFuture.completedFuture(round));
        }
        return async(sum);
    }

    /** Begins {@code count} calls that let each other run {@code rounds} times each, and awaits them; returns the number of yields of all. */
    public static @async CompletableFuture<Integer> yieldAll(int count, int rounds, Executor executor) {
        List<CompletableFuture<Integer>> calls = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            calls.add(yielding(rounds, executor));
        }
        int total = 0;
        for (CompletableFuture<Integer> call : calls) {
            total += await(call);
        }
        return async(total);
    }

    private static @async CompletableFuture<Integer> yielding(int rounds, Executor executor) {
        int round = 0;
        while (round < rounds) {
            await(turn(executor));
            round++;
        }
        return async(round);
    }

    /** Awaits {@code chains} calls that are {@code depth} deep, the innermost of which suspends {@code suspensions} times. */
    public static @async CompletableFuture<Integer> chains(int chains, int depth, int suspensions, Executor executor) {
        int total = 0;
        for (int i = 0; i < chains; i++) {
            total += await(nested(depth, suspensions, executor));
        }
        return async(total);
    }

    private static @async CompletableFuture<Integer> nested(int depth, int suspensions, Executor executor) {
        if (depth > 1) {
            return async(await(nested(depth - 1, suspensions, executor)) + 1);
        }
        for (int i = 0; i < suspensions; i++) {
            await(turn(executor));
        }
        return async(suspensions + 1);
    }

    /** Awaits {@code children} calls at once, {@code times} times; each of them lets the others run {@code switches} times. */
    public static @async CompletableFuture<Integer> gathers(int times, int children, int switches, Executor executor) {
        int total = 0;
        for (int i = 0; i < times; i++) {
            List<CompletableFuture<Integer>> calls = new ArrayList<>(children);
            for (int j = 0; j < children; j++) {
                calls.add(yielding(switches, executor));
            }
            await(CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])));
            for (CompletableFuture<Integer> call : calls) {
                total += call.join();
            }
        }
        return async(total);
    }

    private static CompletableFuture<Void> turn(Executor executor) {
        return CompletableFuture.runAsync(() -> {}, executor);
    }
}
