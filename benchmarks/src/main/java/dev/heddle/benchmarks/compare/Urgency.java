package dev.heddle.benchmarks.compare;

/**
 * What a run that has too little time measures first: of each row one variant on the newest JDK, Heddle and its floor; then that
 * variant's peers; then the older JDK; then the other variants.
 */
final class Urgency {

    /** Heddle, its floor, and what takes little time. */
    static final int FIRST = 0;

    private static final int PEERS = 1;

    /** Heddle and its floor on the older JDK. */
    static final int OLDER_JDK = 2;

    private static final int OTHER_VARIANTS = 3;
    private static final int REST = 4;

    private Urgency() {}

    /** The urgency of a fork of JMH. */
    static int of(boolean firstVariant, boolean newestJdk, boolean basic) {
        if (!firstVariant) {
            return newestJdk && basic ? OTHER_VARIANTS : REST;
        }
        if (newestJdk) {
            return basic ? FIRST : PEERS;
        }
        return basic ? OLDER_JDK : REST;
    }
}
