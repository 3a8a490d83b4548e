// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.internal.io.BufferPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The input of a {@link Connection}. It keeps the bytes that the transport has delivered and nobody has read yet: only those that a search for a
 * separator has found behind it, and those of a read that was cancelled. Between reads it usually holds no buffer.
 */
final class StreamReader {

    /** After so many reads that did not have to wait, the reader lets the rest of the loop run. */
    private static final int MOST_WITHOUT_WAITING = 32;

    /** How much memory a read of a given size takes before the first byte has arrived. */
    private static final int FIRST_ROOM = 64 * 1024;

    private static final byte[] NEWLINE = {'\n'};

    private final Connection connection;

    /** The bytes that are here, from the position to the limit. Null if there are none. */
    private @Nullable ByteBuffer buffer;

    private boolean reading;

    /** Whether what reads is {@link #discard}. */
    private boolean discarding;

    /** Done when the coroutine that reads has ended. Null if nobody waits for that. */
    private @Nullable Future<@Nullable Void> idle;

    /** Whether the transport has reported the end of the stream. */
    private boolean ended;

    private int withoutWaiting;

    StreamReader(Connection connection) {
        this.connection = connection;
    }

    // The operations

    @Async
    Coroutine<Integer> read(ByteBuffer target) throws IOException {
        begin("read()");
        try {
            ByteBuffer here = buffer;
            if (here != null) {
                return Coroutine.of(moveTo(here, target));
            }
            if (!target.hasRemaining()) {
                return Coroutine.of(0);
            }
            // As receiveSome. A coroutine of its own would cost as much as the rest of this one.
            if (withoutWaiting >= MOST_WITHOUT_WAITING) {
                await(letOthersRun());
            }
            int count = receive(target);
            while (count == 0) {
                await(readable());
                count = receive(target);
            }
            return Coroutine.of(count);
        } finally {
            end();
        }
    }

    @Async
    Coroutine<byte[]> readExactly(int count) throws IOException {
        begin("readExactly()");
        ByteBuffer into = ByteBuffer.allocate(Math.min(count, FIRST_ROOM));
        boolean over = false;
        try {
            ByteBuffer here = buffer;
            if (here != null) {
                moveTo(here, into);
            }
            while (into.position() < count) {
                if (!into.hasRemaining()) {
                    byte[] larger = Arrays.copyOf(into.array(), Math.min(count, grown(into.capacity())));
                    into = ByteBuffer.wrap(larger).position(into.position());
                }
                if (await(receiveSome(into)) < 0) {
                    over = true;
                    byte[] partial = Arrays.copyOf(into.array(), into.position());
                    throw new IncompleteReadException(connection.toString(), partial, count);
                }
            }
            over = true;
            return Coroutine.of(into.array());
        } finally {
            if (!over && into.position() > 0) { // cancelled, or failed: the next read gets these bytes
                putBack(into.flip());
            }
            end();
        }
    }

    @Async
    Coroutine<byte[]> readUntil(byte[] separator) throws IOException {
        begin("readUntil()");
        try {
            int end = await(find(separator, "what precedes the separator"));
            if (end < 0) {
                byte[] partial = take(available());
                throw new IncompleteReadException(connection.toString(), partial, -1);
            }
            return Coroutine.of(take(end + separator.length));
        } finally {
            end();
        }
    }

    @Async
    Coroutine<@Nullable String> readLine() throws IOException {
        begin("readLine()");
        try {
            int end = await(find(NEWLINE, "a line"));
            if (end < 0) {
                byte[] last = take(available());
                return Coroutine.of(last.length == 0 ? null : text(last, last.length));
            }
            byte[] line = take(end + 1);
            return Coroutine.of(text(line, end > 0 && line[end - 1] == '\r' ? end - 1 : end));
        } finally {
            end();
        }
    }

    @Async
    Coroutine<byte[]> readAll(int limit) throws IOException {
        begin("readAll()");
        try {
            while (available() <= limit) {
                int count = await(fill());
                if (count < 0) {
                    return Coroutine.of(take(available()));
                }
            }
            throw new LimitExceededException(connection.toString(), "the rest of the stream", limit);
        } finally {
            end();
        }
    }

    /** Reads to the end of the stream and drops everything. Lets a coroutine that reads go on, and continues when that has ended. */
    @Async
    Coroutine<Void> discard() throws IOException {
        ByteBuffer rubbish = connection.pool.take();
        try {
            while (!ended) {
                if (reading) {
                    await(whenIdle());
                } else {
                    discarding = true;
                    await(read(rubbish.clear()));
                }
            }
        } finally {
            discarding = false;
            connection.pool.give(rubbish);
        }
        return Coroutine.done();
    }

    /** Returns the bytes that have arrived and were not read, and forgets them. */
    ByteBuffer takeBuffered() {
        ByteBuffer here = buffer;
        buffer = null;
        return here == null ? ByteBuffer.allocate(0) : here;
    }

    /** Drops the bytes that are here. */
    void release() {
        ByteBuffer here = buffer;
        if (here != null && !reading) {
            buffer = null;
            connection.pool.give(here);
        }
    }

    /** Lets nobody read until {@link #letGo}. */
    void hold() throws IOException {
        begin("startTls()");
    }

    void letGo() {
        reading = false;
    }

    // Searching

