// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * A pipe between this program and a child, whose end here can be selected. If the system has names of pipes, the child has the other end. Otherwise it
 * has a pipe of the JDK, and a thread copies between the two.
 */
final class ChildPipe implements AutoCloseable {

    final Pipe pipe;

    /** Null if the pipe has no name. */
    private final @Nullable File name;

    private ChildPipe(Pipe pipe, @Nullable File name) {
        this.pipe = pipe;
        this.name = name;
    }

    /** Makes a pipe. May block. */
    static ChildPipe open() throws IOException {
        Pipe pipe = Pipe.open();
        return new ChildPipe(pipe, PipeNames.of(pipe));
    }

    /** Whether a thread copies between this pipe and that of the child. */
    boolean isCopied() {
        return name == null;
    }

    /** Returns how to start a child that reads from this pipe. */
    Redirect toRead() {
        return name == null ? Redirect.PIPE : Redirect.from(name);
    }

    /** Returns how to start a child that writes to this pipe. */
    Redirect toWrite() {
        return name == null ? Redirect.PIPE : Redirect.appendTo(name); // does not truncate
    }

    /** Called when the child that reads from this pipe has started. {@code input} leads to it. */
    void connect(OutputStream input) throws IOException {
        if (name == null) {
            PipeThreads.copy(pipe.source(), input);
        } else {
            pipe.source().close();
        }
    }

    /** Called when the child that writes to this pipe has started. {@code output} comes from it. */
    void connect(InputStream output) throws IOException {
        if (name == null) {
            PipeThreads.copy(output, pipe.sink());
        } else {
            pipe.sink().close();
        }
    }

    /** Closes both ends, which ends the thread, too. */
    @Override
    public void close() throws IOException {
        try {
            pipe.sink().close();
        } finally {
            pipe.source().close();
        }
    }
}
