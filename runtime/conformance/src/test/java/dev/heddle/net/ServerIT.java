package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The life of a server, its handlers and their connections. */
class ServerIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<Map<String, Object>> reports = new ArrayList<>();
    private final List<Connection> handled = new ArrayList<>();

    private void collectReports() {
        Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.add(report));
    }

    private static Coroutine<Connection> client(Server server) throws IOException {
        return Net.connect(Objects.requireNonNull(server.localAddress()));
    }

    /** Waits for the client's first line, and then for the end of its output. */
    @Async
    private Coroutine<Void> waitForEnd(Connection connection) throws IOException {
        handled.add(connection);
        await(connection.write("here\n".getBytes()));
        assertNull(await(connection.readLine()));
        return Coroutine.done();
    }

    @Test
    void connectionOfAHandlerThatEndsIsClosedGracefully() {
        byte[] much = new byte[1_000_000];
        run(() -> {
            collectReports();
            Server server = await(Net.serve(ANY_PORT, connection -> connection.write(much)));
            try (server;
                    Connection client = await(client(server))) {
                await(client.write("never read by the handler".getBytes()));
                assertEquals(much.length, await(client.readAll(much.length)).length);
                assertEquals(1, server.connections().size());
                client.close();
                server.close();
                await(server.waitClosed());
                assertEquals(0, server.connections().size());
            }
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void connectionOfAHandlerThatFailsIsClosedAtOnce() {
        List<Throwable> failures = List.of(new IOException("test"), new IllegalStateException(), new AssertionError());
        for (Throwable failure : failures) {
            reports.clear();
            run(() -> {
                collectReports();
                Server server = await(Net.serve(ANY_PORT, connection -> {
                    handled.add(connection);
                    await(connection.readLine());
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) failure;
                }));
                try (server;
                        Connection client = await(client(server))) {
                    await(client.write("go\n".getBytes()));
                    assertNull(await(client.readLine()));
                }
                await(server.waitClosed());
                return Coroutine.done();
            });
            assertEquals(1, reports.size());
            assertSame(failure, reports.get(0).get("exception"));
            Connection connection = handled.get(handled.size() - 1);
            assertSame(connection, reports.get(0).get("connection"));
            assertTrue(connection.isClosed());
            assertTrue(String.valueOf(reports.get(0).get("message"))
                    .startsWith("Unhandled exception in the handler of <Connection"));
        }
    }

    /** Cancels each task before it begins. */
    private static final TaskFactory CANCELLING = new TaskFactory() {
        @Override
        public <T> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            Task<T> task = Task.of(loop, coroutine, options);
            task.cancel();
            return task;
        }
    };

    /** Makes no tasks. */
    private static final TaskFactory REFUSING = new TaskFactory() {
        @Override
        public <T> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            throw new IllegalStateException("test");
        }
    };

    @Test
    void connectionOfAHandlerThatCannotBeginIsClosed() {
        for (TaskFactory factory : List.of(CANCELLING, REFUSING)) {
            reports.clear();
            run(() -> {
                collectReports();
                Server server = await(Net.serve(ANY_PORT, this::waitForEnd));
                await(sleep(0));
                Asyncio.getRunningLoop().setTaskFactory(factory);
                try (Connection client = await(client(server))) {
                    assertNull(await(client.readLine()), "the end");
                    server.close();
                    await(server.waitClosed());
                } finally {
                    Asyncio.getRunningLoop().setTaskFactory(null);
                }
                return Coroutine.done();
            });
            assertEquals(factory == REFUSING ? 1 : 0, reports.size());
        }
    }

    @Test
    void connectionOfAHandlerThatIsCancelledIsClosed() {
        run(() -> {
            collectReports();
            Server server = await(Net.serve(ANY_PORT, this::waitForEnd));
            try (server;
                    Connection client = await(client(server))) {
                assertEquals("here", await(client.readLine()));
                server.close();
                for (Task<?> task : Asyncio.allTasks()) {
                    if (task != Asyncio.currentTask()) {
                        task.cancel();
                    }
                }
                await(server.waitClosed());
                assertNull(await(client.readLine()), "the end");
            }
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void endOfTheRunClosesEverything() {
        List<SocketAddress> addresses = new ArrayList<>();
        List<Connection> clients = new ArrayList<>();
        run(() -> {
            collectReports();
            Server server = await(Net.serve(ANY_PORT, this::waitForEnd));
            addresses.add(Objects.requireNonNull(server.localAddress()));
            clients.add(await(client(server)));
            assertEquals("here", await(clients.get(0).readLine()));
            return Coroutine.done();
        });
        assertTrue(handled.get(0).isClosed());
        assertThrows(ConnectException.class, () -> run(() -> Net.connect(addresses.get(0))));
        assertEquals(List.of(), reports);
    }

    @Test
    void closedServerAcceptsNobodyAndLeavesItsClients() {
        run(() -> {
            collectReports();
            Server server = await(Net.serve(ANY_PORT, this::waitForEnd));
            SocketAddress address = Objects.requireNonNull(server.localAddress());
            Task<Void> waiting = createTask(server.waitClosed());
            try (Connection client = await(client(server))) {
                assertEquals("here", await(client.readLine()));
                server.close();
                server.close();
                assertNull(server.localAddress());
                assertThrows(IllegalStateException.class, server::port);
                assertTrue(server.isClosed());
                try {
                    await(Net.connect(address));
                    throw new AssertionError("it was accepted");
                } catch (ConnectException expected) {
                    assertFalse(waiting.isDone());
                }
                await(client.shutdownOutput());
                await(waiting);
            }
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void clientsCanBeClosedBeforeTheServerAndAfterIt() {
        for (boolean before : List.of(true, false)) {
            run(() -> {
                collectReports();
                Server server = await(Net.serve(ANY_PORT, this::waitForEnd));
                try (Connection client = await(client(server))) {
                    assertEquals("here", await(client.readLine()));
                    if (before) {
                        server.closeClients();
                        server.close();
                    } else {
                        server.close();
                        server.closeClients();
                    }
                    await(server.waitClosed());
                    assertNull(await(client.readLine()));
                }
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void serveForeverEndsWhenItIsCancelledOrTheServerClosed() {
        run(() -> {
            Server first = await(Net.serve(ANY_PORT, this::waitForEnd));
            Task<Void> serving = createTask(first.serveForever());
            await(sleep(0));
            IllegalStateException second = null;
            try {
                await(first.serveForever());
            } catch (IllegalStateException refused) {
                second = refused;
            }
            assertTrue(Objects.requireNonNull(second).getMessage().contains("already being served"));
            serving.cancel();
            boolean cancelled = false;
            try {
                await(serving);
            } catch (CancelledError error) {
                cancelled = true;
            }
            assertTrue(cancelled);
            assertTrue(first.isClosed());
            Server third = await(Net.serve(ANY_PORT, this::waitForEnd));
            Task<Void> again = createTask(third.serveForever());
            await(sleep(0));
            third.close();
            await(again);
            try {
                await(third.serveForever());
                throw new AssertionError("a closed server was served");
            } catch (IllegalStateException refused) {
                assertTrue(refused.getMessage().contains("is closed; call Net.serve again"), refused.getMessage());
            }
            return Coroutine.done();
        });
    }

    /** A program that is interrupted does not wait for a client that stays, nor for a handler that sleeps. */
    @Test
    void cancelledServerWaitsForNoClient() {
        List<String> events = new ArrayList<>();
        run(() -> {
            collectReports();
            EventLoop loop = Asyncio.getRunningLoop();
            Server server = await(Net.serve(ANY_PORT, connection -> {
                await(connection.write("here\n".getBytes()));
                try {
                    await(connection.readLine());
                } catch (ConnectionClosedException closed) {
                    events.add("closed");
                    await(loop.createFuture());
                } finally {
                    events.add("handler ended");
                }
                return Coroutine.done();
            }));
            Task<Void> serving = createTask(server.serveForever());
            Connection client = await(client(server));
            assertEquals("here", await(client.readLine()));
            serving.cancel();
            try {
                await(serving);
            } catch (CancelledError cancelled) {
                events.add("cancelled");
            }
            assertNull(await(client.readLine()));
            events.add("client read the end");
            client.close();
            return Coroutine.done();
        });
        assertEquals(List.of("closed", "cancelled", "client read the end", "handler ended"), events);
        assertEquals(List.of(), reports);
    }

    @Test
    void serverAcceptsNoMoreThanItsLimit() {
        run(() -> {
            Server server = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withMostConnections(2), this::waitForEnd));
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(await(client(server)));
            }
            for (int i = 0; i < 5; i++) {
                assertEquals("here", await(clients.get(i).readLine()));
                assertTrue(server.connections().size() <= 2);
                clients.get(i).close();
            }
            server.close();
            await(server.waitClosed());
            assertEquals(5, handled.size());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_events.EventLoopTestsMixin.test_create_server_multiple_hosts_ipv4")
    void serverListensAtSeveralAddresses() {
        run(() -> {
            List<SocketAddress> addresses =
                    List.of(ANY_PORT, ANY_PORT, InetSocketAddress.createUnresolved("127.0.0.1", 0));
            Server server = await(Net.serve(addresses, ServeOptions.DEFAULT, this::waitForEnd));
            assertEquals(3, server.localAddresses().size());
            assertEquals(server.localAddress(), server.localAddresses().get(0));
            assertEquals(((InetSocketAddress) server.localAddresses().get(0)).getPort(), server.port());
            for (SocketAddress each : server.localAddresses()) {
                try (Connection client = await(Net.connect(each))) {
                    assertEquals("here", await(client.readLine()));
                }
            }
            server.close();
            await(server.waitClosed());
            assertEquals(List.of(), server.localAddresses());
            return Coroutine.done();
        });
        assertThrows(
                IllegalArgumentException.class, () -> Net.serve(List.of(), ServeOptions.DEFAULT, this::waitForEnd));
    }

    @Test
    @Mirrors("test_events.EventLoopTestsMixin.test_create_server_reuse_port")
    void serversSharePortsWhereThePlatformCan() {
        run(() -> {
            ServeOptions options = ServeOptions.DEFAULT.withReusePort(true);
            Server first = await(Net.serve(ANY_PORT, options, this::waitForEnd));
            SocketAddress address = Objects.requireNonNull(first.localAddress());
            Server second = await(Net.serve(address, options, this::waitForEnd));
            assertEquals(address, second.localAddress());
            first.close();
            try (Connection client = await(Net.connect(address))) {
                assertEquals("here", await(client.readLine()));
            }
            second.close();
            await(second.waitClosed());
            return Coroutine.done();
        });
    }

    @Test
    void gracefulCloseWaitsForTheCoroutinesOfTheConnection() {
        byte[] much = new byte[3_000_000];
        run(() -> {
            collectReports();
            List<String> events = new ArrayList<>();
            Server server = await(Net.serve(ANY_PORT, connection -> {
                createTask(connection.write(much));
                createTask(readAndRecord(connection, events));
                await(sleep(0));
                return Coroutine.done();
            }));
            try (server;
                    Connection client = await(client(server))) {
                assertEquals(much.length, await(client.readExactly(much.length)).length);
                assertEquals(-1, await(client.read(java.nio.ByteBuffer.allocate(1))));
                await(client.write("late\n".getBytes()));
                await(client.shutdownOutput());
                server.close();
                await(server.waitClosed());
                assertEquals(List.of("late"), events);
            }
            return Coroutine.done();
        });
        assertEquals(List.of(), reports);
    }

    @Async
    private static Coroutine<Void> readAndRecord(Connection connection, List<String> events) throws IOException {
        events.add(String.valueOf(await(connection.readLine())));
        return Coroutine.done();
    }
}
