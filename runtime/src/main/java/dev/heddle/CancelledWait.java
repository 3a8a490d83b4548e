package dev.heddle;

import org.jspecify.annotations.Nullable;

/**
 * What a task awaits whose sleep was cancelled, or the frame that waited: the coroutine is cancelled when it goes on.
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
