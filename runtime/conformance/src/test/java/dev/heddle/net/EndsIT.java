package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways in which a server ends a connection, and whether the client can tell a whole answer from a part of one. */
@Timeout(300)
class EndsIT {

    /** The kinds of connections. */
    enum Kind {
        TCP,
        UNIX,
        TLS_1_2,
        TLS_1_3;

        boolean isEncrypted() {
            return this == TLS_1_2 || this == TLS_1_3;
        }
    }

    /** The ways in which the server ends a connection, after it has written {@link #PART}. */
    enum Ending {
        RETURNS,
        CLOSES_GRACEFULLY,
        CLOSES,
        ABORTS,
        CLOSES_WHILE_A_TASK_WRITES,
        CLOSES_AFTER_A_CANCELLED_WRITE,
        CLOSES_GRACEFULLY_AFTER_A_CANCELLED_WRITE,
        CLOSES_AFTER_IT_CONTINUED_A_CANCELLED_WRITE,
        CLOSES_AFTER_A_SHORT_FILE,
        FAILS,
        FAILS_WITH_AN_ERROR,
        IS_CANCELLED,
        IS_CANCELLED_WHILE_IT_CLOSES,
        CLOSES_CLIENTS;

        boolean isWhole() {
            return this == RETURNS
                    || this == CLOSES_GRACEFULLY
                    || this == CLOSES
                    || this == CLOSES_AFTER_IT_CONTINUED_A_CANCELLED_WRITE;
        }

        /** Whether the exception handler is called. */
        boolean isReported() {
            return this == FAILS || this == FAILS_WITH_AN_ERROR;
        }
    }

    private static final String PART = "a part of the answer";
    private static final int MUCH = 8_000_000;

    /** The buffers of the system. */
    private static final int SMALL = 16 * 1024;

    @TempDir
    Path directory;

    /** What the server does to the connection of a handler. */
    private static final class Ends {

        private final Ending ending;
        private final AtomicReference<Task<?>> handler = new AtomicReference<>();

        private final Path directory;

        Ends(Ending ending, Path directory) {
            this.ending = ending;
            this.directory = directory;
        }

        /** Handles a connection. */
        @Async
        Coroutine<Void> handle(Connection connection) throws Exception {
            handler.set(Asyncio.currentTask());
            assertEquals("question", await(connection.readLine()));
            await(connection.write(PART.getBytes()));
            switch (ending) {
                case RETURNS -> {}
                case CLOSES_GRACEFULLY -> await(connection.closeGracefully());
                case CLOSES -> connection.close();
                case ABORTS -> connection.abort();
                case FAILS -> throw new IOException("test");
                case FAILS_WITH_AN_ERROR -> throw new AssertionError("test");
                case CLOSES_WHILE_A_TASK_WRITES -> await(closeWhileWriting(connection));
                case CLOSES_AFTER_A_CANCELLED_WRITE -> {
                    await(cancelledWrite(connection));
                    connection.close();
                }
                case CLOSES_GRACEFULLY_AFTER_A_CANCELLED_WRITE -> {
                    await(cancelledWrite(connection));
                    await(connection.closeGracefully());
                }
                case CLOSES_AFTER_IT_CONTINUED_A_CANCELLED_WRITE -> {
                    await(connection.write(await(cancelledWrite(connection))));
                    connection.close();
                }
                case CLOSES_AFTER_A_SHORT_FILE -> {
                    await(sendTooMuchOfAFile(connection));
                    connection.close();
                }
                case IS_CANCELLED_WHILE_IT_CLOSES -> {
                    Task<Void> writing = createTask(connection.write(new byte[MUCH]));
                    writing.addDoneCallback(Future::exception); // it is closed
                    await(sleep(0));
                }
                case IS_CANCELLED, CLOSES_CLIENTS -> await(connection.readLine());
                default -> throw new AssertionError(ending);
            }
            return Coroutine.done();
        }

