package dev.heddle.benchmarks.compare;

import java.time.Duration;

/**
 * How much is measured: how often each peer has its turn, and how long JMH warms up and measures in each turn. What does not fit into
 * {@code limit} is left out.
 */
record Effort(
        Extent extent, int rounds, int warmups, Duration warmup, int iterations, Duration iteration, Duration limit) {

    /** What of it all is measured. */
    enum Extent {
        /** All variants with all peers, on all JDKs. */
        ALL,
        /** The variants that have a target; on the older JDK Heddle and its floor only. */
        TARGETS,
        /** As many variants that have a target as there is time for. */
        ROUGH
    }

    private static final Duration NO_LIMIT = Duration.ofDays(365);

    private static final Effort FULL =
            new Effort(Extent.ALL, 3, 5, Duration.ofMillis(500), 5, Duration.ofMillis(500), NO_LIMIT);
    private static final Effort SHORT =
            new Effort(Extent.TARGETS, 3, 4, Duration.ofMillis(250), 3, Duration.ofMillis(200), NO_LIMIT);
    private static final Effort QUICK =
            new Effort(Extent.ROUGH, 1, 2, Duration.ofMillis(250), 2, Duration.ofMillis(100), Duration.ofMinutes(4));

    /** What takes hours. */
    static Effort full() {
        return FULL;
    }

    /** What takes less than an hour. */
    static Effort brief() {
        return SHORT;
    }

    /** What shows that everything runs. */
    static Effort quick() {
        return QUICK;
    }

    /** Whether the figures are no more than rough. */
    boolean rough() {
        return extent == Extent.ROUGH;
    }

    /** Whether {@code peer} has a turn on an older JDK than the newest. */
    boolean runsOnOlderJdk(String peer, Row row) {
        return extent != Extent.TARGETS || peer.equals(row.subject()) || !Peers.isRival(peer);
    }

    /** The same with another number of rounds. */
    Effort withRounds(int number) {
        return new Effort(extent, number, warmups, warmup, iterations, iteration, limit);
    }

    /** How programs are told. */
    String word() {
        return rough() ? "quick" : "full";
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
