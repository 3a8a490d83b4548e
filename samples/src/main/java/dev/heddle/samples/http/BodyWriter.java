// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends the parts of a body whose length is not known in advance. */
@FunctionalInterface
public interface BodyWriter {

    /** Sends {@code part}, and waits while the peer is slower. */
    Coroutine<Void> write(ByteBuffer part) throws IOException;
}
