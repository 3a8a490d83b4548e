package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NettyLinesIT {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final io.netty.channel.EventLoop thread = group.next();
    private final EventLoop loop = EventLoop.guestOf(Hosts.netty(thread));

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Socket connect(NettyLines.Talk talk) throws IOException {
        Channel server =
                loop.submit(() -> NettyLines.listen(thread, loop, talk, 0)).join();
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        return new Socket(address.getAddress(), address.getPort());
    }

    @Test
    void eachLineIsAnswered() throws IOException {
        try (Socket client = connect(NettyLines::greet)) {
            client.getOutputStream().write("ann\nbob\nc".getBytes(UTF_8));
            BufferedReader answers = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            assertEquals("hello ann", answers.readLine());
            assertEquals("hello bob", answers.readLine());
            client.getOutputStream().write("arl\n".getBytes(UTF_8));
            assertEquals("hello carl", answers.readLine());
        }
    }

    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @Async
    private Coroutine<Void> untilCancelled(Channel channel, Queue<String> lines) {
        try {
            channel.read(); // notices the end of the connection, too
            await(lines.get());
            channel.read();
            await(lines.get());
        } catch (CancelledError cancelled) {
            ended.complete("cancelled");
            throw cancelled;
        }
        return Coroutine.done();
    }

    @Test
    void theTaskOfAClosedConnectionIsCancelled() throws IOException {
        try (Socket client = connect(this::untilCancelled)) {
            client.getOutputStream().write("a line\n".getBytes(UTF_8));
        }
        assertEquals("cancelled", ended.join());
    }

    @Test
    void cancellingTheTaskCancelsTheFuture() {
        loop.submit(() -> {
                    var timer = thread.schedule(() -> "fired", 1, TimeUnit.DAYS);
                    Task<String> task = createTask(NettyLines.done(timer));
                    await(sleep(0)); // the task waits now
                    task.cancel();
                    await(assertFails(CancelledError.class, task));
                    assertTrue(timer.isCancelled());
                    return Coroutine.done();
                })
                .join();
    }

    @Test
    void failuresAreThrownAsTheyAre() throws IOException {
        try (ClosedPort port = new ClosedPort()) {
            loop.submit(() -> {
                        var connecting = new Bootstrap()
                                .group(thread)
                                .channel(NioSocketChannel.class)
                                .handler(new ChannelInboundHandlerAdapter())
                                .connect("localhost", port.number());
                        await(assertFails(ConnectException.class, NettyLines.done(connecting)));
                        return Coroutine.done();
                    })
                    .join();
        }
    }
}
