// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.Asyncio;
import dev.heddle.woven.Driver;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A primitive that belongs to the loop in which a task first had to wait for it. */
abstract class LoopBound {

    /** The driver of the loop. Null until a task has waited. */
    private @Nullable Driver driver;

    /** Binds this primitive to the running loop, unless it is already bound. */
    final void bind() {
        Driver running = Driver.currentOrNull();
        Driver bound = driver;
        if (bound == null) {
            driver = Objects.requireNonNull(running, "running");
        } else if (bound != running) {
            throw new IllegalStateException(this + " is bound to a different event loop: a task of " + bound.loop
                    + " waited for it before, so no task of " + Asyncio.getRunningLoop()
                    + " can; make one for each loop");
        }
    }

    /**
     * Checks the calling thread. To be called before anything is changed.
     *
     * @throws IllegalStateException if this primitive is bound to a loop that another thread runs
     */
    final void requireThread() {
        Driver bound = driver;
        if (bound != null && bound.isOnOtherThread()) {
            throw new IllegalStateException(this + " is bound to " + bound.loop + ", which runs on another thread than "
                    + Driver.nameOfThread() + "; use callSoonThreadsafe");
        }
    }
}
