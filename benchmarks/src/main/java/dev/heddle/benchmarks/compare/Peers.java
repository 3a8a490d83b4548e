package dev.heddle.benchmarks.compare;

/** Properties of peers, by their names. */
final class Peers {

    /** The least time that the work can take, in plain Java. Not a rival. */
    private static final String FLOOR = "plain";

    /** Heddle itself on one loop, beside which its two loops are measured. */
    private static final String ONE_LOOP = "oneLoop";

    /** Virtual threads, which older JDKs do not have, and which need flags. */
    static final String VIRTUAL = "virtualThreads";

    private Peers() {}

    /** Whether it is a loss to be slower than {@code peer}. */
    static boolean isRival(String peer) {
        return !peer.equals(FLOOR) && !peer.equals(ONE_LOOP);
    }
}
