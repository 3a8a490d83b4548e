// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Server;
import dev.heddle.net.TlsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Heddle's server on its own loop: a coroutine for each connection. */
final class HeddleEcho {

    private static final double FOREVER = 86_400;

    private HeddleEcho() {}

    /** Starts a loop that listens, and returns the port. */
    static int listen(@Nullable SSLContext tls) {
        ServeOptions options = ServeOptions.DEFAULT.withBacklog(EchoServer.BACKLOG);
        ServeOptions used = tls == null ? options : options.withTls(TlsOptions.server(tls));
        CompletableFuture<Integer> port = new CompletableFuture<>();
        new Thread(() -> run(used, port), "echo").start();
        return port.join();
    }

    private static void run(ServeOptions options, CompletableFuture<Integer> port) {
        try {
            Asyncio.run(() -> serve(options, port));
        } catch (Throwable failure) {
            port.completeExceptionally(failure);
            throw failure;
        }
    }

    @Async
    private static Coroutine<Void> serve(ServeOptions options, CompletableFuture<Integer> port) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Server server = await(Net.serve(free, options, HeddleEcho::echo))) {
            port.complete(((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort());
            await(Asyncio.sleep(FOREVER));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SelectorEcho.BUFFER);
        while (await(connection.read(buffer)) >= 0) {
            await(connection.write(buffer.flip()));
            buffer.clear();
        }
        return Coroutine.done();
    }
}
