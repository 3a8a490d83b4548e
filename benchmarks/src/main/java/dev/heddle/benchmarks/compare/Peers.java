// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.Set;

/** Properties of peers, by their names. */
final class Peers {

    /** The least time that the work can take, in plain Java. Not a rival. */
    static final String FLOOR = "plain";

    /** Heddle itself on one loop, beside which its two loops are measured. */
    private static final String ONE_LOOP = "oneLoop";

    /** Virtual threads, which older JDKs do not have, and which need flags. */
    static final String VIRTUAL = "virtualThreads";

    private Peers() {}

    /** Netty's servers of row 13, and Heddle as a guest on their loops. */
    static final String NETTY_NIO = "nettyNio";

    static final String NETTY_EPOLL = "nettyEpoll";
    static final String ON_NIO = "heddleOnNio";
    static final String ON_EPOLL = "heddleOnEpoll";

    private static final Set<String> OWN = Set.of(ONE_LOOP, ON_NIO, ON_EPOLL);

    /** Whether it is a loss to be slower than {@code peer}. */
    static boolean isRival(String peer) {
        return !peer.equals(FLOOR) && !OWN.contains(peer);
    }
}
