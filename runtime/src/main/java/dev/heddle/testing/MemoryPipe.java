// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.net.ConnectionResetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The bytes that are on their way in one direction of a {@link MemoryPair}. */
final class MemoryPipe {

    /** Bytes, and the time at which they arrive. Without bytes it is the end of the stream. */
    private record Packet(ByteBuffer bytes, double arrival) {}

    /** Half a nanosecond: times this close are the same. */
    private static final double ROUNDING = 5e-10;

    private static final int NEVER = -1;

    double latency;
    int piece = Integer.MAX_VALUE;
    private int capacity = 64 * 1024;

    private final EventLoop loop;
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();

    /** How many bytes are on their way. */
    private int size;

    /** When the last packet arrives, which none may overtake. */
    private double lastArrival;

    private boolean ended;
    private boolean reset;

    /** Whether the reading end is closed. */
    private boolean abandoned;

    /** How many bytes may still be read until {@link #breaking} runs, or {@link #NEVER}. */
    private int untilBreak = NEVER;

    private Runnable breaking = () -> {};

    private @Nullable Future<@Nullable Void> reader;
    private @Nullable Future<@Nullable Void> writer;

    MemoryPipe(EventLoop loop) {
        this.loop = loop;
    }

    void capacity(int bytes) {
        capacity = bytes;
        wake(writer);
    }

    // The reading end

    int read(ByteBuffer target) throws IOException {
        if (untilBreak == 0 && size > 0) {
            breaking.run();
        }
        if (reset) {
            throw new ConnectionResetException("the connection in memory was reset", null);
        }
        Packet next = packets.peek();
        if (next == null || next.arrival - loop.time() > ROUNDING) {
            return 0;
        }
        ByteBuffer bytes = next.bytes;
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(Math.min(bytes.remaining(), target.remaining()), piece);
        if (untilBreak != NEVER) {
            count = Math.min(count, untilBreak);
            untilBreak -= count;
        }
        int end = bytes.limit();
        target.put(bytes.limit(bytes.position() + count));
        bytes.limit(end);
        if (!bytes.hasRemaining()) {
            packets.remove();
        }
        size -= count;
        wake(writer);
        return count;
    }

    @Async
    Coroutine<Void> readable() {
        Packet next = packets.peek();
        if (reset || (untilBreak == 0 && size > 0) || (next != null && next.arrival <= loop.time())) {
            return Coroutine.done();
        }
        Future<@Nullable Void> waiting = loop.createFuture();
        reader = waiting;
        if (next != null) {
            loop.callAt(next.arrival, () -> wake(waiting));
        }
        await(waiting);
        return Coroutine.done();
    }

    /** Closes the reading end. */
    void abandon() {
        abandoned = true;
        packets.clear();
        size = 0;
        wake(reader);
        wake(writer);
    }

    // The writing end

    void write(ByteBuffer source) throws IOException {
        if (reset || abandoned) {
            throw new ConnectionResetException(
                    "the connection in memory " + (reset ? "was reset" : "is broken, as the other end is closed"),
                    null);
        }
        int count = Math.min(source.remaining(), capacity - size);
        if (count > 0) {
            ByteBuffer copy = ByteBuffer.allocate(count);
            int end = source.limit();
            copy.put(source.limit(source.position() + count)).flip();
            source.limit(end);
            size += count;
            send(copy);
        }
    }

    @Async
    Coroutine<Void> writable() {
        if (size < capacity || reset || abandoned) {
            return Coroutine.done();
        }
        Future<@Nullable Void> waiting = loop.createFuture();
        writer = waiting;
        await(waiting);
        return Coroutine.done();
    }

    /** Ends the stream. Idempotent. */
    void end() {
        if (!ended) {
            ended = true;
            send(ByteBuffer.allocate(0));
        }
        wake(writer);
    }

    private void send(ByteBuffer bytes) {
        lastArrival = Math.max(lastArrival, loop.time() + latency);
        packets.add(new Packet(bytes, lastArrival));
        Future<@Nullable Void> waiting = reader;
        if (lastArrival <= loop.time()) {
            wake(waiting);
        } else if (waiting != null && packets.size() == 1) {
            loop.callAt(lastArrival, () -> wake(waiting));
        }
    }

    // Faults

    void reset() {
        reset = true;
        abandon();
    }

    void breakAfter(int bytes, Runnable action) {
        untilBreak = bytes;
        breaking = action;
        wake(reader);
    }

    private static void wake(@Nullable Future<@Nullable Void> waiting) {
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }

    @Override
    public String toString() {
        return size + " bytes" + (reset ? " reset" : ended ? " ended" : "");
    }
}
