package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.io.IOException;
import java.security.Security;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** A program in which each side of a connection over TLS 1.3 has to renew its keys again and again. {@link KeyLimitsIT} starts it. */
final class KeyLimits {

    /** How many bytes each side sends. */
    private static final int MUCH = 2_000_000;

    private KeyLimits() {}

    public static void main(String[] arguments) throws IOException {
        String limit = " KeyUpdate 50000";
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding" + limit + ", ChaCha20-Poly1305" + limit);
        TlsOptions server = TlsOptions.server(TlsKeys.INSTANCE.context(true, "server"));
        TlsOptions client = TlsOptions.client(TlsKeys.INSTANCE.context(true)).withServerName("localhost");
        for (String suite : new String[] {"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}) {
            run(exchange(server, client.withProtocols("TLSv1.3").withCipherSuites(suite)));
            System.out.println("whole with " + suite);
        }
    }

    @Async
    private static Coroutine<Void> exchange(TlsOptions server, TlsOptions client) throws IOException {
        ServeOptions options = ServeOptions.DEFAULT.withTls(server);
        Server serving = await(Net.serve(RawPeer.ANY_PORT, options, connection -> sendAndReceive(connection, 1, 2)));
        try (serving) {
            Connection connection = await(Net.connect(
                    Objects.requireNonNull(serving.localAddress()), ConnectOptions.DEFAULT.withTls(client)));
            await(sendAndReceive(connection, 2, 1));
            await(connection.closeGracefully());
        }
        return serving.waitClosed();
    }

    private static byte[] pattern(int seed) {
        byte[] pattern = new byte[MUCH];
        new Random(seed).nextBytes(pattern);
        return pattern;
    }

    @Async
    private static Coroutine<Void> sendAndReceive(Connection connection, int own, int other) throws IOException {
        Task<Void> sending = createTask(connection.write(pattern(own)));
        byte[] received = await(connection.readExactly(MUCH));
        if (!Arrays.equals(pattern(other), received)) {
            throw new AssertionError("other bytes");
        }
        await(sending);
        return Coroutine.done();
    }
}
