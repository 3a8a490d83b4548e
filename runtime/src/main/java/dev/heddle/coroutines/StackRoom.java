package dev.heddle.coroutines;

/**
 * Room on the stack for a change of several steps none of which may fail when the others are done. The frequent changes need none, as they end
 * with stores that call nothing; this is for those that are rare or long.
 */
public final class StackRoom {

    /** Each level takes a hundred bytes or more, compiled or not. */
    private static final int LEVELS = 64;

    private StackRoom() {}

    /**
     * To be called before anything is changed.
     *
     * @throws StackOverflowError if there is not room for a few dozen calls
     */
    public static void require() {
        descend(LEVELS, 1, 2, 3, 4);
    }

    /** Uses its arguments after the call as well, which therefore stay on the stack. */
    private static long descend(int levels, long a, long b, long c, long d) {
        return levels == 0 ? a : descend(levels - 1, b, c, d, a) + (a ^ b) + (c ^ d);
    }
}
