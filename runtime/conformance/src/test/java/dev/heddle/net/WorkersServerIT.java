package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose connections are spread over workers: each worker listens, or the first one hands connections over. */
class WorkersServerIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int WORKERS = 3;
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Coroutine<Server> serve(
            Workers workers, boolean each, ServeOptions options, AsyncFunction<Connection, Void> handler)
            throws IOException {
        return WorkersServer.start(workers, List.of(ANY_PORT), options, handler, each);
    }

    private static Coroutine<Connection> client(Server server) throws IOException {
        return Net.connect(Objects.requireNonNull(server.localAddress()));
    }

    /** Answers each line with the name of the thread. */
    @Async
    private static Coroutine<Void> answer(Connection connection) throws IOException {
        while (await(connection.readLine()) != null) {
            await(connection.write((Thread.currentThread().getName() + "\n").getBytes()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> ask(Connection connection) throws IOException {
        await(connection.write("who?\n".getBytes()));
        return Coroutine.of(String.valueOf(await(connection.readLine())));
    }

    @Test
    void linuxListensOnEachWorker() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        assertEquals(linux, WorkersServer.listensOnEach(List.of(ANY_PORT)));
        assertFalse(WorkersServer.listensOnEach(List.of(ANY_PORT, UnixDomainSocketAddress.of("socket"))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsAreSpreadAndStay(boolean each) {
        try (Workers workers = Workers.start(WORKERS)) {
            Map<String, Integer> counts = new TreeMap<>();
            run(() -> {
                Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
                List<Connection> clients = new ArrayList<>();
                List<String> names = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    clients.add(await(client(server)));
                    names.add(await(ask(clients.get(i))));
                    counts.merge(names.get(i), 1, Integer::sum);
                }
                assertEquals(60, server.connections().size());
                assertEquals(1, server.localAddresses().size());
                for (int i = 0; i < 60; i++) {
                    assertEquals(names.get(i), await(ask(clients.get(i))));
                    clients.get(i).close();
                }
                server.close();
                await(server.waitClosed());
                assertEquals(Set.of(), server.connections());
                return Coroutine.done();
            });
            if (each) {
                assertTrue(counts.size() > 1, counts::toString);
            } else {
                assertEquals(Map.of("heddle-worker-0", 20, "heddle-worker-1", 20, "heddle-worker-2", 20), counts);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingStopsListeningEverywhereAndLeavesTheClients(boolean each) {
        try (Workers workers = Workers.start(WORKERS)) {
            run(() -> {
                Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
                SocketAddress address = Objects.requireNonNull(server.localAddress());
                Task<Void> waiting = createTask(server.waitClosed());
                List<Connection> clients = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    clients.add(await(client(server)));
                    await(ask(clients.get(i)));
                }
                server.close();
                server.close();
                assertTrue(server.isClosed());
                assertNull(server.localAddress());
                assertTrue(await(isRefused(workers, address)));
                for (Connection client : clients) {
                    assertTrue(await(ask(client)).startsWith("heddle-worker"));
                    assertFalse(waiting.isDone());
                    client.close();
                }
                await(waiting);
                return Coroutine.done();
            });
        }
    }

    /** Returns whether nobody listens at {@code address} after each worker has run what was sent to it before. */
    @Async
    private static Coroutine<Boolean> isRefused(Workers workers, SocketAddress address) throws IOException {
        for (CompletableFuture<Void> each : workers.submitEach(worker -> Coroutine.done())) {
            await(each);
        }
        try {
            await(Net.connect(address)).close();
            return Coroutine.of(false);
        } catch (ConnectException refused) {
            return Coroutine.of(true);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void limitOfConnectionsHoldsForAllWorkersTogether(boolean each) {
        AtomicInteger now = new AtomicInteger();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        try (Workers workers = Workers.start(WORKERS)) {
            run(() -> {
                ServeOptions options = ServeOptions.DEFAULT.withMostConnections(2);
                Server server = await(serve(workers, each, options, connection -> {
                    seen.add(now.incrementAndGet());
                    await(connection.readLine());
                    now.decrementAndGet();
                    return Coroutine.done();
                }));
                List<Task<Void>> visits = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    visits.add(createTask(visit(server)));
                }
                await(Asyncio.gather(visits));
                server.close();
                await(server.waitClosed());
                return Coroutine.done();
            });
        }
        assertTrue(Set.of(1, 2).containsAll(seen), seen::toString);
    }

    @Async
    private static Coroutine<Void> visit(Server server) throws IOException {
        try (Connection client = await(client(server))) {
            await(client.write("bye\n".getBytes()));
            assertNull(await(client.readLine()));
        }
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdownOfTheWorkersClosesTheServerAndWaitsForItsHandlers(boolean each) {
        Workers workers = Workers.start(WORKERS);
        run(() -> {
            Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
            SocketAddress address = Objects.requireNonNull(server.localAddress());
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(await(client(server)));
                await(ask(clients.get(i)));
            }
            CompletableFuture<Boolean> inTime = CompletableFuture.supplyAsync(() -> workers.shutdown(LONG));
            while (!server.isClosed()) {
                await(Asyncio.sleep(0));
            }
            for (Connection client : clients) {
                assertTrue(await(ask(client)).startsWith("heddle-worker"));
                assertFalse(inTime.isDone());
                client.close();
            }
            assertTrue(await(inTime), "the handlers ended by themselves");
            await(server.waitClosed());
            try {
                await(Net.connect(address)).close();
                throw new AssertionError("it was accepted");
            } catch (ConnectException refused) {
                assertNotNull(refused.getMessage());
            }
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shutdownCancelsHandlersAfterItsLimit(boolean each) {
        Workers workers = Workers.start(WORKERS);
        AtomicInteger cleanedUp = new AtomicInteger();
        run(() -> {
            Server server = await(serve(workers, each, ServeOptions.DEFAULT, connection -> {
                try {
                    await(answer(connection));
                } catch (CancelledError cancelled) {
                    cleanedUp.incrementAndGet();
                    throw cancelled;
                }
                return Coroutine.done();
            }));
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(await(client(server)));
                await(ask(clients.get(i)));
            }
            assertFalse(await(CompletableFuture.supplyAsync(() -> workers.shutdown(Duration.ZERO))));
            for (Connection client : clients) {
                assertNull(await(client.readLine()));
                client.close();
            }
            await(server.waitClosed());
            return Coroutine.done();
        });
        assertEquals(5, cleanedUp.get());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void addressInUseIsRefusedAndNothingIsLeft(boolean each) {
        Workers workers = Workers.start(WORKERS);
        run(() -> {
            Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
            List<SocketAddress> addresses = List.of(ANY_PORT, Objects.requireNonNull(server.localAddress()));
            try {
                await(WorkersServer.start(workers, addresses, ServeOptions.DEFAULT, WorkersServerIT::answer, each));
                throw new AssertionError("the address is in use");
            } catch (BindException inUse) {
                assertTrue(inUse.getMessage().contains("in use"), inUse.getMessage());
            }
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
        assertTrue(workers.toString().contains("load=0"), workers.toString());
        assertTrue(workers.shutdown(LONG));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void successorOfADeadWorkerServes(boolean each) {
        try (Workers workers = Workers.start(1)) {
            for (EventLoop loop : workers.loops()) {
                loop.callSoonThreadsafe(() -> loop.setExceptionHandler((source, report) -> {}));
            }
            run(() -> {
                ServeOptions options = ServeOptions.DEFAULT.withMostConnections(2);
                Server server = await(serve(workers, each, options, connection -> {
                    if (String.valueOf(await(connection.readLine())).equals("die")) {
                        throw new InternalError("test");
                    }
                    return Coroutine.done();
                }));
                SocketAddress address = Objects.requireNonNull(server.localAddress());
                for (int deaths = 0; deaths < 3; deaths++) {
                    try (Connection idle = await(client(server));
                            Connection client = await(client(server))) {
                        await(client.write("die\n".getBytes()));
                        await(end(idle));
                        await(end(client));
                    }
                    await(untilServed(server));
                }
                assertEquals(address, server.localAddress());
                server.close();
                await(server.waitClosed());
                return Coroutine.done();
            });
        }
    }

    /** Visits {@code server} again and again until its listening socket is not one that is about to be closed. */
    @Async
    private static Coroutine<Void> untilServed(Server server) throws IOException {
        while (true) {
            try {
                return Coroutine.of(await(visit(server)));
            } catch (ConnectException | ConnectionResetException dying) {
                await(Asyncio.sleep(0));
            }
        }
    }

    /** Waits for the end of {@code connection}, which may be a reset. */
    @Async
    private static Coroutine<Void> end(Connection connection) throws IOException {
        try {
            assertNull(await(connection.readLine()));
        } catch (ConnectionResetException reset) {
            // It was closed while it had input.
        }
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientsOfAllWorkersCanBeClosed(boolean each) {
        try (Workers workers = Workers.start(WORKERS)) {
            run(() -> {
                Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
                List<Connection> clients = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    clients.add(await(client(server)));
                    await(ask(clients.get(i)));
                }
                server.closeClients();
                for (Connection client : clients) {
                    await(end(client));
                    client.close();
                }
                server.close();
                await(server.waitClosed());
                return Coroutine.done();
            });
        }
    }

    @Test
    void serveForeverEndsWithTheServer() {
        try (Workers workers = Workers.start(WORKERS)) {
            run(() -> {
                Server server = await(Net.serve(workers, ANY_PORT, WorkersServerIT::answer));
                Task<Void> serving = createTask(server.serveForever());
                await(Asyncio.sleep(0));
                try {
                    await(server.serveForever());
                    throw new AssertionError("it was served twice");
                } catch (IllegalStateException twice) {
                    assertTrue(twice.getMessage().contains("already being served"), twice.getMessage());
                }
                serving.cancel();
                try {
                    await(serving);
                    throw new AssertionError("it was not cancelled");
                } catch (CancelledError cancelled) {
                    assertTrue(server.isClosed());
                }
                try {
                    await(server.serveForever());
                    throw new AssertionError("a closed server was served");
                } catch (IllegalStateException closed) {
                    assertTrue(closed.getMessage().contains("is closed; call Net.serve again"), closed.getMessage());
                }
                return Coroutine.done();
            });
        }
    }

    /** Connects as long as it is accepted. */
    @Async
    private static Coroutine<Void> comeAndStay(SocketAddress address, List<Connection> clients) {
        while (clients.size() < 2_000) {
            try {
                clients.add(await(Net.connect(address)));
            } catch (IOException closed) {
                return Coroutine.done();
            }
        }
        return Coroutine.done();
    }

    /** An acceptor may hand a connection over that it has accepted before. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelledServerKeepsNoConnectionThatComesLate(boolean each) {
        try (Workers workers = Workers.start(WORKERS)) {
            for (int round = 0; round < 5; round++) {
                run(() -> {
                    Server server = await(serve(workers, each, ServeOptions.DEFAULT, WorkersServerIT::answer));
                    SocketAddress address = Objects.requireNonNull(server.localAddress());
                    Task<Void> serving = createTask(server.serveForever());
                    List<Connection> clients = new ArrayList<>();
                    List<Task<Void>> coming = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        coming.add(createTask(comeAndStay(address, clients)));
                    }
                    while (clients.size() < 30) {
                        await(Asyncio.sleep(0.001));
                    }
                    serving.cancel();
                    await(Asyncio.wait(List.of(serving)));
                    await(Asyncio.gather(coming));
                    await(Asyncio.waitFor(server.waitClosed(), LONG)); // all handlers, although the clients stay
                    clients.forEach(Connection::close);
                    return Coroutine.done();
                });
            }
        }
    }

    @Test
    void firstWorkerHandsConnectionsOfUnixSocketsOver(@TempDir Path directory) {
        try (Workers workers = Workers.start(WORKERS)) {
            SocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
            run(() -> {
                List<SocketAddress> addresses = List.of(address, ANY_PORT);
                Server server = await(Net.serve(workers, addresses, ServeOptions.DEFAULT, WorkersServerIT::answer));
                Map<String, Integer> counts = new TreeMap<>();
                List<Connection> clients = new ArrayList<>();
                for (int i = 0; i < 2 * WORKERS; i++) {
                    clients.add(await(Net.connect(server.localAddresses().get(i % 2))));
                    counts.merge(await(ask(clients.get(i))), 1, Integer::sum);
                }
                clients.forEach(Connection::close);
                server.close();
                await(server.waitClosed());
                assertEquals(Map.of("heddle-worker-0", 2, "heddle-worker-1", 2, "heddle-worker-2", 2), counts);
                return Coroutine.done();
            });
        }
    }

    @Test
    void coroutinesOfAWorkerCanServe() {
        try (Workers workers = Workers.start(2)) {
            Server server = workers.submit(() -> Net.serve(workers, ANY_PORT, WorkersServerIT::answer))
                    .join();
            run(() -> {
                try (Connection client = await(client(server))) {
                    assertTrue(await(ask(client)).startsWith("heddle-worker"));
                }
                return Coroutine.done();
            });
            server.close();
            workers.submit(server::waitClosed).join();
        }
    }

    @Test
    void workersThatAreShutDownServeNobody() {
        Workers workers = Workers.start(2);
        workers.close();
        Throwable failure = assertThrows(
                IllegalStateException.class, () -> run(() -> Net.serve(workers, ANY_PORT, WorkersServerIT::answer)));
        assertTrue(failure.getMessage().contains("takes no more coroutines"), failure.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Net.serve(workers, List.of(), ServeOptions.DEFAULT, WorkersServerIT::answer));
    }
}
