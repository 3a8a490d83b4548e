// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that start processes, and that copy between streams that block and pipes of a loop. They are daemon threads, and end when they have had
 * nothing to do for ten seconds. They are never virtual ones: a virtual thread that reads from a file descriptor keeps its carrier for as long as it
 * waits, and a few hundred of them would stop all virtual threads of the program.
 */
final class PipeThreads {

    private static final int IDLE_SECONDS = 10;
    private static final int CHUNK = 8 * 1024;

    private static final AtomicInteger MADE = new AtomicInteger(); // the pool makes threads on any thread

    /** Has as many threads as there are calls. */
    static final ExecutorService POOL = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), runnable -> {
                Thread thread = new Thread(runnable, "heddle-process-" + MADE.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });

    private PipeThreads() {}

    /** Copies everything from {@code source} to {@code target} in a thread, until one of them ends, and closes both. */
    static void copy(InputStream source, WritableByteChannel target) {
        POOL.execute(() -> {
            try (source;
                    target) {
                copyAll(source, target);
            } catch (IOException ended) {
                // The loop has closed its end, or the process its own: both find that out for themselves.
            }
        });
    }

    private static void copyAll(InputStream source, WritableByteChannel target) throws IOException {
        // The JDK locks the stream when the process has ended, and closes it. What children of the process write after
        // that would be lost.
        synchronized (source) {
            byte[] chunk = new byte[CHUNK];
            for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
                while (bytes.hasRemaining()) {
                    target.write(bytes);
                }
            }
        }
    }

    /** As {@link #copy(InputStream, WritableByteChannel)}, in the other direction. */
    static void copy(ReadableByteChannel source, OutputStream target) {
        POOL.execute(() -> {
            try (source;
                    target) {
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                while (source.read(chunk.clear()) >= 0) {
                    target.write(chunk.array(), 0, chunk.position());
                    target.flush();
                }
            } catch (IOException ended) {
                // As above.
            }
        });
    }
}
