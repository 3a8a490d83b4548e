package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;

/** A connection of the running loop, and the blocking socket of a peer that can do with it what it likes. */
final class RawPeer implements AutoCloseable {

    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final int SMALL = 16 * 1024;

    /** Which side the connection under test is on. */
    enum Side {
        ACCEPTED,
        CONNECTED
    }

    final Connection connection;
    final SocketChannel socket;

    private RawPeer(Connection connection, SocketChannel socket) {
        this.connection = connection;
        this.socket = socket;
    }

    /** Joins a connection with a peer. Buffers of the system are small, so that a peer that does not read is soon noticed. */
    static Coroutine<RawPeer> join(Side side) throws IOException {
        return join(side, SocketSettings.DEFAULT.closeTimeout());
    }

    /** As {@link #join(Side)}, with the time that a graceful close waits for a peer that does not read. */
    @Async
    static Coroutine<RawPeer> join(Side side, Duration closeTimeout) throws IOException {
        if (side == Side.CONNECTED) {
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
                listener.bind(ANY_PORT);
                ConnectOptions options = ConnectOptions.DEFAULT
                        .withSendBuffer(SMALL)
                        .withReceiveBuffer(SMALL)
                        .withCloseTimeout(closeTimeout);
                Connection connection = await(Net.connect(listener.getLocalAddress(), options));
                return Coroutine.of(new RawPeer(connection, prepared(listener.accept())));
            }
        }
        Future<Connection> accepted = Asyncio.getRunningLoop().createFuture();
        ServeOptions options = ServeOptions.DEFAULT
                .withSendBuffer(SMALL)
                .withReceiveBuffer(SMALL)
                .withCloseTimeout(closeTimeout);
        Server server = await(Net.serve(ANY_PORT, options, connection -> {
            accepted.setResult(connection);
            while (!connection.isClosed()) {
                await(Asyncio.sleep(0));
            }
            return Coroutine.done();
        }));
        try (server) {
            SocketChannel socket = SocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
            socket.connect(Objects.requireNonNull(server.localAddress()));
            return Coroutine.of(new RawPeer(await(accepted), prepared(socket)));
        }
    }

    private static SocketChannel prepared(SocketChannel socket) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
        return socket;
    }

    void send(byte... bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            socket.write(rest);
        }
    }

    /** Resets the connection. */
    void reset() throws IOException {
        socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        connection.close();
        socket.close();
    }
}
