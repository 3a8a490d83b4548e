// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file names of pipes. The JDK connects a child to its own pipes, which cannot be selected, or to files. Linux has a file for every open pipe
 * of a process, {@code /proc/self/fd/N}, so that a child can be connected to a {@link Pipe}, which can be selected.
 *
 * <p>The JDK does not tell the number. A random number of bytes in the pipe tells it from others. Nothing is ever read from another pipe.
 */
final class PipeNames {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** A pipe of Linux holds a page at least. */
    private static final int MOST_BYTES = 2000;

    /** Whether the system has names of pipes. Changed by tests only. */
    static volatile boolean available = Files.isDirectory(DESCRIPTORS);

    private PipeNames() {}

    /** Returns the name of {@code pipe}, which is empty and blocking, or null if it cannot be found. */
    static @Nullable File of(Pipe pipe) {
        if (!available) {
            return null;
        }
        try {
            return find(pipe);
        } catch (IOException | DirectoryIteratorException | SecurityException unknown) {
            return null;
        }
    }

    /** One thread at a time, because looking opens a descriptor of the same pipe for a moment, which another thread would take for the pipe's own. */
    private static synchronized @Nullable File find(Pipe pipe) throws IOException {
        int bytes = fill(pipe, 0);
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (available(descriptor) == bytes) {
                    bytes = fill(pipe, bytes);
                    if (available(descriptor) == bytes) {
                        return descriptor.toFile();
                    }
                }
            }
        } finally {
            ByteBuffer filling = ByteBuffer.allocate(bytes);
            while (filling.hasRemaining() && pipe.source().read(filling) >= 0) {
                // Go on until the pipe is empty again.
            }
        }
        return null;
    }

    /** Puts some bytes into {@code pipe}, and returns how many there are now. If there is room for {@code bytes} only, they stay as they are. */
    private static int fill(Pipe pipe, int bytes) throws IOException {
        if (bytes > MOST_BYTES) {
            return bytes;
        }
        ByteBuffer filling = ByteBuffer.allocate(1 + ThreadLocalRandom.current().nextInt(MOST_BYTES - 1));
        int filled = bytes + filling.remaining();
        while (filling.hasRemaining()) {
            pipe.sink().write(filling);
        }
        return filled;
    }

    /** Returns how many bytes are in the pipe {@code descriptor}; -1 if it is no pipe. */
    private static int available(Path descriptor) {
        try {
            if (!Files.readSymbolicLink(descriptor).toString().startsWith("pipe:")) {
                return -1;
            }
            try (FileInputStream other = new FileInputStream(descriptor.toFile())) {
                return other.available();
            }
        } catch (IOException closedMeanwhile) {
            return -1;
        }
    }
}
