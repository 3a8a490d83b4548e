package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * In the place of the sleep, or of the frame, that a task awaited until that wait was cancelled: the coroutine is cancelled when it goes on.
 *
 * @param awaited the sleep or the frame
 * @param message that of the cancellation, which is not that of the task, as in asyncio
 */
record CancelledWait(Object awaited, @Nullable String message) {

    @Override
    public String toString() {
        return awaited.toString();
    }
}
