package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.internal.io.Keys;
import dev.heddle.io.Descriptors;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers under load: they close gracefully, and keep nothing of connections that have gone. */
class LoadIT {

    /** How the connections of a server get to their loops. */
    enum Mode {
        LOOP,
        EACH_LISTENS,
        HANDED_OVER
    }

    private static final int CLIENTS = 30;

    private final Queue<Map<String, Object>> reports = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean stopping;

    // Graceful close

    /** Answers every request that it has read, and ends when the server stops. */
    @Async
    private Coroutine<Void> answer(Connection connection) throws IOException {
        String request;
        while ((request = await(connection.readLine())) != null) {
            accepted.incrementAndGet();
            for (int turn = request.hashCode() & 3; turn > 0; turn--) {
                await(sleep(0));
            }
            await(connection.write((request + " answered\n").getBytes()));
            if (stopping) {
                return Coroutine.done();
            }
        }
        return Coroutine.done();
    }

    /** Makes requests until the server is gone, with a new connection now and then. */
    @Async
    private Coroutine<Void> ask(SocketAddress address) throws IOException {
        for (int connections = 0; ; connections++) {
            try (Connection connection = await(Net.connect(address))) {
                for (int i = 0; i < 7; i++) {
                    String request = connections + "." + i;
                    await(connection.write((request + "\n").getBytes()));
                    String answer = await(connection.readLine());
                    if (answer == null) {
                        return Coroutine.done();
                    }
                    assertEquals(request + " answered", answer);
                    answered.incrementAndGet();
                }
            } catch (ConnectException | ConnectionResetException notAccepted) {
                return Coroutine.done();
            }
        }
    }

    @Async
    private Coroutine<Server> serve(Mode mode, Workers workers) throws IOException {
        return mode == Mode.LOOP
                ? Net.serve(RawPeer.ANY_PORT, this::answer)
                : WorkersServer.start(
                        workers,
                        List.of(RawPeer.ANY_PORT),
                        ServeOptions.DEFAULT,
                        this::answer,
                        mode == Mode.EACH_LISTENS);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void everyRequestThatWasReadIsAnswered(Mode mode) {
        try (Workers workers = Workers.start(2)) {
            for (EventLoop loop : workers.loops()) {
                loop.callSoonThreadsafe(() -> loop.setExceptionHandler((source, report) -> reports.add(report)));
            }
            run(() -> {
                Asyncio.getRunningLoop().setExceptionHandler((source, report) -> reports.add(report));
                Server server = await(serve(mode, workers));
                List<Task<Void>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(createTask(ask(Objects.requireNonNull(server.localAddress()))));
                }
                while (answered.get() < 2000) {
                    await(sleep(0));
                }
                stopping = true;
                server.close();
                await(Asyncio.gather(clients));
                await(server.waitClosed());
                assertEquals(Set.of(), server.connections());
                return Coroutine.done();
            });
        }
        assertEquals(accepted.get(), answered.get());
        assertEquals(List.of(), List.copyOf(reports));
    }

    // Leaks

    @Test
    @Tag("slow")
    @Timeout(120)
    void fiveThousandConnectionsLeaveNothing() {
        churn(5_000);
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void twoHundredThousandConnectionsLeaveNothing() {
        churn(200_000);
    }

    private void churn(int connections) {
        comeAndGo(100); // the JDK keeps a descriptor with whose help it closes others
        int before = Descriptors.count();
        long buffers = buffers();
        long began = System.nanoTime();
        comeAndGo(connections);
        assertEquals(List.of(), List.copyOf(reports));
        assertTrue(Descriptors.settle(before) <= before, "descriptors are left");
        long grown = buffers() - buffers;
        assertTrue(grown <= 8 << 20, () -> "direct memory has grown by " + grown);
        System.out.printf(
                "%d connections in %.1f s, direct memory grew by %d KiB%n",
                connections, (System.nanoTime() - began) / 1e9, grown >> 10);
    }

    private void comeAndGo(int connections) {
        int[] next = {0};
        run(() -> {
            EventLoop loop = Asyncio.getRunningLoop();
            loop.setExceptionHandler((source, report) -> reports.add(report));
            Server server = await(Net.serve(new InetSocketAddress(0), LoadIT::echoOnce));
            await(sleep(0));
            await(sleep(0));
            int keys = Keys.count(loop);
            int port = ((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort();
            List<Task<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(createTask(comeAndGo(port, next, connections)));
            }
            await(Asyncio.gather(clients));
            while (!server.connections().isEmpty()) {
                await(sleep(0.001));
            }
            await(sleep(0.001)); // the selector forgets the last channels when it selects
            await(sleep(0.001));
            assertEquals(keys, Keys.count(loop), "keys");
            assertEquals(2, Asyncio.allTasks().size(), () -> "tasks: " + Asyncio.allTasks());
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
    }

    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    @Async
    private static Coroutine<Void> echoOnce(Connection connection) throws IOException {
        try {
            String line = await(connection.readLine());
            if (line != null) {
                await(connection.write((line + "\n").getBytes()));
                await(connection.write("and more\n".getBytes()));
            }
        } catch (ConnectionResetException reset) {
            return Coroutine.done();
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> comeAndGo(int port, int[] next, int most) throws IOException {
        while (next[0] < most) {
            int number = next[0]++;
            // Many addresses, as each has ports of its own for connections that have just ended.
            SocketAddress address = new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number % 100)}), port);
            if (number % 4 == 3) {
                goRudely(address, number);
                await(sleep(0));
            } else {
                await(goPolitely(address, number));
            }
        }
        return Coroutine.done();
    }

    /** Resets the connection before the server has accepted it, perhaps with a request under way. */
    private static void goRudely(SocketAddress address, int number) throws IOException {
        try (SocketChannel socket = SocketChannel.open(address)) {
            if (number % 8 == 3) {
                socket.write(ByteBuffer.wrap("half a li".getBytes()));
            }
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }

    @Async
    private static Coroutine<Void> goPolitely(SocketAddress address, int number) throws IOException {
        try (Connection connection = await(Net.connect(address))) {
            await(connection.write((number + "\n").getBytes()));
            assertEquals(String.valueOf(number), await(connection.readLine()));
            if (number % 4 == 1) {
                assertEquals("and more", await(connection.readLine()));
                await(connection.closeGracefully());
            } else if (number % 4 == 2) {
                await(connection.shutdownOutput());
            }
        }
        return Coroutine.done();
    }
}
