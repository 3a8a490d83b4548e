// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The parts of benchmarks that are written with {@code CompletableFuture}. */
final class Stages {

    private Stages() {}

    /** Completes in a turn of {@code executor} after the turns that are waiting now. */
    static CompletableFuture<Void> turn(Executor executor) {
        return CompletableFuture.runAsync(() -> {}, executor);
    }

    /** Calls {@code method} on a thread of {@code executor}, and returns its result. */
    static <T> CompletableFuture<T> on(Executor executor, Supplier<CompletableFuture<T>> method) {
        return CompletableFuture.completedFuture(method).thenComposeAsync(Supplier::get, executor);
    }

    /** Runs {@code count} chains of {@code rounds} turns side by side. The result is the number of turns. */
    static CompletableFuture<Integer> yieldAll(int count, int rounds, Executor executor) {
        return on(executor, () -> {
            List<CompletableFuture<Integer>> chains = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                chains.add(yielding(0, rounds, executor));
            }
            return sum(chains);
        });
    }

    private static CompletableFuture<Integer> yielding(int round, int rounds, Executor executor) {
        if (round == rounds) {
            return CompletableFuture.completedFuture(round);
        }
        return turn(executor).thenCompose(turned -> yielding(round + 1, rounds, executor));
    }

    /** Sums the results of {@code parts} once they are complete. */
    static CompletableFuture<Integer> sum(List<CompletableFuture<Integer>> parts) {
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        done -> parts.stream().mapToInt(CompletableFuture::join).sum());
    }
}
