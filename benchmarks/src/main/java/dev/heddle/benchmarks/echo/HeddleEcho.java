package dev.heddle.benchmarks.echo;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Heddle's server on its own loop: a coroutine for each connection. */
final class HeddleEcho {

    private static final double FOREVER = 86_400;

    private HeddleEcho() {}

    /** Starts a loop that listens, and returns the port. */
    static int listen() {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        new Thread(() -> run(port), "echo").start();
        return port.join();
    }

    private static void run(CompletableFuture<Integer> port) {
        try {
            Asyncio.run(() -> serve(port));
        } catch (Throwable failure) {
            port.completeExceptionally(failure);
            throw failure;
        }
    }

    @Async
    private static Coroutine<Void> serve(CompletableFuture<Integer> port) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Server server = await(Net.serve(free, HeddleEcho::echo))) {
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
