package dev.heddle;

/** When {@link Asyncio#wait} returns, the constants of the same names in Python's {@code asyncio}. */
public enum ReturnWhen {

    /** As soon as one future is done, in whatever way. */
    FIRST_COMPLETED,

    /** As soon as one future has failed, a cancelled one not counting; when none fails, as {@link #ALL_COMPLETED}. */
    FIRST_EXCEPTION,

    /** When every future is done. */
    ALL_COMPLETED
}
