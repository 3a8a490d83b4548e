package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A transport that delivers what another one has received up to a given byte. Then a fault happens. */
final class TamperingTransport extends ForwardingTransport {

    /** What happens at the byte. */
    enum Fault {
        /** The stream ends. */
        CUT,
        /** The connection is reset. */
        RESET,
        /** Nothing arrives any more, and the stream does not end. */
        STALL,
        /** Two bits of this byte are others. */
        FLIP,
        /** The rest of the stream is noise. */
        NOISE
    }

    private final Fault fault;
    private final int at;
    private final Random random = new Random(1);

    private int delivered;
    private @Nullable Future<@Nullable Void> stalled;
    private boolean closed;

    TamperingTransport(Transport below, Fault fault, int at) {
        super(below);
        this.fault = fault;
        this.at = at;
    }

    /** Lets the fault happen to what {@code connection} receives. */
    static TamperingTransport with(Connection connection, Fault fault, int at) {
        TamperingTransport made = new TamperingTransport(connection.transport, fault, at);
        connection.transport = made;
        return made;
    }

    /** The number of bytes that were delivered. */
    int delivered() {
        return delivered;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        if (delivered < at) {
            int end = target.limit();
            target.limit(Math.min(end, target.position() + at - delivered));
            int count = below.read(target);
            target.limit(end);
            delivered += Math.max(count, 0);
            return count;
        }
        return switch (fault) {
            case CUT -> -1;
            case RESET -> throw new ConnectionResetException("reset by the test", null);
            case STALL -> 0;
            case FLIP -> delivered > at ? below.read(target) : flip(target);
            case NOISE -> noise(target);
        };
    }

    private int flip(ByteBuffer target) throws IOException {
        int position = target.position();
        int end = target.limit();
        int count = below.read(target.limit(position + 1));
        target.limit(end);
        if (count == 1) {
            target.put(position, (byte) (target.get(position) ^ 0x21));
            delivered++;
        }
        return count;
    }

    private int noise(ByteBuffer target) throws IOException {
        int position = target.position();
        int count = below.read(target);
        for (int i = 0; i < count; i++) {
            target.put(position + i, (byte) random.nextInt());
        }
        return count;
    }

    @Override
    protected Coroutine<Void> readable() {
        return fault == Fault.STALL && delivered >= at && !closed ? closed() : below.readable();
    }

    @Async
    private Coroutine<Void> closed() {
        Future<@Nullable Void> waiting = Asyncio.getRunningLoop().createFuture();
        stalled = waiting;
        await(waiting);
        return Coroutine.done();
    }

    @Override
    protected void close() {
        super.close();
        endStall();
    }

    @Override
    protected void abort() {
        super.abort();
        endStall();
    }

    private void endStall() {
        closed = true;
        if (stalled != null && !stalled.isDone()) {
            stalled.setResult(null);
        }
    }
}
