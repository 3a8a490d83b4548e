package dev.heddle.sync;

/**
 * A semaphore that never has more permits than at first, Python's {@code asyncio.BoundedSemaphore}: giving one back too often is an
 * error.
 */
public final class BoundedSemaphore extends Semaphore {

    private final int bound;

    /**
     * A semaphore with {@code permits}.
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