        /** Cancels a write that has written something, and returns the buffer, which has the rest. */
        @Async
        private static Coroutine<ByteBuffer> cancelledWrite(Connection connection) throws IOException {
            ByteBuffer much = ByteBuffer.allocate(MUCH / 2);
            Task<Void> writing = createTask(connection.write(much));
            while (much.position() == 0) {
                await(sleep(0));
            }
            writing.cancel();
            await(Asyncio.wait(List.of(writing)));
            assertTrue(writing.isCancelled() && much.hasRemaining());
            return Coroutine.of(much);
        }

        @Async
        private Coroutine<Void> sendTooMuchOfAFile(Connection connection) throws IOException {
            Path path = Files.write(directory.resolve("file"), new byte[5_000]);
            try (FileChannel file = FileChannel.open(path)) {
                await(connection.sendFile(file, 0, 10_000));
                throw new AssertionError("more was sent than there is");
            } catch (EOFException ended) {
                return Coroutine.done();
            }
        }

        @Async
        private static Coroutine<Void> closeWhileWriting(Connection connection) throws IOException {
            Task<Void> writing = createTask(connection.write(new byte[MUCH]));
            await(sleep(0));
            connection.close();
            await(Asyncio.wait(List.of(writing)));
            assertInstanceOf(ConnectionClosedException.class, writing.exception());
            return Coroutine.done();
        }

        /** Ends the connection from outside, if that is the ending, after the client has got the part of the answer. */
        @Async
        Coroutine<Void> end(Server server) {
            if (ending == Ending.CLOSES_CLIENTS) {
                server.closeClients();
            } else if (ending == Ending.IS_CANCELLED || ending == Ending.IS_CANCELLED_WHILE_IT_CLOSES) {
                await(sleep(0));
                await(sleep(0));
                assertTrue(Objects.requireNonNull(handler.get()).cancel());
            }
            return Coroutine.done();
        }
    }

    /** Reads to the end, and returns whether it was a proper one. */
    @Async
    private static Coroutine<Boolean> endsProperly(Connection client) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100_000);
        long most = MUCH;
        try {
            int count = 0;
            while (count >= 0) {
                most -= count;
                assertNotEquals(0, most, "everything has arrived");
                count = await(client.read(target.clear()));
            }
            return Coroutine.of(true);
        } catch (TlsTruncatedException cut) {
            return Coroutine.of(false);
        }
    }

    private static Stream<Arguments> endings() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Arrays.stream(Ending.values()).map(ending -> Arguments.of(kind, ending)));
    }

    @Async
    private static Coroutine<Void> visit(Server server, ConnectOptions options, boolean whole, Ends ends)
            throws IOException {
        try (Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress()), options))) {
            await(client.write("question\n".getBytes()));
            assertEquals(PART, new String(await(client.readExactly(PART.length()))));
            await(ends.end(server));
            assertEquals(whole, await(endsProperly(client)));
        }
        server.close();
        return server.waitClosed();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void clientLearnsWhetherTheAnswerIsWhole(Kind kind, Ending ending) {
        ServeOptions serve = ServeOptions.DEFAULT.withSendBuffer(SMALL);
        ConnectOptions connect = ConnectOptions.DEFAULT.withReceiveBuffer(SMALL);
        if (kind.isEncrypted()) {
            serve = serve.withTls(TlsIT.SERVER);
            connect = connect.withTls(TlsIT.CLIENT.withProtocols(kind == Kind.TLS_1_2 ? "TLSv1.2" : "TLSv1.3"));
        }
        SocketAddress address =
                kind == Kind.UNIX ? UnixDomainSocketAddress.of(directory.resolve("socket")) : RawPeer.ANY_PORT;
        serve(address, serve, connect, ending.isWhole() || !kind.isEncrypted(), ending);
    }

    private void serve(
            SocketAddress address, ServeOptions serve, ConnectOptions connect, boolean whole, Ending ending) {
        AtomicInteger reports = new AtomicInteger();
        Ends ends = new Ends(ending, directory);
        AsyncFunction<Connection, Void> handler = ends::handle;
        run(() -> {
            Asyncio.getRunningLoop().setExceptionHandler((loop, report) -> reports.incrementAndGet());
            Server server = await(Net.serve(address, serve, handler));
            return visit(server, connect, whole, ends);
        });
        assertEquals(ending.isReported() ? 1 : 0, reports.get());
    }
}