    /** Waits until {@code separator} is in the buffer, and returns the number of bytes before it; -1 if the stream ends first. */
    @Async
    private Coroutine<Integer> find(byte[] separator, String what) throws IOException {
        int searched = 0;
        while (true) {
            int end = indexOf(separator, searched);
            int limit = connection.limit;
            if (end > limit || (end < 0 && available() - separator.length >= limit)) {
                throw new LimitExceededException(connection.toString(), what, limit);
            }
            if (end >= 0) {
                return Coroutine.of(end);
            }
            searched = Math.max(0, available() - separator.length + 1);
            int count = await(fill());
            if (count < 0) {
                return Coroutine.of(-1);
            }
        }
    }

    /** Returns how many bytes precede the first {@code separator} that begins at {@code from} or behind; -1 if there is none. */
    private int indexOf(byte[] separator, int from) {
        ByteBuffer here = buffer;
        if (here == null) {
            return -1;
        }
        int last = here.limit() - separator.length;
        byte first = separator[0];
        for (int index = here.position() + from; index <= last; index++) {
            if (here.get(index) == first && matches(here, index, separator)) {
                return index - here.position();
            }
        }
        return -1;
    }

    private static boolean matches(ByteBuffer bytes, int index, byte[] separator) {
        for (int i = 1; i < separator.length; i++) {
            if (bytes.get(index + i) != separator[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    // The buffer

    private int available() {
        ByteBuffer here = buffer;
        return here == null ? 0 : here.remaining();
    }

    /** Waits until more bytes are in the buffer. Returns their number, or -1 at the end of the stream. */
    @Async
    private Coroutine<Integer> fill() throws IOException {
        if (withoutWaiting >= MOST_WITHOUT_WAITING) {
            await(letOthersRun());
        }
        int count = receiveInBuffer();
        while (count == 0) {
            await(readable());
            count = receiveInBuffer();
        }
        return Coroutine.of(count);
    }

    private int receiveInBuffer() throws IOException {
        ByteBuffer here = buffer;
        ByteBuffer space = here == null ? connection.pool.take().flip() : here;
        if (space.limit() == space.capacity()) {
            space = withRoom(space);
        }
        int begin = space.position();
        int end = space.limit();
        space.position(end).limit(space.capacity());
        try {
            return receive(space);
        } finally {
            space.limit(space.position()).position(begin);
            if (space.hasRemaining()) {
                buffer = space;
            } else {
                buffer = null;
                connection.pool.give(space);
            }
        }
    }

    private ByteBuffer withRoom(ByteBuffer full) {
        if (full.position() >= full.capacity() / 2) {
            return full.compact().flip();
        }
        ByteBuffer larger =
                ByteBuffer.allocate(grown(full.capacity())).put(full).flip();
        connection.pool.give(full);
        return larger;
    }

    private static int grown(int capacity) {
        return capacity > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : Math.max(2 * capacity, BufferPool.SIZE);
    }

    /** Moves what fits from {@code here}, the buffer, to {@code target}, and returns how much that was. */
    private int moveTo(ByteBuffer here, ByteBuffer target) {
        int count = Math.min(here.remaining(), target.remaining());
        int end = here.limit();
        target.put(here.limit(here.position() + count));
        here.limit(end);
        if (!here.hasRemaining()) {
            buffer = null;
            connection.pool.give(here);
        }
        return count;
    }

    private byte[] take(int count) {
        byte[] taken = new byte[count];
        ByteBuffer here = buffer;
        if (here != null) {
            moveTo(here, ByteBuffer.wrap(taken));
        }
        return taken;
    }

    /** Puts {@code bytes}, which were read before those in the buffer, back in front of them. */
    private void putBack(ByteBuffer bytes) {
        ByteBuffer here = buffer;
        if (here == null) {
            buffer = bytes;
        } else {
            buffer = ByteBuffer.allocate(bytes.remaining() + here.remaining())
                    .put(bytes)
                    .put(here)
                    .flip();
            connection.pool.give(here);
        }
    }

    // The transport

    private void begin(String operation) throws IOException {
        connection.requireOpen();
        if (reading) {
            if (discarding) {
                throw new ConnectionClosedException(
                        connection + " is being closed, and drops its input; read everything before closeGracefully()");
            }
            throw new IllegalStateException(
                    operation + " called while another coroutine is already waiting for incoming data of " + connection
                            + "; let one coroutine read, and pass on what it has read");
        }
        reading = true;
    }

    private Future<@Nullable Void> whenIdle() {
        Future<@Nullable Void> waiting = idle;
        if (waiting == null) {
            waiting = connection.loop.createFuture();
            idle = waiting;
        }
        return Asyncio.shield(waiting);
    }

    private void end() {
        reading = false;
        if (connection.isClosed()) {
            release();
        }
        Future<@Nullable Void> waiting = idle;
        if (waiting != null) {
            idle = null;
            waiting.setResult(null);
        }
    }

    /** Waits until bytes are in {@code target}, and returns their number; -1 at the end of the stream. */
    @Async
    private Coroutine<Integer> receiveSome(ByteBuffer target) throws IOException {
        if (withoutWaiting >= MOST_WITHOUT_WAITING) {
            await(letOthersRun());
        }
        int count = receive(target);
        while (count == 0) {
            await(readable());
            count = receive(target);
        }
        return Coroutine.of(count);
    }

    private int receive(ByteBuffer target) throws IOException {
        withoutWaiting++;
        int count = connection.receive(target);
        ended = count < 0;
        return count;
    }

    private Awaitable<Void> letOthersRun() {
        withoutWaiting = 0;
        return Asyncio.sleep(0);
    }

    private Coroutine<Void> readable() {
        withoutWaiting = 0;
        return connection.readable();
    }
}
