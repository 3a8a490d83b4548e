package dev.heddle.samples.http;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class GracefulStopIT {

    private static final String GET = "GET /text HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int CLIENTS = 16;

    /** Under load, the clients receive as many whole responses as the server has received requests. */
    @Test
    void answersEveryRequestUnderLoad() throws Exception {
        Handler handler = request -> {
            await(sleep(0.001));
            return Coroutine.of(Response.ok(Content.text("x".repeat(10_000))));
        };
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RunningServer server = new RunningServer(handler, Limits.DEFAULT, RunningServer.PATIENT)) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = server.connect();
                clients.add(threads.submit(() -> askUntilTheServerStops(client)));
            }
            server.waitUntil(() -> server.statistics.requests() >= 500);
            server.call(() -> server.server.stop(Duration.ofSeconds(20)));
            int answered = 0;
            for (Future<Integer> client : clients) {
                answered += client.get(30, TimeUnit.SECONDS);
            }
            assertEquals(server.statistics.requests(), answered);
            assertEquals(server.statistics.answered(), answered);
            assertEquals(0, server.statistics.open());
            assertEquals("[]", server.failures.toString());
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns the number of responses. A connection that ends in the middle of a response is an error. */
    private static int askUntilTheServerStops(RawClient client) throws IOException {
        try (client) {
            for (int answers = 0; ; answers++) {
                try {
                    client.send(GET);
                    client.read();
                } catch (EOFException | SocketException ended) {
                    return answers;
                }
            }
        }
    }

    /** A connection with a request in progress, and one without. */
    @Test
    void closesEachConnectionAfterItsLastResponse() throws Exception {
        Handler slow = request -> {
            await(sleep(0.2));
            return Coroutine.of(Response.ok(Content.text("done")));
        };
        try (RunningServer server = new RunningServer(slow, Limits.DEFAULT, RunningServer.PATIENT);
                RawClient busy = server.connect();
                RawClient idle = server.connect()) {
            busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.waitUntil(() -> server.statistics.inProgress() == 1 && server.statistics.open() == 2);
            server.call(() -> server.server.stop(Duration.ofSeconds(20)));
            RawClient.Answer answer = busy.read();
            assertEquals("done", answer.body());
            assertEquals("close", answer.header("Connection"));
            assertEquals("", busy.rest());
            assertEquals("", idle.rest());
        }
    }

    /** The server stops in the turn in which it has accepted a connection, before the task of the connection begins. */
    @Test
    void answersAConnectionWhoseTaskHasNotBegun() throws Exception {
        run(stopRightAfterAccepting());
    }

    @Async
    private static Coroutine<Void> stopRightAfterAccepting() throws IOException {
        Statistics statistics = new Statistics();
        HttpServer server = await(HttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> Coroutine.of(Response.ok(Content.text("done"))),
                statistics,
                Limits.DEFAULT,
                RunningServer.PATIENT));
        await(sleep(0)); // the acceptor begins
        int tasks = allTasks().size();
        try (RawClient client = new RawClient(server.port())) {
            client.send(GET);
            client.endOutput();
            while (allTasks().size() == tasks) {
                await(sleep(0));
            }
            assertEquals(0, statistics.accepted());
            await(server.stop(Duration.ofSeconds(20)));
            assertEquals(1, statistics.requests());
            assertEquals("done", client.read().body());
        }
        return Coroutine.done();
    }

    @Test
    void abortsWhatTakesTooLong() throws Exception {
        Handler endless = request -> {
            await(sleep(1_000));
            return Coroutine.of(Response.ok(Content.NONE));
        };
        try (RunningServer server = new RunningServer(endless, Limits.DEFAULT, RunningServer.PATIENT);
                RawClient client = server.connect()) {
            client.send(GET);
            server.waitUntil(() -> server.statistics.inProgress() == 1);
            server.call(() -> server.server.stop(Duration.ofMillis(50)));
            assertEquals("", client.rest());
            assertEquals(1, server.statistics.requests());
            assertEquals(0, server.statistics.answered());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void controlCStopsTheProgram() throws Exception {
        Process program = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:" + System.getProperty("heddle.agent.jar"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Http.class.getName(),
                        "0")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8))) {
            String first = lines.readLine();
            Matcher address =
                    Pattern.compile("Serving at http://localhost:(\\d+)/ .*").matcher(first);
            assertTrue(address.matches(), first);
            try (RawClient client = new RawClient(Integer.parseInt(address.group(1)))) {
                client.send(GET);
                assertEquals(200, client.read().status());
                new ProcessBuilder("kill", "-INT", String.valueOf(program.pid()))
                        .start()
                        .waitFor();
                assertEquals("", client.rest());
            }
            assertEquals("Stopping; 0 requests are in progress", lines.readLine());
            assertEquals("Answered 1 requests", lines.readLine());
            assertEquals(130, program.waitFor());
        } finally {
            program.destroyForcibly();
        }
    }
}
