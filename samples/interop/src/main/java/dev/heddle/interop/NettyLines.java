// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.fromCallback;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Greets everybody who sends a name on a line to port 7777 (try {@code nc localhost 7777}). The loop is a guest of Netty's event loop: one thread does everything, each
 * connection has a task, and handlers wake it without a lock.
 */
public final class NettyLines {

    private NettyLines() {}

    /** A coroutine that talks over a connection. */
    interface Talk {
        Coroutine<Void> over(Channel channel, Queue<String> lines);
    }

    /** Waits for a future of Netty. Cancelling the task cancels the future. */
    static <T extends @Nullable Object> Coroutine<T> done(Future<T> future) {
        return fromCallback(completer -> {
            completer.onCancel(() -> future.cancel(false));
            future.addListener(done -> {
                if (done.isSuccess()) {
                    completer.complete(future.getNow());
                } else {
                    completer.fail(done.cause());
                }
            });
        });
    }

    /** Begins a task when a connection is open, passes it the lines, and cancels it when the connection is closed. */
    private static final class Talker extends SimpleChannelInboundHandler<String> {

        private final EventLoop loop;
        private final Talk talk;
        private final Queue<String> lines = Queue.fifo(0);
        private @Nullable Task<Void> task;

        Talker(EventLoop loop, Talk talk) {
            this.loop = loop;
            this.talk = talk;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            task = loop.createTask(talk.over(context.channel(), lines));
            task.addDoneCallback(ended -> context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) {
            lines.putNow(line);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (task != null) {
                task.cancel();
            }
        }
    }

    /** Greets. It reads when it has no line left, so that a client that sends much has to wait. */
    @Async
    static Coroutine<Void> greet(Channel channel, Queue<String> lines) {
        while (true) {
            if (lines.isEmpty()) {
                channel.read();
            }
            await(done(channel.writeAndFlush("hello " + await(lines.get()) + "\n")));
        }
    }

    /** Listens with a thread of Netty, whose guest {@code loop} is. */
    @Async
    static Coroutine<Channel> listen(io.netty.channel.EventLoop thread, EventLoop loop, Talk talk, int port) {
        var listening = new ServerBootstrap()
                .group(thread)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new LineBasedFrameDecoder(1_000), new StringDecoder(), new StringEncoder())
                                .addLast(new Talker(loop, talk));
                    }
                })
                .bind("localhost", port);
        await(done(listening));
        return Coroutine.of(listening.channel());
    }

    public static void main(String[] args) {
        io.netty.channel.EventLoop thread = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).next();
        EventLoop loop = EventLoop.guestOf(Hosts.netty(thread));
        runCoroutineThreadsafe(listen(thread, loop, NettyLines::greet, 7777), loop)
                .join()
                .closeFuture()
                .syncUninterruptibly();
    }
}
