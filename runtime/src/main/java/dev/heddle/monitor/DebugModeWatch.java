// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.internal.loop.DebugWatch;

/** Lets the {@link Watchdog} watch every loop that runs in debug mode. The loop finds this class by its name. */
final class DebugModeWatch implements DebugWatch {

    DebugModeWatch() {}

    @Override
    public void watch(Object loop, long limit) {
        Watchdog.watchInDebugMode((EventLoop) loop, limit);
    }
}
