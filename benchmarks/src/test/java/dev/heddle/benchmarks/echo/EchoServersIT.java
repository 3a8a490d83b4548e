package dev.heddle.benchmarks.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every server in Java echoes what the loads send, which they check. */
class EchoServersIT {

    private static Certificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        certificate = Certificate.make(directory);
    }

    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {"plain", "nettyNio", "nettyEpoll", "heddle", "heddleOnNio", "heddleOnEpoll", "virtualThreads"})
    void echoes(String kind) throws Exception {
        assumeTrue(!kind.equals("virtualThreads") || Runtime.version().feature() >= 21);
        assumeTrue(!kind.endsWith("Epoll") || Epoll.isAvailable());

        int port = EchoServer.listen(kind, null);
        echoes(new SelectorLoad(port, 10, 1024), 10);
        echoes(new SelectorLoad(port, 3, 1 << 20), 3);

        SSLContext context = certificate.forClient();
        echoes(new TlsLoad(EchoServer.listen(kind, certificate.forServer()), 10, 1024, context), 10);
    }

    /** A run of no time is one message on each connection. */
    private static void echoes(Load load, int connections) throws Exception {
        try (load) {
            for (int i = 0; i < 3; i++) {
                assertEquals(connections, load.run(0));
            }
        }
    }
}
