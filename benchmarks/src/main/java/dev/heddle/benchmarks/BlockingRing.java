// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;

/** A place in a ring of threads, which takes a token from its queue and puts it into the next. */
final class BlockingRing implements Runnable {

    private final BlockingQueue<Integer> from;
    private final BlockingQueue<Integer> to;
    private final int threads;
    private int hops;

    private BlockingRing(BlockingQueue<Integer> from, BlockingQueue<Integer> to, int threads) {
        this.from = from;
        this.to = to;
        this.threads = threads;
    }

    /**
     * Starts {@code threads} threads, sends a token on {@code hops} hops, and returns the number of hops that the
     * threads counted.
     */
    static int run(ThreadFactory factory, int threads, int hops) throws InterruptedException {
        List<BlockingQueue<Integer>> queues = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            queues.add(new ArrayBlockingQueue<>(1));
        }
        List<BlockingRing> places = new ArrayList<>(threads);
        List<Thread> started = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            BlockingRing place = new BlockingRing(queues.get(i), queues.get((i + 1) % threads), threads);
            places.add(place);
            Thread thread = factory.newThread(place);
            started.add(thread);
            thread.start();
        }
        queues.get(0).put(hops);
        for (Thread thread : started) {
            thread.join();
        }
        return places.stream().mapToInt(place -> place.hops).sum();
    }

    /** Hands the token on until it has counted down, then a token below zero, which ends the others. */
    @Override
    public void run() {
        try {
            int token = from.take();
            while (token > 0) {
                hops++;
                to.put(token - 1);
                token = from.take();
            }
            if (token > -threads) {
                to.put(token - 1);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted in the ring", e);
        }
    }
}
