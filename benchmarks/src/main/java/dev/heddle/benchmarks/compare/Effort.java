package dev.heddle.benchmarks.compare;

import java.time.Duration;

/**
 * How much is measured: how often each peer has its turn, and how long JMH warms up and measures in each turn. A rough effort
 * measures fewer variants, and leaves out what does not fit into {@code limit}.
 */
record Effort(
        boolean rough, int rounds, int warmups, Duration warmup, int iterations, Duration iteration, Duration limit) {

    private static final Effort FULL =
            new Effort(false, 3, 5, Duration.ofMillis(500), 5, Duration.ofMillis(500), Duration.ofDays(365));
    private static final Effort QUICK =
            new Effort(true, 1, 2, Duration.ofMillis(250), 2, Duration.ofMillis(100), Duration.ofMinutes(4));

    /** What is to be published. */
    static Effort full() {
        return FULL;
    }

    /** What shows that everything runs. */
    static Effort quick() {
        return QUICK;
    }

    /** The same with another number of rounds. */
    Effort withRounds(int number) {
        return new Effort(rough, number, warmups, warmup, iterations, iteration, limit);
    }

    /** How programs are told. */
    String word() {
        return rough ? "quick" : "full";
    }

    /** How long a JMH fork is expected to take. */
    Duration expectedFork() {
        return warmup.multipliedBy(warmups)
                .plus(iteration.multipliedBy(iterations))
                .plusMillis(900);
    }

    String describe() {
        return String.format(
                "%d round%s; JMH: a fork a round, %d warm-ups of %d ms and %d measurements of %d ms",
                rounds, rounds == 1 ? "" : "s", warmups, warmup.toMillis(), iterations, iteration.toMillis());
    }
}
