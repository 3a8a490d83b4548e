// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

/** Thrown by {@link Barrier#arrive} if the barrier is aborted or reset. Corresponds to {@code asyncio.BrokenBarrierError}. */
public class BrokenBarrierException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception with {@code message}. */
    public BrokenBarrierException(String message) {
        super(message);
    }
}
