// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.net.Connection;
import java.time.Duration;

/**
 * Two connections that are joined in memory, for tests of programs that use {@link Connection}: what is written to one is read from the other. A test
 * sets the latency, the size of the pieces in which bytes arrive, the room for bytes on their way, and faults. On a loop with virtual time, latency costs
 * no time.
 *
 * <pre>{@code
 * MemoryPair pair = MemoryPair.create().latency(Duration.ofMillis(50)).pieces(1);
 * Task<Void> server = createTask(handle(pair.second()));
 * await(pair.first().write(request));
 * }</pre>
 *
 * <p>Used on the loop's thread.
 */
public final class MemoryPair {

    private final MemoryPipe forth;
    private final MemoryPipe back;
    private final Connection first;
    private final Connection second;

    private MemoryPair(EventLoop loop, int limit) {
        this.forth = new MemoryPipe(loop);
        this.back = new MemoryPipe(loop);
        this.first = Connection.over(new MemoryTransport(back, forth), limit);
        this.second = Connection.over(new MemoryTransport(forth, back), limit);
    }

    /** Makes a pair of the running loop. Its connections have the default limit of lines, 64 KiB. */
    public static MemoryPair create() {
        return create(64 * 1024);
    }

    /** Makes a pair of the running loop. Lines, and what precedes a separator, may be up to {@code limit} bytes long. */
    public static MemoryPair create(int limit) {
        return new MemoryPair(Asyncio.getRunningLoop(), limit);
    }

    /** Returns the one end. */
    public Connection first() {
        return first;
    }

    /** Returns the other end. */
    public Connection second() {
        return second;
    }

    /**
     * Sets how long bytes that are written from now on take to the other end. The order of bytes does not change. The default is 0.
     *
     * @throws IllegalArgumentException if {@code time} is negative
     */
    public MemoryPair latency(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("latency must not be negative, as " + time + " is");
        }
        forth.latency = back.latency = time.toNanos() / 1e9;
        return this;
    }

    /**
     * Sets how many bytes a single read of the transport returns at most. The default is no limit.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public MemoryPair pieces(int bytes) {
        forth.piece = back.piece = positive("a piece", bytes);
        return this;
    }

    /**
     * Sets how many bytes can be on their way in each direction until a writer has to wait. The default is 64 KiB.
     *
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public MemoryPair capacity(int bytes) {
        forth.capacity(positive("the capacity", bytes));
        back.capacity(bytes);
        return this;
    }

    private static int positive(String what, int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException(what + " has at least one byte, not " + bytes);
        }
        return bytes;
    }

    /** Breaks the connection now. What is on its way is lost, and both ends get a {@link dev.heddle.net.ConnectionResetException}. */
    public void reset() {
        forth.reset();
        back.reset();
    }

    /**
     * Breaks the connection as {@link #reset} does once the other end has read {@code bytes} more of what {@link #first} writes.
     *
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public void resetAfter(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the number of bytes must not be negative, as " + bytes + " is");
        }
        forth.breakAfter(bytes, this::reset);
    }

    @Override
    public String toString() {
        return "<MemoryPair " + forth + " " + back + ">";
    }
}
