package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.internal.io.Pollable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Makes connections and servers of the running loop. */
public final class Net {

    private Net() {}

    /** Connects to {@code address}, a TCP or Unix-domain address. */
    @Async
    public static Coroutine<Connection> connect(SocketAddress address) throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        Pollable pollable = Pollable.of(loop, channel);
        try {
            if (!channel.connect(address)) {
                while (!channel.finishConnect()) {
                    await(pollable.connectable());
                }
            }
            return Coroutine.of(Connection.over(socket(channel, pollable)));
        } catch (Throwable failure) {
            pollable.close();
            throw failure;
        }
    }

    /** Listens at {@code address} and calls {@code handler} for each connection, in a task of its own. */
    @Async
    public static Coroutine<Server> serve(SocketAddress address, AsyncFunction<Connection, Void> handler)
            throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        ServerSocketChannel channel = address instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        Pollable pollable = Pollable.of(loop, channel);
        try {
            if (address instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            channel.bind(address, 100);
        } catch (Throwable failure) {
            pollable.close();
            throw failure;
        }
        return Coroutine.of(new Server(loop, channel, pollable, handler));
    }

    static SocketTransport socket(SocketChannel channel, Pollable pollable) throws IOException {
        if (!(channel.getLocalAddress() instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        return new SocketTransport(channel, pollable);
    }
}
