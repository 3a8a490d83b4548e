// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What happens to the datagrams of a {@link MemoryDatagrams} on their way. */
final class MemoryFaults {

    long latency;
    long jitter;
    double loss;
    double duplication;
    SplittableRandom random = new SplittableRandom(0);
    MemoryDatagrams.Arrivals arrivals = packet -> List.of(Duration.ZERO);

    /**
     * Returns after how many nanoseconds each copy of {@code packet} arrives. The list is empty if it is lost.
     *
     * @throws IOException if the test lets the sending fail
     */
    List<Long> delays(MemoryDatagrams.Packet packet) throws IOException {
        List<Long> delays = new ArrayList<>();
        for (Duration each : arrivals.of(packet)) {
            long delay = latency + notNegative("the delay of a datagram", each);
            if (!happens(loss)) {
                delays.add(delay + jitter());
                if (happens(duplication)) {
                    delays.add(delay + jitter());
                }
            }
        }
        return delays;
    }

    private boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private long jitter() {
        return jitter == 0 ? 0 : random.nextLong(jitter + 1);
    }

    /** Returns the nanoseconds of {@code time}. */
    static long notNegative(String what, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, as " + time + " is");
        }
        return time.toNanos();
    }

    static double probability(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + " is a probability from 0 to 1, not " + value);
        }
        return value;
    }
}
