// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Host;
import dev.heddle.Task;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A connection of Netty's, whose handler passes what it reads to a coroutine. The coroutine echoes it, and runs on a
 * loop of Heddle that is the guest of Netty's.
 */
@SuppressWarnings("FutureReturnValueIgnored") // if a write fails, its connection is closed
final class GuestEcho extends ChannelInboundHandlerAdapter {

    private final EventLoop loop;
    /** What has been read, and the coroutine has not taken. */
    private final ArrayDeque<ByteBuf> received = new ArrayDeque<>();

    private @Nullable Future<ByteBuf> waiting;
    private @Nullable Task<Void> task;

    private GuestEcho(EventLoop loop) {
        this.loop = loop;
    }

    /** Listens on one event loop of Netty's with a guest, and returns the port. */
    static int listen(boolean epoll, @Nullable SSLContext tls) throws InterruptedException {
        EventLoopGroup group = NettyEcho.group(epoll);
        EventLoop loop = EventLoop.guestOf(host(group.next()));
        return NettyEcho.listen(group, epoll, tls, () -> new GuestEcho(loop));
    }

    private static Host host(io.netty.channel.EventLoop eventLoop) {
        return new Host() {

            @Override
            public void execute(Runnable turn) {
                eventLoop.execute(turn);
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                java.util.concurrent.Future<?> scheduled = eventLoop.schedule(turn, nanos, TimeUnit.NANOSECONDS);
                return () -> scheduled.cancel(false);
            }
        };
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        task = loop.createTask(echo(context));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Future<ByteBuf> reader = waiting;
        if (reader == null) {
            received.add((ByteBuf) message);
        } else {
            waiting = null;
            reader.setResult((ByteBuf) message);
        }
    }

    @Async
    private Coroutine<Void> echo(ChannelHandlerContext context) {
        while (true) {
            ByteBuf message = received.poll();
            if (message == null) {
                Future<ByteBuf> next = loop.createFuture();
                waiting = next;
                message = await(next);
            }
            context.writeAndFlush(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting = null;
        if (task != null) {
            task.cancel();
        }
        received.forEach(ByteBuf::release);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
        context.close();
    }
}
