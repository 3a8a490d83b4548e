// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.Guest;
import dev.heddle.internal.loop.Polling;
import java.util.Objects;

/** What the kernel knows of a {@link Poller} and of a {@link Host}, which are above it. */
final class Seams {

    private Seams() {}

    static Polling polling(Poller poller) {
        Objects.requireNonNull(poller, "poller");
        return new Polling() {

            @Override
            public void block(long nanos) {
                poller.block(nanos);
            }

            @Override
            public void poll() {
                poller.poll();
            }

            @Override
            public void wake() {
                poller.wake();
            }
        };
    }

    static Guest.Turns turns(Host host) {
        Objects.requireNonNull(host, "host");
        return new Guest.Turns() {

            @Override
            public void soon(Runnable turn) {
                host.execute(turn);
            }

            @Override
            public Runnable later(long nanos, Runnable turn) {
                return Objects.requireNonNull(host.executeLater(nanos, turn), "the result of Host.executeLater");
            }
        };
    }
}
