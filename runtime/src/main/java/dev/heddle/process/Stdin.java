// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.net.Connection;
import dev.heddle.net.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * The program's own standard input as a stream of a loop. A process has one, so that it belongs to one loop at a time. While there is a stream, nothing else may read from {@link
 * System#in}: a daemon thread reads it ahead, as far as a pipe and a buffer have room.
 */
public final class Stdin {

    private static final int CHUNK = 8 * 1024;

    /** The loop that has the stream. Null before the first one. */
    private static @Nullable EventLoop owner;

    private static @Nullable Connection stream;

    /** Where the thread writes to. */
    private static @Nullable Pipe pipe;

    /** Whether the thread has been started. */
    private static boolean started;

    private static boolean ended;

    /** Closes the pipe of a loop that is closed, so that the thread waits for that of the next one. */
    private record Handover(Pipe old) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            forget(old);
            try {
                old.sink().close();
            } finally {
                old.source().close();
            }
        }
    }

    private Stdin() {}

    private static synchronized void forget(Pipe old) {
        if (pipe == old) { // another loop may have its own already
            pipe = null;
        }
    }

    /**
     * Returns the standard input as a stream of the running loop, always the same. Lines may be up to 64 KiB long. Once that loop is closed, another one may have a stream; bytes
     * that the first one has got and not read are lost then.
     *
     * @throws IllegalStateException if another loop that is not closed has the stream
     * @throws IOException if the system cannot make a pipe
     */
    public static ReadStream stream() throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        synchronized (Stdin.class) {
            if (stream != null && owner == loop) {
                return stream;
            }
            if (owner != null && !owner.isClosed()) {
                throw new IllegalStateException("the standard input is a stream of " + owner + " and cannot be one of "
                        + loop + "; read it on one loop, and pass on what it has read");
            }
            Pipe made = Pipe.open();
            Connection connection;
            try {
                connection = Connection.over(new PipeInput(loop, made.source(), "the standard input", () -> {}));
            } catch (Throwable failure) {
                made.sink().close();
                throw failure;
            }
            LoopAccess.core(loop).keep(Handover.class, new Handover(made));
            owner = loop;
            stream = connection;
            pipe = made;
            if (ended) {
                made.sink().close();
            } else if (!started) {
                started = true;
                InputStream in = System.in;
                PipeThreads.POOL.execute(() -> copy(in));
            }
            Stdin.class.notifyAll();
            return connection;
        }
    }

    private static void copy(InputStream in) {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                deliver(ByteBuffer.wrap(chunk, 0, count));
            }
        } catch (IOException failure) {
            // It reads as the end, as that of a process does.
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody interrupts the threads of pipes", impossible);
        }
        end();
    }

    /** Writes {@code bytes} to the pipe, and if that is closed, to the next one. */
    private static void deliver(ByteBuffer bytes) throws InterruptedException {
        Pipe current = current(null);
        while (bytes.hasRemaining()) {
            try {
                current.sink().write(bytes);
            } catch (IOException closed) {
                current = current(current);
            }
        }
    }

    /** Waits until there is a pipe other than {@code old}. */
    private static Pipe current(@Nullable Pipe old) throws InterruptedException {
        synchronized (Stdin.class) {
            Pipe now = pipe;
            while (now == null || now == old) {
                Stdin.class.wait();
                now = pipe;
            }
            return now;
        }
    }

    private static synchronized void end() {
        ended = true;
        try {
            if (pipe != null) {
                pipe.sink().close();
            }
        } catch (IOException failure) {
            throw new IllegalStateException("cannot end the standard input", failure);
        }
    }
}
