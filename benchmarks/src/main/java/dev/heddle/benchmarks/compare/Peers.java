package dev.heddle.benchmarks.compare;

/** What is known of peers by their names. */
final class Peers {

    /** The least that the work can take, in plain Java: nobody to be faster than. */
    private static final String FLOOR = "plain";

    /** Heddle itself, beside which its own two loops are measured. */
    private static final String ONE_LOOP = "oneLoop";

    /** Those that older JDKs do not have, and that are given flags. */
    static final String VIRTUAL = "virtualThreads";

    private Peers() {}

    /** Whether being slower than that peer is a loss. */
    static boolean isRival(String peer) {
        return !peer.equals(FLOOR) && !peer.equals(ONE_LOOP);
    }
}
