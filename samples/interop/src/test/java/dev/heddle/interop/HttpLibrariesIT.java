package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Netty, Jetty, Vert.x and the JDK's client with coroutines: each awaited as a client, and each as a server whose handlers are coroutines. */
class HttpLibrariesIT {

    /** What every server here answers, after it has waited. */
    @Async
    private static Coroutine<String> answerTo(String path) {
        await(sleep(0.001));
        return Coroutine.of("you asked for " + path);
    }

    // Vert.x: the handlers run on a context, which hosts the loop. Its futures are awaited as stages

    @Async
    private static Coroutine<Void> answer(HttpServerRequest request) {
        String text = await(answerTo(request.path()));
        await(request.response().end(text).toCompletionStage());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> fetch(io.vertx.core.http.HttpClient client, int port, String path) {
        var body = client.request(HttpMethod.GET, port, "localhost", path)
                .compose(HttpClientRequest::send)
                .compose(
                        HttpClientResponse
                                ::body); // composed, because Vert.x drops a body that nobody has asked for at once
        return Coroutine.of(await(body.toCompletionStage()).toString());
    }

    @Async
    private static Coroutine<String> serveAndFetch(Vertx vertx, EventLoop loop) {
        var server = vertx.createHttpServer().requestHandler(request -> loop.createTask(answer(request)));
        await(server.listen(0, "localhost").toCompletionStage());
        var client = vertx.createHttpClient(); // Vert.x closes one that is collected, so it is used until the end
        String body = await(fetch(client, server.actualPort(), "/vertx"));
        await(client.close().toCompletionStage());
        await(server.close().toCompletionStage());
        return Coroutine.of(body);
    }

    @Test
    void vertx() {
        Vertx vertx = Vertx.vertx();
        EventLoop loop = EventLoop.guestOf(Hosts.vertx(vertx, vertx.getOrCreateContext()));
        assertEquals(
                "you asked for /vertx",
                runCoroutineThreadsafe(serveAndFetch(vertx, loop), loop).join());
        vertx.close().await();
    }

    // Jetty: the handlers run on Jetty's threads, and send each request to a loop

    /** Answers each request in a coroutine of {@code loop}. */
    private static final class LoopHandler extends Handler.Abstract.NonBlocking {

        private final EventLoop loop;

        LoopHandler(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            runCoroutineThreadsafe(answerTo(request.getHttpURI().getPath()), loop)
                    .whenComplete((text, failure) -> {
                        if (failure == null) {
                            Content.Sink.write(response, true, text, callback);
                        } else {
                            Response.writeError(request, response, callback, failure);
                        }
                    });
            return true;
        }
    }

    @Async
    private static Coroutine<String> fetch(org.eclipse.jetty.client.HttpClient client, URI uri) {
        ContentResponse response = await(new CompletableResponseListener(client.newRequest(uri)).send());
        return Coroutine.of(response.getContentAsString());
    }

    @Async
    private static Coroutine<String> serveAndFetch() throws Exception {
        Server server = new Server(new InetSocketAddress("localhost", 0));
        server.setHandler(new LoopHandler(dev.heddle.Asyncio.getRunningLoop()));
        server.start();
        var client = new org.eclipse.jetty.client.HttpClient();
        client.start();
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        String body = await(fetch(client, URI.create("http://localhost:" + port + "/jetty")));
        await(dev.heddle.Asyncio.toThread(() -> {
            client.stop();
            server.stop();
            return null;
        }));
        return Coroutine.of(body);
    }

    @Test
    void jetty() throws Exception {
        assertEquals("you asked for /jetty", run(serveAndFetch()));
    }

    // Netty: a thread of Netty hosts the loop, and a handler begins a task. Its futures are awaited as stages

    private static <T> CompletionStage<T> stage(io.netty.util.concurrent.Future<T> future) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        future.addListener(done -> {
            if (done.isSuccess()) {
                stage.complete(future.getNow());
            } else {
                stage.completeExceptionally(done.cause());
            }
        });
        return stage;
    }

    @Async
    private static Coroutine<Void> answer(ChannelHandlerContext channel, String path) {
        String text = await(answerTo(path));
        await(stage(channel.writeAndFlush(channel.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.UTF_8)))));
        return Coroutine.done();
    }

    /** Calls a method for each message. */
    private static final class OnMessage extends ChannelInboundHandlerAdapter {

        private interface Receiver {
            void receive(ChannelHandlerContext channel, String text);
        }

        private final Receiver receiver;

        OnMessage(Receiver receiver) {
            this.receiver = receiver;
        }

        static ChannelInitializer<Channel> calls(Receiver receiver) {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new OnMessage(receiver));
                }
            };
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            String text = bytes.toString(StandardCharsets.UTF_8);
            bytes.release();
            receiver.receive(context, text);
        }
    }

    @Async
    private static Coroutine<String> ask(io.netty.channel.EventLoop thread, EventLoop loop) {
        var listening = new ServerBootstrap()
                .group(thread)
                .channel(NioServerSocketChannel.class)
                .childHandler(OnMessage.calls((channel, path) -> loop.createTask(answer(channel, path))))
                .bind("localhost", 0);
        await(stage(listening));
        Future<String> answered = loop.createFuture();
        var connecting = new Bootstrap()
                .group(thread)
                .channel(NioSocketChannel.class)
                .handler(OnMessage.calls((channel, text) -> answered.setResult(text)))
                .connect(listening.channel().localAddress());
        await(stage(connecting));
        connecting.channel().writeAndFlush(Unpooled.copiedBuffer("/netty", StandardCharsets.UTF_8));
        String text = await(answered);
        await(stage(connecting.channel().close()));
        await(stage(listening.channel().close()));
        return Coroutine.of(text);
    }

    @Test
    void netty() {
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        io.netty.channel.EventLoop thread = group.next();
        EventLoop loop = EventLoop.guestOf(Hosts.netty(thread));
        assertEquals(
                "you asked for /netty",
                runCoroutineThreadsafe(ask(thread, loop), loop).join());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    // The client of the JDK: its stages are awaited

    @Test
    void theClientOfTheJdk() throws Exception {
        Server server = new Server(new InetSocketAddress("localhost", 0));
        EventLoop loop = EventLoop.create();
        server.setHandler(new LoopHandler(loop));
        server.start();
        int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
        assertEquals(
                "you asked for /jdk",
                loop.runUntilComplete(
                        fetch(HttpClient.newHttpClient(), URI.create("http://localhost:" + port + "/jdk"))));
        server.stop();
        loop.close();
    }

    @Async
    private static Coroutine<String> fetch(HttpClient client, URI uri) {
        return Coroutine.of(await(client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()))
                .body());
    }
}
