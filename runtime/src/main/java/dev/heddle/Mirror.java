// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.report.ErrorReports;
import dev.heddle.internal.report.Text;
import dev.heddle.woven.Driver;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The result of {@link Context#mirror}: a {@link ThreadState} that follows tasks and callbacks until this object is closed. Thread-safe. */
public final class Mirror implements AutoCloseable {

    /** Stands for a state that could not be captured. */
    static final Object UNKNOWN = new Object();

    /** The open mirrors, in the order in which they were added. Replaced as a whole by any thread. */
    private static volatile List<Mirror> open = List.of();

    private final ThreadState<@Nullable Object> state;

    private volatile boolean closed;

    /** Whether a failure of the state was reported. Only the first one is, because a state that fails does so in every step. */
    private volatile boolean reported;

    private Mirror(ThreadState<@Nullable Object> state) {
        this.state = state;
    }

    /** Returns the open mirrors. */
    static List<Mirror> open() {
        return open;
    }

    /** Returns the open mirror of {@code state}, a new one if there is none. */
    @SuppressWarnings("unchecked") // a state restores only what it has captured
    static synchronized Mirror of(ThreadState<?> state) {
        Objects.requireNonNull(state, "state");
        for (Mirror each : open) {
            if (each.state == state) {
                return each;
            }
        }
        Mirror made = new Mirror((ThreadState<@Nullable Object>) state);
        List<Mirror> more = new ArrayList<>(open);
        more.add(made);
        open = List.copyOf(more);
        return made;
    }

    /** Stops mirroring. From now on, the state belongs to the thread alone again. Idempotent. */
    @Override
    public void close() {
        synchronized (Mirror.class) {
            closed = true;
            open = open.stream().filter(each -> each != this).toList();
        }
    }

    /** Returns the state of the calling thread, or {@code otherwise} if that fails. */
    @Nullable
    Object capture(@Nullable Object otherwise) {
        try {
            return state.capture();
        } catch (Throwable failure) {
            report("captured", failure);
            return otherwise;
        }
    }

    /** Makes {@code captured} the state of the calling thread. */
    void restore(@Nullable Object captured) {
        if (closed || captured == UNKNOWN) {
            return;
        }
        try {
            state.restore(captured);
        } catch (Throwable failure) {
            report("restored", failure);
        }
    }

    private void report(String what, Throwable failure) {
        if (reported) {
            return;
        }
        reported = true;
        String message = "The mirrored thread state " + Text.of(state) + " cannot be " + what
                + "; further failures of it are not reported";
        Driver driver = Driver.currentOrNull();
        if (driver != null && driver.loop instanceof FailureSink loop) {
            loop.reportFailure(message, failure, "state", state);
        } else {
            ErrorReports.logger().log(Level.ERROR, message, failure);
        }
    }

    @Override
    public String toString() {
        return "<Mirror of " + Text.of(state) + (closed ? " closed>" : ">");
    }
}
