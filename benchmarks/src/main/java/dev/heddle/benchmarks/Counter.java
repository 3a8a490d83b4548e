// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

/** The least possible task that lets others run: an object that counts its turns. */
final class Counter {

    private final int rounds;
    private int round;

    private Counter(int rounds) {
        this.rounds = rounds;
    }

    /**
     * Runs {@code count} counters in turn, each of which yields {@code rounds} times. Returns the number of yields of
     * all.
     */
    static int run(int count, int rounds) {
        Ring<Counter> ready = new Ring<>(count);
        for (int i = 0; i < count; i++) {
            ready.add(new Counter(rounds));
        }
        int total = 0;
        while (!ready.isEmpty()) {
            Counter counter = ready.remove();
            if (counter.step()) {
                ready.add(counter);
            } else {
                total += counter.round;
            }
        }
        return total;
    }

    /** Takes one turn; returns whether there is another. */
    private boolean step() {
        if (round == rounds) {
            return false;
        }
        round++;
        return true;
    }
}
