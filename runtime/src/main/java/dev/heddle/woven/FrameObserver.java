// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import org.jspecify.annotations.Nullable;

/**
 * Observes the frames that are made and started, to find coroutines that are never awaited. The runtime installs one when debug mode or a test first
 * needs it. Until then a frame pays for it with one read of a static field.
 */
public abstract class FrameObserver {

    /**
     * The installed observer, or null. The field is written by any thread and read without ordering: a thread that sees an observer late fails to report a
     * few frames, and does no other harm.
     */
    static @Nullable FrameObserver installed;

    /** For the runtime's observer. */
    protected FrameObserver() {}

    /** Installs {@code observer} for the whole process. It must be stateless, as other threads see it without synchronisation. */
    public static void install(FrameObserver observer) {
        installed = observer;
    }

    /** Called by the constructor of {@code frame}, on any thread. */
    protected abstract void made(Frame<?> frame);

    /** Called when {@code frame} starts, or when it is discarded before it has started. */
    protected abstract void started(Frame<?> frame);
}
