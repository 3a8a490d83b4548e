package dev.heddle.benchmarks.compare;

/** What is known of peers by their names. */
final class Peers {

    /** The least that the work can take, in plain Java: nobody to be faster than. */
    static final String FLOOR = "plain";

    private Peers() {}

    /** Whether being slower than that peer is a loss. */
    static boolean isRival(String peer) {
        return !peer.equals(FLOOR) && !peer.equals("oneLoop") && !peer.equals("without");
    }
}
