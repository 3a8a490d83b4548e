package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.process.Subprocess;
import dev.heddle.process.SubprocessOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TLS with OpenSSL's {@code s_server} and {@code s_client} at the other end. They send the lines that they get from their standard input, and print what
 * they receive. A line with one letter is a command to them.
 */
class TlsOpensslIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TlsKeys KEYS = TlsKeys.INSTANCE;
    private static final TlsOptions CLIENT = TlsIT.CLIENT;

    @BeforeAll
    static void assumeOpenssl() {
        Installed.assume("openssl");
    }

    /** OpenSSL, and what it has printed. */
    private record Openssl(Subprocess process, List<String> printed) implements AutoCloseable {

        @Async
        static Coroutine<Openssl> start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of("openssl"));
            command.addAll(Arrays.asList(arguments));
            SubprocessOptions merged = SubprocessOptions.DEFAULT.withMergedErrors();
            return Coroutine.of(
                    new Openssl(await(Subprocess.exec(merged, command.toArray(String[]::new))), new ArrayList<>()));
        }

        /** Waits for a line with the text, and returns it. */
        @Async
        Coroutine<String> awaitLine(String text) throws IOException {
            while (true) {
                String line = await(process.stdout().readLine());
                if (line == null) {
                    throw new AssertionError("OpenSSL has ended without \"" + text + "\": " + printed);
                }
                printed.add(line);
                if (line.contains(text)) {
                    return Coroutine.of(line);
                }
            }
        }

        @Async
        Coroutine<Void> say(String line) throws IOException {
            return process.stdin().write(TlsIT.bytes(line + "\n"));
        }

        boolean hasPrinted(String text) {
            return printed.stream().anyMatch(line -> line.contains(text));
        }

        /** Waits until the program has ended, and keeps what it has printed. */
        @Async
        Coroutine<Integer> end() throws IOException {
            for (String line = await(process.stdout().readLine());
                    line != null;
                    line = await(process.stdout().readLine())) {
                printed.add(line);
            }
            return process.exit();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private static void inTime(AsyncFunction<Openssl, Void> talk, String... arguments) throws IOException {
        run(Asyncio.timeout(LIMIT, time -> with(talk, arguments)));
    }

    @Async
    private static Coroutine<Void> with(AsyncFunction<Openssl, Void> talk, String... arguments) throws Exception {
        try (Openssl openssl = await(Openssl.start(arguments))) {
            await(talk.apply(openssl));
        }
        return Coroutine.done();
    }

    // OpenSSL as the server

    private static void withServer(String version, AsyncFunction<Openssl, Void> talk, String... more)
            throws IOException {
        String key = KEYS.pem("server", true).toString();
        List<String> arguments = new ArrayList<>(List.of(
                "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", key, "-key", key, "-" + version));
        arguments.addAll(Arrays.asList(more));
        inTime(talk, arguments.toArray(String[]::new));
    }

    @Async
    private static Coroutine<Connection> connect(Openssl server, TlsOptions options) throws IOException {
        String line = await(server.awaitLine("ACCEPT"));
        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
        return Net.connect("localhost", port, ConnectOptions.DEFAULT.withTls(options));
    }

    /** Lines cross in both directions. */
    @Async
    private static Coroutine<Void> talk(Openssl openssl, Connection connection, String text) throws IOException {
        await(connection.write(TlsIT.bytes("to openssl: " + text + "\n")));
        await(openssl.awaitLine("to openssl: " + text));
        await(openssl.say("from openssl: " + text));
        assertEquals("from openssl: " + text, await(connection.readLine()));
        return Coroutine.done();
    }

    /** With {@code Q} the server closes its socket without a closing message. */
    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sServerIsTalkedTo(String version) throws IOException {
        withServer(
                version,
                server -> {
                    Connection client = await(connect(server, CLIENT.withApplicationProtocols("h2", "http/1.1")));
                    assertEquals("http/1.1", client.applicationProtocol());
                    assertEquals(
                            version.equals("tls1_2") ? "TLSv1.2" : "TLSv1.3",
                            Objects.requireNonNull(client.tlsSession()).getProtocol());
                    await(talk(server, client, "one"));
                    await(talk(server, client, "two"));
                    await(server.say("Q"));
                    assertInstanceOf(TlsTruncatedException.class, await(failureOfRead(client)));
                    client.close();
                    return Coroutine.done();
                },
                "-alpn",
                "http/1.1");
    }

    @Async
    private static Coroutine<Throwable> failureOfRead(Connection client) {
        try {
            throw new AssertionError("read " + await(client.readLine()));
        } catch (IOException failure) {
            return Coroutine.of(failure);
        }
    }

    /** A server that reverses lines ends after the line {@code CLOSE}. */
    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sServerSendsTheClosingMessage(String version) throws IOException {
        withServer(
                version,
                server -> {
                    Connection client = await(connect(server, CLIENT));
                    await(client.write(TlsIT.bytes("to openssl\n")));
                    assertEquals("lssnepo ot", await(client.readLine()));
                    await(client.write(TlsIT.bytes("CLOSE\n")));
                    assertNull(await(client.readLine()));
                    await(client.closeGracefully());
                    return Coroutine.done();
                },
                "-rev");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sServerAnswersTheClosingMessage(String version) throws IOException {
        withServer(version, server -> {
            Connection client = await(connect(server, CLIENT));
            await(talk(server, client, "one"));
            await(client.closeGracefully());
            await(server.end());
            assertTrue(server.hasPrinted("DONE"), server.printed.toString());
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sServerDemandsACertificate(String version) throws IOException {
        String authority = KEYS.pem("authority", false).toString();
        String[] demanding = {"-Verify", "2", "-verify_return_error", "-CAfile", authority};
        withServer(
                version,
                server -> {
                    TlsOptions known = TlsOptions.client(KEYS.context(true, "client"));
                    Connection client = await(connect(server, known));
                    await(talk(server, client, "one"));
                    assertTrue(server.hasPrinted("CN = a client"), server.printed.toString());
                    client.close();
                    return Coroutine.done();
                },
                demanding);
        withServer(
                version,
                server -> {
                    Throwable failure = await(refused(server));
                    assertInstanceOf(TlsHandshakeException.class, failure);
                    assertTrue(failure.getMessage().contains("certificate"), failure.getMessage());
                    return Coroutine.done();
                },
                demanding);
    }

    @Async
    private static Coroutine<Throwable> refused(Openssl server) {
        try {
            Connection client = await(connect(server, CLIENT));
            await(client.readLine()); // with TLS 1.3 the refusal comes after the handshake
            throw new AssertionError("not refused");
        } catch (IOException failure) {
            return Coroutine.of(failure);
        }
    }

    /** {@code k} renews the server's keys, and {@code K} those of the client, too. Before TLS 1.3, {@code r} asks for a new handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"k", "K", "r"})
    void sServerRenewsTheKeys(String command) throws IOException {
        withServer(command.equals("r") ? "tls1_2" : "tls1_3", server -> {
            Connection client = await(connect(server, CLIENT));
            await(talk(server, client, "before"));
            for (int i = 0; i < 3; i++) {
                await(server.say(command));
                server.printed.clear();
                for (int j = 0; !server.hasPrinted("SSL_do_handshake -> 1"); j++) {
                    await(client.write(TlsIT.bytes("again " + j + "\n")));
                    await(server.awaitLine("again " + j));
                }
                await(talk(server, client, "after " + i));
            }
            await(client.closeGracefully());
            return Coroutine.done();
        });
    }

    // OpenSSL as the client

    private static void withClient(
            String version, AsyncFunction<Connection, Void> handler, AsyncFunction<Openssl, Void> talk)
            throws IOException {
        run(Asyncio.timeout(LIMIT, time -> serve(version, handler, talk)));
    }

    @Async
    private static Coroutine<Void> serve(
            String version, AsyncFunction<Connection, Void> handler, AsyncFunction<Openssl, Void> talk)
            throws Exception {
        TlsOptions options = TlsIT.SERVER.withApplicationProtocols("http/1.1").withNeedClientCertificate(true);
        String key = KEYS.pem("client", true).toString();
        Server server = await(Net.serve(ANY_PORT, ServeOptions.DEFAULT.withTls(options), handler));
        try (server) {
            int port = ((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort();
            await(with(
                    talk,
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + port,
                    "-" + version,
                    "-servername",
                    "localhost",
                    "-verify_return_error",
                    "-CAfile",
                    KEYS.pem("authority", false).toString(),
                    "-cert",
                    key,
                    "-key",
                    key,
                    "-alpn",
                    "h2,http/1.1"));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        for (String line = await(connection.readLine()); line != null; line = await(connection.readLine())) {
            await(connection.write(TlsIT.bytes("echo of " + line + "\n")));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> ask(Openssl client, String text) throws IOException {
        await(client.say("line " + text));
        await(client.awaitLine("echo of line " + text));
        return Coroutine.done();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sClientIsServed(String version) throws IOException {
        withClient(version, TlsOpensslIT::echo, client -> {
            await(ask(client, "one"));
            await(ask(client, "two"));
            await(client.say("Q"));
            assertEquals(0, await(client.end()));
            assertTrue(client.hasPrinted("Verify return code: 0 (ok)"), client.printed.toString());
            assertTrue(client.hasPrinted("ALPN protocol: http/1.1"), client.printed.toString());
            return Coroutine.done();
        });
    }

    /** The handler ends first: the client gets the closing message. */
    @ParameterizedTest
    @ValueSource(strings = {"tls1_2", "tls1_3"})
    void sClientGetsTheClosingMessage(String version) throws IOException {
        withClient(version, connection -> connection.write(TlsIT.bytes("the end\n")), client -> {
            await(client.awaitLine("the end"));
            await(client.end());
            assertTrue(client.hasPrinted("closed"), client.printed.toString());
            assertTrue(!client.hasPrinted("unexpected eof"), client.printed.toString());
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "K"})
    void sClientRenewsTheKeys(String command) throws IOException {
        withClient("tls1_3", TlsOpensslIT::echo, client -> {
            await(ask(client, "before"));
            for (int i = 0; i < 3; i++) {
                await(client.say(command));
                await(client.awaitLine("KEYUPDATE"));
                await(ask(client, "after " + i));
            }
            await(client.say("Q"));
            await(client.end());
            return Coroutine.done();
        });
    }

    /** A client that asks for a new handshake is refused, as that costs the server much. */
    @Test
    void sClientGetsNoNewHandshake() throws IOException {
        List<@Nullable Throwable> failures = new ArrayList<>();
        withClient("tls1_2", connection -> recorded(connection, failures), client -> {
            await(ask(client, "before"));
            await(client.say("R"));
            await(client.awaitLine("RENEGOTIATING"));
            await(client.end());
            return Coroutine.done();
        });
        assertEquals(1, failures.size());
        Throwable failure = Objects.requireNonNull(failures.get(0));
        assertTrue(String.valueOf(failure.getMessage()).contains("which servers refuse"), failure.getMessage());
    }

    @Async
    private static Coroutine<Void> recorded(Connection connection, List<@Nullable Throwable> failures) {
        try {
            await(echo(connection));
        } catch (IOException failure) {
            failures.add(failure);
            connection.close();
        }
        return Coroutine.done();
    }
}
