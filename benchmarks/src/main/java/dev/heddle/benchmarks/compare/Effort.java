// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.time.Duration;

/**
 * The extent of a run: how often each peer has its turn, and how long JMH warms up and measures in each turn.
 * Measurements beyond {@code limit} are left out.
 */
record Effort(
        Extent extent, int rounds, int warmups, Duration warmup, int iterations, Duration iteration, Duration limit) {

    /** The part of the comparison that is measured. */
    enum Extent {
        /** All variants with all peers, on all JDKs. */
        ALL,
        /** The variants that have a target; on the older JDK Heddle and its floor only. */
        TARGETS,
        /** The variants that have a target; on the older JDK Heddle only; other languages as long as there is time. */
        ROUGH
    }

    private static final Duration NO_LIMIT = Duration.ofDays(365);

    private static final Effort FULL =
            new Effort(Extent.ALL, 3, 5, Duration.ofMillis(500), 5, Duration.ofMillis(500), NO_LIMIT);
    private static final Effort SHORT =
            new Effort(Extent.TARGETS, 3, 4, Duration.ofMillis(250), 3, Duration.ofMillis(200), NO_LIMIT);
    private static final Effort QUICK =
            new Effort(Extent.ROUGH, 1, 1, Duration.ofMillis(400), 1, Duration.ofMillis(150), Duration.ofSeconds(210));

    /** The effort of a run that takes hours. */
    static Effort full() {
        return FULL;
    }

    /** The effort of a run that takes about an hour. */
    static Effort brief() {
        return SHORT;
    }

    /** The effort of a run that only shows that everything works. */
    static Effort quick() {
        return QUICK;
    }

    /** Whether the figures are only rough. */
    boolean rough() {
        return extent == Extent.ROUGH;
    }

    /** Whether {@code peer} has a turn on an older JDK than the newest. */
    boolean runsOnOlderJdk(String peer, Row row) {
        return switch (extent) {
            case ALL -> true;
            case TARGETS -> peer.equals(row.subject()) || !Peers.isRival(peer);
            case ROUGH -> peer.equals(row.subject());
        };
    }

    /** The same with another number of rounds. */
    Effort withRounds(int number) {
        return new Effort(extent, number, warmups, warmup, iterations, iteration, limit);
    }

    /** The word that programs receive for this effort. */
    String word() {
        return rough() ? "quick" : "full";
    }

    /** The expected time of a JVM in which JMH measures {@code benchmarks} benchmarks. */
    Duration expectedFork(int benchmarks) {
        return warmup.multipliedBy(warmups)
                .plus(iteration.multipliedBy(iterations))
                .multipliedBy(benchmarks)
                .plusMillis(900);
    }

    String describe() {
        return String.format(
                "%s; JMH: a fork a round%s, %s of %d ms and %s of %d ms",
                count(rounds, "round"),
                rough() ? " for all variants of a peer in a row" : "",
                count(warmups, "warm-up"),
                warmup.toMillis(),
                count(iterations, "measurement"),
                iteration.toMillis());
    }

    private static String count(int number, String things) {
        return number + " " + things + (number == 1 ? "" : "s");
    }
}
