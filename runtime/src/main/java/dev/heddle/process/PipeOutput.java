// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.HeapWindow;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/** The end of a pipe that is written here. */
final class PipeOutput extends PipeTransport {

    private final Pipe.SinkChannel channel;

    PipeOutput(EventLoop loop, Pipe.SinkChannel channel, String name, Runnable whenClosed) throws IOException {
        super(Pollable.of(loop, channel), name, whenClosed);
        this.channel = channel;
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        if (isClosed()) {
            throw broken(null);
        }
        int end = source.limit();
        try {
            HeapWindow.narrow(source); // a pipe holds less anyway
            channel.write(source);
        } catch (IOException failure) {
            throw broken(failure);
        } finally {
            source.limit(end);
        }
    }

    private BrokenPipeException broken(@Nullable IOException failure) {
        return new BrokenPipeException(
                "broken pipe: nobody reads the " + this + " any more, because the process has closed it or has ended",
                failure);
    }

    @Override
    protected Coroutine<Void> writable() {
        return pollable.writable();
    }

    @Override
    protected void shutdownOutput() {
        close();
    }
}
