package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations over TLS in which a fault happens at some byte: of the handshake, of a record, or of the end. */
class TlsFaultsIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int NEVER = Integer.MAX_VALUE;

    /** The closing messages. If a fault happens there, one side may have said and heard everything. */
    private static final int MOST_AT_END = 120;

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    /** The end of one side. */
    private record End(boolean shaken, @Nullable Throwable failure) {

        boolean isGood() {
            return failure == null;
        }
    }

    @Async
    private static Coroutine<End> side(Connection connection, TlsOptions options, AsyncSupplier<Void> talk) {
        boolean shaken = false;
        try {
            await(connection.startTls(options));
            shaken = true;
            await(Asyncio.timeout(LONG, time -> talk.get()));
        } catch (IOException | TimeoutException failure) {
            connection.close();
            return Coroutine.of(new End(shaken, failure));
        } catch (Exception other) {
            throw new AssertionError(other);
        }
        return Coroutine.of(new End(true, null));
    }

    @Async
    private static Coroutine<Void> ask(Connection connection) throws IOException {
        await(connection.write(TlsIT.bytes("a question\n")));
        assertEquals("an answer", whole(await(connection.readLine())));
        await(connection.closeGracefully());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> answer(Connection connection) throws IOException {
        assertEquals("a question", whole(await(connection.readLine())));
        await(connection.write(TlsIT.bytes("an answer\n")));
        assertEquals("nothing", whole(await(connection.readLine())));
        await(connection.closeGracefully());
        return Coroutine.done();
    }

    private static String whole(@Nullable String line) {
        return line == null ? "nothing" : line;
    }

    /** Returns how many bytes the side with the fault has received. Without a fault that is all bytes. */
    @Async
    private static Coroutine<Integer> converse(
            String version, boolean atServer, TamperingTransport.Fault fault, int at) {
        MemoryPair pair = MemoryPair.create();
        TamperingTransport tampering = TamperingTransport.with(atServer ? pair.second() : pair.first(), fault, at);
        Task<End> serving = createTask(side(pair.second(), TlsIT.SERVER, () -> answer(pair.second())));
        TlsOptions options = TlsOptions.client(TlsKeys.INSTANCE.context(true)); // resumes no session of another
        TlsOptions named = options.withServerName("localhost").withProtocols(version);
        End client = await(side(pair.first(), named, () -> ask(pair.first())));
        End server = await(serving);
        String story = version + " " + fault + " at byte " + at + " to the " + (atServer ? "server" : "client")
                + ": client " + client + ", server " + server;
        if (at == NEVER) {
            assertTrue(client.isGood() && server.isGood(), story);
        } else {
            check(atServer ? server : client, fault, story);
            check(atServer ? client : server, null, story);
        }
        return Coroutine.of(tampering.delivered());
    }

    /** A failed handshake is reported as one. After it, the failure is one of TLS or of the connection. */
    private static void check(End end, TamperingTransport.@Nullable Fault fault, String story) {
        Throwable failure = end.failure();
        if (failure == null) {
            return;
        }
        if (!end.shaken()) {
            assertInstanceOf(TlsHandshakeException.class, failure, story);
        } else if (fault == TamperingTransport.Fault.CUT) {
            assertInstanceOf(TlsTruncatedException.class, failure, story);
        } else if (fault == TamperingTransport.Fault.RESET) {
            assertInstanceOf(ConnectionResetException.class, failure, story);
        }
        if (!end.shaken() && fault == TamperingTransport.Fault.STALL) {
            assertInstanceOf(TlsHandshakeException.TimedOut.class, failure, story);
        }
    }

    /** Only failures that are about trust say that the certificate is not trusted, as the remedy of that is dangerous for others. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("causes")
    void onlyTrustIsAboutTrust(Exception cause, boolean trust) {
        IOException failure = new TlsFailures(true, "the test", "localhost").handshake(new SSLException("test", cause));
        assertInstanceOf(TlsHandshakeException.class, failure);
        assertEquals(trust, failure instanceof TlsHandshakeException.UntrustedCertificate, failure::toString);
    }

    private static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new AEADBadTagException("Tag mismatch"), false),
                Arguments.of(new SignatureException("Signature does not match"), false),
                Arguments.of(new InvalidKeyException("bad key"), false),
                Arguments.of(new InvalidAlgorithmParameterException("bad curve"), false),
                Arguments.of(
                        new InvalidAlgorithmParameterException("the trustAnchors parameter must be non-empty"), true),
                Arguments.of(new CertificateException("unknown"), true),
                Arguments.of(new CertPathValidatorException("no path"), true),
                Arguments.of(new CertPathBuilderException("unable to find a path"), true));
    }

    @Async
    private static Coroutine<Integer> everywhere(
            String version, boolean atServer, TamperingTransport.Fault fault, int stride) {
        int length = await(converse(version, atServer, fault, NEVER)) - MOST_AT_END;
        int faults = 0;
        for (int at = 0; at < length + MOST_AT_END / 2; at += stride) {
            await(converse(version, atServer, fault, at));
            faults++;
        }
        return Coroutine.of(faults);
    }

    private void everywhere(TamperingTransport.Fault fault, String version, int stride) {
        for (boolean atServer : new boolean[] {true, false}) {
            int faults = loop.runUntilComplete(() -> everywhere(version, atServer, fault, stride));
            assertTrue(faults * stride > 300, faults + " faults");
        }
    }

    /** Faults at a few bytes of the conversation, for each side. */
    @ParameterizedTest
    @CsvSource({"CUT, TLSv1.3", "FLIP, TLSv1.3", "CUT, TLSv1.2", "FLIP, TLSv1.2"})
    void aFaultIsReportedByBothSides(TamperingTransport.Fault fault, String version) {
        everywhere(fault, version, 211);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("faults")
    void faultsAreReportedByBothSides(TamperingTransport.Fault fault, String version) {
        everywhere(fault, version, 97);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("faults")
    void aFaultAtAnyByteIsReportedByBothSides(TamperingTransport.Fault fault, String version) {
        everywhere(fault, version, 1);
    }

    private static Stream<Arguments> faults() {
        return Stream.of(TamperingTransport.Fault.values())
                .flatMap(fault -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(fault, version)));
    }

    /** Cancels a handshake that waits for the byte. Returns false if it does not wait for it. */
    @Async
    private static Coroutine<Boolean> cancel(boolean atServer, int at) throws IOException {
        MemoryPair pair = MemoryPair.create();
        Connection victim = atServer ? pair.second() : pair.first();
        TamperingTransport.with(victim, TamperingTransport.Fault.STALL, at);
        Task<Void> server = createTask(pair.second().startTls(TlsIT.SERVER));
        Task<Void> client = createTask(pair.first().startTls(TlsIT.CLIENT));
        Task<Void> own = atServer ? server : client;
        await(Asyncio.sleep(1)); // until everything waits
        boolean waits = own.cancel();
        await(Asyncio.wait(List.of(server, client)));
        assertEquals(waits, own.isCancelled());
        assertEquals(waits, victim.isClosed());
        Task<Void> other = atServer ? client : server;
        if (other.exception() != null) {
            assertInstanceOf(TlsHandshakeException.class, other.exception());
            assertTrue(waits && pair.first().isClosed() && pair.second().isClosed());
        }
        return Coroutine.of(waits);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHandshakeCanBeCancelledWhereverItWaits(boolean atServer) {
        int at = 0;
        while (cancels(atServer, at)) {
            at += 61;
        }
        assertTrue(at > 300, at + " bytes");
    }

    private boolean cancels(boolean atServer, int at) {
        return loop.runUntilComplete(() -> cancel(atServer, at));
    }
}
