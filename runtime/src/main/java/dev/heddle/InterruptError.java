// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.report.LeavesLoop;

/**
 * Thrown by a running event loop when its thread is interrupted. If a task or callback throws it, it also propagates out of the loop, and a
 * {@link TaskGroup} throws it without an {@link ExceptionGroup}. {@link InternalError} and {@link UnknownError} are treated in the same
 * way. Every other throwable, including {@link OutOfMemoryError}, is the failure of its task.
 *
 * <p>On the first interrupt, {@link Asyncio#run} cancels the main task. If the main task then ends cancelled, {@code run} throws this
 * error. A second interrupt leaves the loop immediately. {@link EventLoop#runForever} and {@link EventLoop#runUntilComplete} are left on
 * the first interrupt. The interrupt flag of the thread is set when this error is thrown. Clear it with {@link Thread#interrupted} before
 * running another loop on the thread.
 *
 * <p>Corresponds to {@code KeyboardInterrupt}. {@code InternalError} and {@code UnknownError} take the place of {@code SystemExit}.
 */
public class InterruptError extends Error implements LeavesLoop {

    private static final long serialVersionUID = 1;

    /** Creates an error with {@code message}. */
    public InterruptError(String message) {
        super(message);
    }
}
