// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

/**
 * A semaphore that never has more permits than initially. Use it to detect a permit that is released too often, which is an error.
 * Corresponds to {@code asyncio.BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {

    private final int bound;

    /**
     * Creates a semaphore with {@code permits} permits.
     *
     * @throws IllegalArgumentException if {@code permits} is negative
     */
    public BoundedSemaphore(int permits) {
        super(permits);
        this.bound = permits;
    }

    @Override
    void giveBack() {
        if (permits >= bound) {
            throw new IllegalStateException("BoundedSemaphore released too many times: " + this + " of " + bound
                    + " permits; release it once after each acquire");
        }
        super.giveBack();
    }
}
