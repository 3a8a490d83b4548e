package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server in a JVM of its own with very many connections that do nothing. Both JVMs need a descriptor for each. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class IdleIT {

    private static final int CONNECTIONS = 10_000;

    @Test
    @Timeout(120)
    void serverWithTenThousandIdleConnectionsAnswersOthers() throws Exception {
        Process process = new ProcessBuilder(ExhaustionIT.command("ulimit -n $(ulimit -H -n)", IdleServer.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<SocketChannel> idle = new ArrayList<>();
        try (PrintStream to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader from = process.inputReader()) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(from.readLine()));
            ask(address);
            long before = heap(to, from, 0);
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(SocketChannel.open(address));
            }
            long each = (heap(to, from, CONNECTIONS) - before) / CONNECTIONS;
            System.out.println("an idle connection takes " + each + " bytes of the heap");
            assertTrue(each < 4096, () -> each + " bytes");
            ask(address);
            for (SocketChannel connection : idle) {
                connection.close();
            }
            heap(to, from, 0);
            ask(address);
            to.close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
            for (SocketChannel connection : idle) {
                connection.close();
            }
        }
    }

    /** Returns the bytes of the server's heap when it has {@code connections}. */
    private static long heap(PrintStream to, BufferedReader from, int connections) throws IOException {
        to.println(connections);
        return Long.parseLong(from.readLine());
    }

    private static void ask(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write("hello\n".getBytes());
            assertEquals("hello\n", new String(socket.getInputStream().readNBytes(6)));
        }
    }
}
