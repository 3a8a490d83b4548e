package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A server and its clients on one loop, over real sockets. */
class EchoIT {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
        while (await(connection.read(buffer.clear())) >= 0) {
            await(connection.write(buffer.flip()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> talk() throws IOException {
        Server server = await(Net.serve(ANY_PORT, EchoIT::echo));
        try (server;
                Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
            await(client.write("one\ntwo\r\nthree".getBytes(StandardCharsets.UTF_8)));
            assertEquals("one", await(client.readLine()));
            assertEquals("two", await(client.readLine()));
            await(client.shutdownOutput());
            assertEquals("three", await(client.readLine()));
            assertNull(await(client.readLine()));
        }
        return Coroutine.done();
    }

    @Test
    void linesComeBack() throws IOException {
        run(talk());
    }

    @Async
    private static Coroutine<Void> sendMuch() throws IOException {
        byte[] much = new byte[3_000_000];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) (i * 31 >> 3);
        }
        Server server = await(Net.serve(ANY_PORT, EchoIT::echo));
        try (server;
                Connection client = await(Net.connect(Objects.requireNonNull(server.localAddress())))) {
            var writing = dev.heddle.Asyncio.createTask(client.write(much));
            byte[] back = await(client.readExactly(much.length));
            await(writing);
            assertArrayEquals(much, back);
        }
        return Coroutine.done();
    }

    @Test
    void megabytesComeBack() throws IOException {
        run(sendMuch());
    }
}
