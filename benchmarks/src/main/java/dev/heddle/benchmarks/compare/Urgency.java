// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

/** The order of a rough run: Heddle on the newest JDK, then its floor, then its peers, then Heddle on the older JDK. */
final class Urgency {

    /** Heddle on the newest JDK. */
    static final int FIRST = 0;

    /** Heddle on the older JDK. */
    static final int OLDER_JDK = 3;

    private static final int FLOOR = 1;
    private static final int PEERS = 2;

    private Urgency() {}

    /** The urgency of a fork of JMH in which a peer of the row runs. */
    static int of(Row row, String peer, boolean newestJdk) {
        if (!newestJdk) {
            return OLDER_JDK;
        }
        if (peer.equals(row.subject())) {
            return FIRST;
        }
        return Peers.isRival(peer) ? PEERS : FLOOR;
    }
}
