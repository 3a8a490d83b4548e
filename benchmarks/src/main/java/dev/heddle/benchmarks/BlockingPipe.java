// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** Two threads that talk to each other over blocking queues. */
final class BlockingPipe {

    private BlockingPipe() {}

    /** Sends a number back and forth {@code rounds} times, adds 1 to it each way, and returns it. */
    static int pingPong(ThreadFactory factory, int rounds) throws InterruptedException {
        BlockingQueue<Integer> there = new ArrayBlockingQueue<>(1);
        BlockingQueue<Integer> back = new ArrayBlockingQueue<>(1);
        FutureTask<Integer> answering = start(factory, () -> {
            int number = 0;
            for (int round = 0; round < rounds; round++) {
                number = there.take() + 1;
                back.put(number);
            }
            return number;
        });
        FutureTask<Integer> asking = start(factory, () -> {
            int number = 0;
            for (int round = 0; round < rounds; round++) {
                there.put(number + 1);
                number = back.take();
            }
            return number;
        });
        return Check.equal(result(asking), result(answering));
    }

    /**
     * Sends the numbers below {@code elements} through a queue of {@code capacity}, and returns the sum of the received
     * ones.
     */
    static long produceAndConsume(ThreadFactory factory, int capacity, int elements) throws InterruptedException {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(capacity);
        FutureTask<Integer> producing = start(factory, () -> {
            for (int i = 0; i < elements; i++) {
                queue.put(i);
            }
            return elements;
        });
        FutureTask<Long> consuming = start(factory, () -> {
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                sum += queue.take();
            }
            return sum;
        });
        Check.equal(elements, result(producing));
        return result(consuming);
    }

    private static <T> FutureTask<T> start(ThreadFactory factory, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        factory.newThread(task).start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a thread failed", e.getCause());
        }
    }
}
