// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes sure that the JDK has the descriptors that it needs to start a process. If the system refuses one of its pipes, the JDK closes descriptors whose numbers it has
 * not got yet: whatever the memory holds, which may be a file or a connection of this program, or its standard input. This is so in the JDKs 17 to 25.
 */
final class SpareDescriptors {

    /** The JDK has ten at most: three files or pairs, and two pairs of its own. A helper of the JDK that runs in the child needs one more. */
    private static final int PAIRS = 6;

    private SpareDescriptors() {}

    /** Throws the system's exception if there are not enough. Another thread may take them afterwards. */
    static void require() throws IOException {
        List<Pipe> pipes = new ArrayList<>();
        try {
            for (int pair = 0; pair < PAIRS; pair++) {
                pipes.add(Pipe.open());
            }
        } finally {
            for (Pipe each : pipes) {
                try {
                    each.sink().close();
                } finally {
                    each.source().close();
                }
            }
        }
    }
}
