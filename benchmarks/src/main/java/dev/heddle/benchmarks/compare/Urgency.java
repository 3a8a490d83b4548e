package dev.heddle.benchmarks.compare;

/**
 * What a run that has too little time measures first: of each row one variant on the newest JDK, Heddle and its floor; then
 * Heddle on the older JDK; then that variant's peers; then the rest.
 */
final class Urgency {

    /** Heddle, its floor, and what takes little time. */
    static final int FIRST = 0;

    /** Heddle on the older JDK. */
    static final int OLDER_JDK = 1;

    private static final int PEERS = 2;
    private static final int OTHER_VARIANTS = 3;
    private static final int REST = 4;

    private Urgency() {}

    /** The urgency of a fork of JMH in which a peer of the row runs. */
    static int of(Row row, String peer, boolean firstVariant, boolean newestJdk) {
        boolean subject = peer.equals(row.subject());
        if (!firstVariant) {
            return newestJdk && subject ? OTHER_VARIANTS : REST;
        }
        if (newestJdk) {
            return subject || !Peers.isRival(peer) ? FIRST : PEERS;
        }
        return subject ? OLDER_JDK : REST;
    }
}
