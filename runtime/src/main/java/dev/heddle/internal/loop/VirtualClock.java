package dev.heddle.internal.loop;

/** A time that starts at 0 and passes only when a loop has nothing else to do, for tests. */
public final class VirtualClock implements Clock {

    /** Written by the loop's thread; volatile because any thread may ask for the time. */
    private volatile long now;

    /** A clock at 0. */
    public VirtualClock() {}

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public boolean jumpTo(long nanos) {
        now = Math.max(now, nanos);
        return true;
    }

    @Override
    public boolean isVirtual() {
        return true;
    }
}
