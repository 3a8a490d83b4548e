package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Passes the bytes that one connection sends on to another one, over their raw peers, in the segments that a test chooses. */
final class Relay {

    private final RawPeer from;
    private final RawPeer to;
    private final CountingTransport sender;
    private final CountingTransport receiver;
    private final ByteBuffer held = ByteBuffer.allocate(64 * 1024);

    private int received;
    private int passed;
    private int cut;
    private int piece = Integer.MAX_VALUE;
    private boolean holding;

    /** Relays from {@code from}, where {@code sender} counts, to {@code to}, where {@code receiver} does. */
    Relay(RawPeer from, CountingTransport sender, RawPeer to, CountingTransport receiver) throws IOException {
        this.from = from;
        this.sender = sender;
        this.to = to;
        this.receiver = receiver;
        from.socket.configureBlocking(false);
    }

    /** Lets a segment end after so many bytes of the stream. */
    Relay cutAt(int position) {
        cut = position;
        return this;
    }

    /** Lets no segment have more than so many bytes. */
    Relay inPieces(int most) {
        piece = most;
        return this;
    }

    /** Sets whether what arrives is held until the stream has ended. Then it is one segment. */
    void hold(boolean on) {
        holding = on;
    }

    /** The number of bytes that have been passed on. */
    int passed() {
        return passed;
    }

    /** Passes on everything until the stream ends, and its end. */
    @Async
    Coroutine<Void> run() throws IOException {
        int count = from.socket.read(held);
        while (count >= 0) {
            if (count > 0 && !holding) {
                await(pass());
            }
            await(sleep(0));
            count = from.socket.read(held);
        }
        await(pass());
        to.socket.shutdownOutput();
        return Coroutine.done();
    }

    /** Passes on everything that the connection has sent. */
    @Async
    Coroutine<Void> passWhatWasSent() throws IOException {
        while (received < sender.written()) {
            received += from.socket.read(held);
        }
        return pass();
    }

    /** Passes on what is held. The next segment is sent when the receiver has read the one before. */
    @Async
    private Coroutine<Void> pass() throws IOException {
        held.flip();
        while (held.hasRemaining()) {
            int length = Math.min(held.remaining(), piece);
            if (passed < cut) {
                length = Math.min(length, cut - passed);
            }
            byte[] segment = new byte[length];
            held.get(segment);
            to.send(segment);
            passed += length;
            if (held.hasRemaining()) {
                while (receiver.read() < passed) {
                    await(sleep(0));
                }
                await(sleep(0));
            }
        }
        held.clear();
        return Coroutine.done();
    }

    @Override
    public String toString() {
        return "cut at " + cut + " in pieces of " + piece;
    }
}
