// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.flow;

import static dev.heddle.Asyncio.fromCallback;

import dev.heddle.Completer;
import dev.heddle.Coroutine;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets the task of a bridge wait until any thread wakes it. */
final class WakeUp {

    private final BooleanSupplier due;

    /** The end of the wait of the task, or of a wait that was cancelled. Null if nobody has waited since the last wake-up. */
    private final AtomicReference<@Nullable Completer<@Nullable Void>> waiting = new AtomicReference<>();

    /**
     * Creates a wake-up.
     *
     * @param due whether there is something that a thread may have called {@link #wake} for already; called on any thread
     */
    WakeUp(BooleanSupplier due) {
        this.due = due;
    }

    /** Waits for {@link #wake}. It may also end without one, so the caller looks again. */
    Coroutine<@Nullable Void> waitForIt() {
        return fromCallback(this::begin);
    }

    private void begin(Completer<@Nullable Void> end) {
        waiting.set(end);
        if (due.getAsBoolean()) { // it came before the line above, and found nobody to wake
            wake();
        }
    }

    /** Wakes the task if it waits. Thread-safe. */
    void wake() {
        Completer<@Nullable Void> end = waiting.getAndSet(null);
        if (end != null) {
            end.complete(null);
        }
    }
}
