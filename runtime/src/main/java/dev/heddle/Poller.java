// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/**
 * What a loop of its own thread sleeps in, for programs that wait for something that Heddle does not know: the events of a library in native code, for
 * example. {@link EventLoop#create(Poller)} makes a loop with a poller. Without one, a loop parks its thread, or waits in a {@link
 * java.nio.channels.Selector} once it has channels.
 *
 * <p>The loop calls {@link #poll} at the latest after 64 turns or 50 microseconds of work, and {@link #block} when it has nothing to do. Both call what the
 * events are for, for example {@link EventLoop#callSoon(Runnable)} or {@link Future#setResult}. What they throw leaves the loop. Corresponds to the {@code
 * selector} of {@code asyncio.SelectorEventLoop}.
 */
public interface Poller {

    /**
     * Waits until an event has occurred, {@link #wake} is called or {@code nanos} nanoseconds have passed, and handles what has occurred. {@code Long.MAX_VALUE}
     * means without a limit. It may return too early, and returns when the thread is interrupted. Called on the loop's thread.
     */
    void block(long nanos);

    /** Handles the events that have occurred, without waiting. Called on the loop's thread. */
    void poll();

    /** Ends the current call of {@link #block}; if there is none, the next one returns at once. Called on any thread. */
    void wake();
}
