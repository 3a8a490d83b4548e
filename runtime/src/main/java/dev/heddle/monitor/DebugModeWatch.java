package dev.heddle.monitor;

import dev.heddle.EventLoop;
import dev.heddle.internal.loop.DebugWatch;

/** Lets the {@link Watchdog} watch every loop that runs in debug mode. The loop finds this class as a service; programs have no use for it. */
public final class DebugModeWatch implements DebugWatch {

    /** Creates the service. Called by the {@link java.util.ServiceLoader}. */
    public DebugModeWatch() {}

    @Override
    public void watch(Object loop, long limit) {
        Watchdog.watchInDebugMode((EventLoop) loop, limit);
    }
}
