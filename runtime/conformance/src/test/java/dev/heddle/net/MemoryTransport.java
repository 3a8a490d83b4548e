package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One end of a pair in memory, which moves at most a given number of bytes at a time, and holds few. */
final class MemoryTransport extends Transport {

    /** The bytes on their way in one direction. */
    private static final class Pipe {
        final ByteBuffer bytes;
        boolean ended;
        boolean broken;

        @Nullable
        Future<Void> change;

        Pipe(int capacity) {
            bytes = ByteBuffer.allocate(capacity);
        }

        void changed() {
            Future<Void> waiting = change;
            change = null;
            if (waiting != null && !waiting.isDone()) {
                waiting.setResult(null);
            }
        }

        Future<Void> next() {
            Future<Void> next = change;
            if (next == null || next.isDone()) {
                next = Asyncio.getRunningLoop().createFuture();
                change = next;
            }
            return next;
        }
    }

    private final Pipe in;
    private final Pipe out;
    private final int most;
    private boolean closed;

    private MemoryTransport(Pipe in, Pipe out, int most) {
        this.in = in;
        this.out = out;
        this.most = most;
    }

    static MemoryTransport[] pair(int capacity, int most) {
        Pipe there = new Pipe(capacity);
        Pipe back = new Pipe(capacity);
        return new MemoryTransport[] {new MemoryTransport(back, there, most), new MemoryTransport(there, back, most)};
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        int count = Math.min(most, Math.min(in.bytes.position(), target.remaining()));
        if (count == 0) {
            return in.ended ? -1 : 0;
        }
        in.bytes.flip();
        for (int i = 0; i < count; i++) {
            target.put(in.bytes.get());
        }
        in.bytes.compact();
        in.changed();
        return count;
    }

    @Override
    @Async
    protected Coroutine<Void> readable() {
        while (in.bytes.position() == 0 && !in.ended && !closed) {
            await(Asyncio.shield(in.next()));
        }
        return Coroutine.done();
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (out.broken) {
            throw new IOException("reset");
        }
        int count = Math.min(most, Math.min(out.bytes.remaining(), source.remaining()));
        for (int i = 0; i < count; i++) {
            out.bytes.put(source.get());
        }
        out.changed();
    }

    @Override
    @Async
    protected Coroutine<Void> writable() {
        while (!out.bytes.hasRemaining() && !closed && !out.broken) {
            await(Asyncio.shield(out.next()));
        }
        return Coroutine.done();
    }

    @Override
    protected void shutdownOutput() {
        out.ended = true;
        out.changed();
    }

    @Override
    protected void close() {
        closed = true;
        out.ended = true;
        in.broken = true;
        out.changed();
        in.changed();
    }
}
