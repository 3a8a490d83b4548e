package dev.heddle.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Counts the bytes that a connection reads and writes, so that a test can send the next ones after them. */
final class CountingTransport extends ForwardingTransport {

    private int read;
    private int written;

    CountingTransport(Transport below) {
        super(below);
    }

    /** Counts those of {@code connection} from now on. */
    static CountingTransport of(Connection connection) {
        CountingTransport counting = new CountingTransport(connection.transport);
        connection.transport = counting;
        return counting;
    }

    /** The number of bytes that were read. */
    int read() {
        return read;
    }

    /** The number of bytes that were written. */
    int written() {
        return written;
    }

    @Override
    protected int read(ByteBuffer target) throws IOException {
        int count = super.read(target);
        read += Math.max(count, 0);
        return count;
    }

    @Override
    protected void write(ByteBuffer source) throws IOException {
        int begin = source.position();
        try {
            super.write(source);
        } finally {
            written += source.position() - begin;
        }
    }
}
