// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The parts of benchmarks that are written with threads, of the operating system or virtual ones. */
final class Threads {

    private Threads() {}

    /**
     * Starts {@code count} threads that yield {@code rounds} times each, and joins them. Returns the number of yields
     * of all.
     */
    static int yieldAll(ThreadFactory factory, int count, int rounds) throws InterruptedException {
        return yieldAll(factory, 1, count, rounds);
    }

    /** As {@link #yieldAll(ThreadFactory, int, int)}, {@code times} times one after the other. */
    static int yieldAll(ThreadFactory factory, int times, int count, int rounds) throws InterruptedException {
        AtomicInteger total = new AtomicInteger();
        Runnable yielding = () -> total.addAndGet(yieldTimes(rounds));
        Thread starter = factory.newThread(() -> {
            for (int i = 0; i < times; i++) {
                startAndJoin(factory, count, yielding);
            }
        });
        starter.start();
        starter.join();
        return total.get();
    }

    /** Lets other threads run {@code rounds} times, and returns that number. */
    @SuppressWarnings("ThreadPriorityCheck") // the benchmark measures yielding
    static int yieldTimes(int rounds) {
        int round = 0;
        while (round < rounds) {
            Thread.yield();
            round++;
        }
        return round;
    }

    /** Starts {@code count} threads that run {@code body} and waits for them; called on a thread of the same kind. */
    static void startAndJoin(ThreadFactory factory, int count, Runnable body) {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            threads[i] = factory.newThread(body);
            threads[i].start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for threads", e);
        }
    }

    /** Lets two threads park and unpark each other {@code rounds} times each. Returns the number of turns of both. */
    static int alternate(ThreadFactory factory, int rounds) throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        Thread[] threads = new Thread[2];
        for (int i = 0; i < 2; i++) {
            int parity = i;
            threads[i] = factory.newThread(() -> {
                for (int round = 0; round < rounds; round++) {
                    while ((turns.get() & 1) != parity) {
                        LockSupport.park();
                    }
                    turns.incrementAndGet();
                    LockSupport.unpark(threads[1 - parity]);
                }
            });
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return turns.get();
    }
}
