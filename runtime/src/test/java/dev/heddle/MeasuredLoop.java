package dev.heddle;

import dev.heddle.internal.loop.Clock;
import dev.heddle.internal.loop.SystemClock;

/** An event loop whose busy and idle times a test decides. */
public final class MeasuredLoop {

    private MeasuredLoop() {}

    /** Creates a loop whose timers follow real time, and whose work {@code stopwatch} measures. */
    public static EventLoop of(Clock stopwatch) {
        return new EventLoop(SystemClock.INSTANCE, stopwatch);
    }
}
