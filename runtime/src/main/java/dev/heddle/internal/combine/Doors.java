// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.combine;

import dev.heddle.Awaitable;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.TimerHandle;

/** Gives this package access to members of loops and futures that are hidden from programs. Used on the thread of the loop. */
public interface Doors {

    /** Returns {@code awaitable} itself if it is a future, otherwise a new task of {@code loop}. */
    <T> Future<T> ensure(Awaitable<T> awaitable, EventLoop loop);

    /** Whether each occurrence of {@code awaitable} in a collection is a separate call, although all are the same object. */
    boolean isCallOfItsOwn(Awaitable<?> awaitable);

    /**
     * Checks that {@code future} belongs to {@code loop}.
     *
     * @throws IllegalArgumentException if it belongs to another loop
     */
    void requireOwn(Future<?> future, EventLoop loop);

    /** Delays the report of the failure of {@code future}, because a caller that holds the future is going to retrieve it. */
    void expectLook(Future<?> future);

    /** Calls {@code callback} after {@code nanos} nanoseconds. */
    TimerHandle callLater(EventLoop loop, long nanos, Runnable callback);
}
