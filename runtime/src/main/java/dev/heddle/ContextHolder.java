// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.woven.Driver;
import org.jspecify.annotations.Nullable;

/** The event loop as {@link Context} knows it: a holder of the current context. Used on the loop's thread. */
abstract class ContextHolder extends FailureSink {

    /** The context of a callback, or a context that was entered. Null in a task, and for an empty context that was never requested. */
    @Nullable
    Context context;

    /** Returns the loop that runs on this thread, or null. */
    static @Nullable ContextHolder running() {
        Driver driver = Driver.currentOrNull();
        return driver == null ? null : (ContextHolder) driver.loop;
    }

    /** Returns the context of the running task; null if no task runs, and for an empty context that was never requested. */
    abstract @Nullable Context contextOfTask();

    /** Returns the context of the running task, and creates it on the first request; null if no task runs. */
    abstract @Nullable Context makeContextOfTask();
}
