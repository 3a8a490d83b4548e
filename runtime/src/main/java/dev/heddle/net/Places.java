// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places for the connections of a server, which may be several {@link LoopServer}s. Each connection takes one before it is accepted, and gives it back when its
 * handler has ended. Thread-safe.
 */
final class Places {

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /** The servers that wait for a place. */
    private final Set<LoopServer> waiting = ConcurrentHashMap.newKeySet();

    Places(int most) {
        this.most = most;
    }

    /** Takes a place for {@code server}. If there is none, returns false, and notifies the server when there may be one again. */
    boolean take(LoopServer server) {
        if (tryTake()) {
            return true;
        }
        waiting.add(server);
        // One may have been given back before the server was in the set. It stays there, as another acceptor of it may
        // be waiting.
        return tryTake();
    }

    private boolean tryTake() {
        int now = taken.get();
        while (now < most) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    void giveBack() {
        taken.decrementAndGet();
        waiting.forEach(server -> {
            if (waiting.remove(server)) {
                server.placeIsFree();
            }
        });
    }
}
