// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;

/** Open connections to one server, over which messages go there and back. */
interface Load extends AutoCloseable {

    /** Sends messages for so many nanoseconds, and returns the number of those that came back: all that were sent. */
    long run(long nanos) throws IOException;

    @Override
    void close() throws IOException;
}
