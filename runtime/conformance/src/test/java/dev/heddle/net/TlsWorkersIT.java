package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers whose connections over TLS are spread over workers: each worker listens, or the first one hands connections over. */
@Timeout(300)
class TlsWorkersIT {

    private static final int WORKERS = 3;
    private static final int CLIENTS = 12;
    private static final int REQUESTS = 10;

    /** Answers each line with the name of the thread and the line. */
    @Async
    private static Coroutine<Void> answer(Connection connection) throws IOException {
        String name = Thread.currentThread().getName();
        for (String line = await(connection.readLine()); line != null; line = await(connection.readLine())) {
            assertEquals(name, Thread.currentThread().getName());
            await(connection.write(TlsIT.bytes(name + " " + line + "\n")));
        }
        return Coroutine.done();
    }

    private static void withServer(boolean each, AsyncFunction<Server, Void> body) {
        ServeOptions options = ServeOptions.DEFAULT.withTls(TlsIT.SERVER);
        try (Workers workers = Workers.start(WORKERS)) {
            run(() -> {
                Server server = await(
                        WorkersServer.start(workers, List.of(RawPeer.ANY_PORT), options, TlsWorkersIT::answer, each));
                await(body.apply(server));
                server.close();
                await(server.waitClosed());
                return Coroutine.done();
            });
            assertTrue(workers.shutdown(Duration.ofSeconds(30)));
        }
    }

    private static Coroutine<Connection> connect(Server server, TlsOptions options) throws IOException {
        return Net.connect(Objects.requireNonNull(server.localAddress()), ConnectOptions.DEFAULT.withTls(options));
    }

    /** Sends a line, and returns the name of the thread that has answered. */
    @Async
    private static Coroutine<String> ask(Connection client, String line) throws IOException {
        await(client.write(TlsIT.bytes(line + "\n")));
        String[] answer = String.valueOf(await(client.readLine())).split(" ", 2);
        assertEquals(line, answer[1]);
        return Coroutine.of(answer[0]);
    }

    /** Ends the connection properly, from both sides. */
    @Async
    private static Coroutine<Void> end(Connection client) throws IOException {
        await(client.shutdownOutput());
        assertNull(await(client.readLine()));
        client.close();
        return Coroutine.done();
    }

    /** Each session, which some worker has made, is resumed by whichever worker gets the next connection. */
    @ParameterizedTest
    @CsvSource({"true, TLSv1.2", "true, TLSv1.3", "false, TLSv1.2", "false, TLSv1.3"})
    void sessionsAreResumedByOtherWorkers(boolean each, String version) {
        TlsOptions options = TlsOptions.client(TlsKeys.INSTANCE.context(true))
                .withServerName("localhost")
                .withProtocols(version);
        Set<String> names = new TreeSet<>();
        withServer(each, server -> {
            for (int i = 0; i < 2 * CLIENTS; i++) {
                Connection client = await(connect(server, options));
                names.add(await(ask(client, "who?")));
                SSLSession session = Objects.requireNonNull(client.tlsSession());
                assertEquals(version, session.getProtocol());
                if (i == 0) {
                    session.putValue("mark", "of the first");
                }
                assertEquals("of the first", session.getValue("mark"), "connection " + i);
                await(end(client));
            }
            return Coroutine.done();
        });
        assertTrue(each ? names.size() > 1 : names.size() == WORKERS, names::toString);
    }

    /** Connects again and again until the server is closed, which the first client does in the midst of its second connection. */
    @Async
    private static Coroutine<Integer> load(Server server, TlsOptions options, boolean closing) throws IOException {
        SocketAddress address = Objects.requireNonNull(server.localAddress());
        int answered = 0;
        while (true) {
            Connection client;
            try {
                client = await(Net.connect(address, ConnectOptions.DEFAULT.withTls(options)));
            } catch (IOException closed) {
                return Coroutine.of(answered);
            }
            for (int i = 0; i < REQUESTS; i++) {
                await(ask(client, "request " + i));
                answered++;
                if (closing && answered == REQUESTS * 3 / 2) {
                    server.close();
                }
            }
            await(end(client));
        }
    }

    /** All requests of all connections that were accepted are answered, and their ends are proper ones. */
    @ParameterizedTest
    @CsvSource({"true, TLSv1.2", "true, TLSv1.3", "false, TLSv1.2", "false, TLSv1.3"})
    void closingUnderLoadCutsNoConnection(boolean each, String version) {
        withServer(each, server -> {
            List<Coroutine<Integer>> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(load(server, TlsIT.CLIENT.withProtocols(version), i == 0));
            }
            List<Integer> answered = await(gather(loads));
            assertTrue(answered.get(0) >= 2 * REQUESTS, answered::toString);
            assertTrue(answered.stream().allMatch(count -> count % REQUESTS == 0), answered::toString);
            return Coroutine.done();
        });
    }

    /** Clients that are closed from the server's side learn that their streams are not whole. */
    @ParameterizedTest
    @CsvSource({"true, TLSv1.2", "true, TLSv1.3", "false, TLSv1.2", "false, TLSv1.3"})
    void clientsThatAreClosedAreCut(boolean each, String version) {
        withServer(each, server -> {
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Connection client = await(connect(server, TlsIT.CLIENT.withProtocols(version)));
                await(ask(client, "hello"));
                clients.add(client);
            }
            server.closeClients();
            for (Connection client : clients) {
                try {
                    await(client.readLine());
                    throw new AssertionError("a proper end");
                } catch (TlsTruncatedException expected) {
                    client.close();
                }
            }
            return Coroutine.done();
        });
    }
}
