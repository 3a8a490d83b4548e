package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code test_server}. */
class CPythonServerIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private static SocketAddress address(Server server) {
        return Objects.requireNonNull(server.localAddress());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads to the end of the stream. */
    @Async
    private static Coroutine<Void> readAll(Connection connection) throws IOException {
        await(connection.readAll(1000));
        return Coroutine.done();
    }

    private static Coroutine<Server> serve(SocketAddress address) throws IOException {
        return Net.serve(address, CPythonServerIT::readAll);
    }

    @Async
    private static Coroutine<Void> serveUntilCancelled(SocketAddress address) throws IOException {
        Future<Task<Void>> main = getRunningLoop().createFuture();
        Server server = await(Net.serve(address, connection -> {
            assertEquals(
                    5 * 1024,
                    Objects.requireNonNull(await(connection.readLine())).length());
            await(main).cancel();
            await(connection.write(bytes("1")));
            return Coroutine.done();
        }));
        SocketAddress bound = address(server);
        Task<Void> serving = createTask(server.serveForever());
        main.setResult(serving);
        Connection client = await(Net.connect(bound));
        await(client.write(bytes("1".repeat(5 * 1024) + "\n")));
        assertEquals("1", await(client.readLine()));
        client.close();
        await(raised(CancelledError.class, serving));
        assertTrue(server.isClosed());
        assertEquals(List.of(), server.localAddresses());
        IllegalStateException closed = await(raised(IllegalStateException.class, server.serveForever()));
        assertTrue(closed.getMessage().contains("is closed"));
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = {
                "test_server.BaseStartServer.test_start_server_1",
                "test_server.SelectorStartServerTests.test_start_unix_server_1",
                "test_events.EventLoopTestsMixin.test_server_close"
            },
            adapted = "a server listens as soon as it is made")
    void servesUntilItIsCancelled() throws IOException {
        run(serveUntilCancelled(ANY_PORT));
        run(serveUntilCancelled(UnixDomainSocketAddress.of(directory.resolve("socket"))));
    }

    @Test
    @Mirrors({"test_server.TestServer2.test_wait_closed_basic", "test_server.TestServer2.test_wait_closed_race"})
    void waitClosedEndsAfterTheServerAndItsHandlers() {
        run(() -> {
            Server server = await(serve(ANY_PORT));
            Task<Void> first = createTask(server.waitClosed());
            Connection client = await(Net.connect(address(server)));
            await(client.write(bytes("a line")));
            while (server.connections().isEmpty()) {
                await(sleep(0));
            }
            Task<Void> second = createTask(server.waitClosed());
            await(sleep(0));
            assertFalse(first.isDone() || second.isDone());
            server.close();
            Task<Void> third = createTask(server.waitClosed());
            await(sleep(0));
            assertFalse(first.isDone() || second.isDone() || third.isDone());
            client.close();
            await(first);
            await(second);
            await(third);
            await(server.waitClosed());
            return Coroutine.done();
        });
        run(() -> {
            Server server = await(serve(ANY_PORT));
            Task<Void> waiting = createTask(server.waitClosed());
            Connection client = await(Net.connect(address(server)));
            getRunningLoop().callSoon(server::close);
            getRunningLoop().callSoon(client::close);
            await(waiting);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({"test_server.TestServer2.test_close_clients", "test_server.TestServer2.test_abort_clients"})
    void closeClientsClosesAtOnceEvenIfTheyDoNotRead() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write(new byte[20_000_000])));
            Connection client = await(Net.connect(address(server)));
            assertEquals(1, await(client.readExactly(1)).length);
            Task<Void> waiting = createTask(server.waitClosed());
            await(sleep(0));
            assertFalse(waiting.isDone());
            server.close();
            server.closeClients();
            await(waiting);
            client.close();
            return Coroutine.done();
        });
    }

    /** Starts a server at a path, calls {@code meddling}, closes the server, and returns whether the file is there. */
    private boolean isLeft(String name, boolean cleanUp, Meddling meddling) {
        Path path = directory.resolve(name);
        return run(() -> {
            ServeOptions options = ServeOptions.DEFAULT.withCleanUpSocket(cleanUp);
            Server server = await(Net.serve(UnixDomainSocketAddress.of(path), options, CPythonServerIT::readAll));
            meddling.with(path);
            server.close();
            return Coroutine.of(Files.exists(path));
        });
    }

    /** What happens to the file of a socket while a server uses it. */
    private interface Meddling {
        void with(Path path) throws IOException;
    }

    private static void replace(Path path) throws IOException {
        Files.delete(path);
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
    }

    @Test
    @Mirrors({
        "test_server.UnixServerCleanupTests.test_unix_server_addr_cleanup",
        "test_server.UnixServerCleanupTests.test_unix_server_cleanup_gone",
        "test_server.UnixServerCleanupTests.test_unix_server_cleanup_replaced",
        "test_server.UnixServerCleanupTests.test_unix_server_cleanup_prevented"
    })
    void fileOfASocket() {
        assertFalse(isLeft("deleted", true, path -> {}));
        assertFalse(isLeft("gone", true, Files::delete));
        assertTrue(isLeft("replaced", true, CPythonServerIT::replace));
        assertTrue(isLeft("kept", false, path -> {}));
    }
}
