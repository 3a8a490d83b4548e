// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import org.jspecify.annotations.Nullable;

/** The least possible task of skynet: an object that counts the parts for which it waits. */
final class PlainNode {

    private final @Nullable PlainNode parent;
    private final int first;
    private final int size;
    private final int fanOut;
    private int pending;
    private long sum;

    private PlainNode(@Nullable PlainNode parent, int first, int size, int fanOut) {
        this.parent = parent;
        this.first = first;
        this.size = size;
        this.fanOut = fanOut;
        pending = fanOut;
    }

    /** Runs the whole tree and returns its sum. */
    static long run() {
        return run(new PlainNode(null, 0, SkynetBenchmark.LEAVES, SkynetBenchmark.FAN_OUT));
    }

    /** Runs the part of the tree with the number {@code half} of {@code halves}, and returns its sum. */
    static long half(int half, int halves) {
        int size = SkynetBenchmark.LEAVES / halves;
        return run(new PlainNode(null, half * size, size, SkynetBenchmark.FAN_OUT / halves));
    }

    private static long run(PlainNode root) {
        Ring<PlainNode> ready = new Ring<>(SkynetBenchmark.TASKS);
        ready.add(root);
        while (!ready.isEmpty()) {
            ready.remove().step(ready);
        }
        return root.sum;
    }

    private void step(Ring<PlainNode> ready) {
        if (size > 1 && pending > 0) {
            int part = size / fanOut;
            for (int i = 0; i < fanOut; i++) {
                ready.add(new PlainNode(this, first + i * part, part, SkynetBenchmark.FAN_OUT));
            }
            return;
        }
        if (size == 1) {
            sum = first;
        }
        if (parent != null) {
            parent.sum += sum;
            parent.pending--;
            if (parent.pending == 0) {
                ready.add(parent);
            }
        }
    }
}
