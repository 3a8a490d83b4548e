// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.io;

import java.nio.ByteBuffer;

/**
 * Limits how much of a buffer on the heap one call of a channel gets. The JDK copies everything that it gets into a direct buffer of that size, which it then
 * keeps for the thread, even if the system takes or has only a few bytes.
 */
public final class HeapWindow {

    /** The most bytes of a buffer on the heap that a call gets. */
    public static final int MOST = 256 * 1024;

    private HeapWindow() {}

    /** Leaves the first {@link #MOST} bytes of {@code buffer} if it is on the heap and has more. The caller restores the limit. */
    public static void narrow(ByteBuffer buffer) {
        if (buffer.remaining() > MOST && !buffer.isDirect()) {
            buffer.limit(buffer.position() + MOST);
        }
    }
}
