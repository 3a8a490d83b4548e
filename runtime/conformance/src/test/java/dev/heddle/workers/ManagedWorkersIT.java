package dev.heddle.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.monitor.LoopMXBean;
import dev.heddle.testkit.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loops of a JVM as another one sees them through JMX. The other JVM does what it is told on its standard input, and says when it has
 * done so: its loops have nothing to do while they are looked at. It is killed after a minute, which ends whatever waits for it here.
 */
class ManagedWorkersIT {

    /** Worker 0 has 3 tasks that sleep, worker 1 has 4, each beside its main task and the one that made them. */
    private static final String CRAWLER = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.monitor.LoopStatistics;
            import dev.heddle.workers.Workers;
            import java.io.*;
            import java.lang.management.ManagementFactory;
            import java.net.*;
            import java.rmi.server.RMIServerSocketFactory;
            import java.util.Map;
            import java.util.concurrent.CompletableFuture;
            import javax.management.remote.*;

            class Crawler {
                static final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

                @Async
                static Coroutine<Void> pause() {
                    await(sleep(3600));
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> crawl(int worker, CompletableFuture<Void> stop) {
                    for (int i = 0; i < worker + 3; i++) {
                        createTask(pause());
                    }
                    return Coroutine.of(await(stop));
                }

                /** Makes each worker take two turns. */
                static void nudge(Workers workers) {
                    for (EventLoop loop : workers.loops()) {
                        CompletableFuture<Void> nudged = new CompletableFuture<>();
                        loop.callSoonThreadsafe(() -> loop.callSoon(() -> nudged.complete(null)));
                        nudged.join();
                    }
                }

                @Async
                static Coroutine<Void> main() throws Exception {
                    LoopStatistics.register(getRunningLoop(), "main");
                    try (Workers workers = Workers.start(2)) {
                        workers.register("crawler");
                        CompletableFuture<Void> stop = new CompletableFuture<>();
                        workers.submitEach(worker -> crawl(worker, stop));
                        nudge(workers); // the first turn makes a task, the second those that sleep
                        nudge(workers); // in the third they begin, the fourth counts them
                        System.out.println("crawling");
                        while (await(toThread(in::readLine)).equals("nudge")) {
                            nudge(workers);
                            System.out.println("nudged");
                        }
                        stop.complete(null);
                    }
                    System.out.println("closed");
                    await(toThread(in::readLine));
                    return Coroutine.done();
                }

                public static void main(String[] arguments) throws Exception {
                    RMIServerSocketFactory loopback =
                            port -> new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
                    JMXConnectorServer server = JMXConnectorServerFactory.newJMXConnectorServer(
                            new JMXServiceURL("service:jmx:rmi://"),
                            Map.of("jmx.remote.rmi.server.socket.factory", loopback),
                            ManagementFactory.getPlatformMBeanServer());
                    server.start();
                    System.out.println(server.getAddress());
                    run(main());
                    System.out.println("ended");
                    in.readLine();
                    server.stop();
                }
            }
            """;

    private static final ObjectName LOOPS = objectName("*");

    @TempDir
    private Path directory;

    private BufferedReader out;
    private PrintWriter in;

    private static ObjectName objectName(String name) {
        try {
            return new ObjectName("dev.heddle:type=EventLoop,name=" + name);
        } catch (javax.management.MalformedObjectNameException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The next line of the other JVM. */
    private String told() throws IOException {
        String line = out.readLine();
        assertNotNull(line, () -> "the JVM has ended: " + errors());
        return line;
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors.txt"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static LoopMXBean loop(MBeanServerConnection connection, String name) {
        return JMX.newMXBeanProxy(connection, objectName(name), LoopMXBean.class);
    }

    private static Set<String> names(MBeanServerConnection connection) throws IOException {
        Set<String> names = new TreeSet<>();
        connection.queryNames(LOOPS, null).forEach(found -> names.add(found.getKeyProperty("name")));
        return names;
    }

    private static void assertTimesArePlausible(LoopMXBean loop) {
        double idle = loop.getIdleSeconds();
        while (loop.getIdleSeconds() <= idle) {
            Thread.onSpinWait(); // it waits, so that this ends
        }
        double busy = loop.getBusySeconds();
        assertTrue(0 < loop.getLongestStepSeconds(), "it has run something");
        assertTrue(
                loop.getLongestStepSeconds() <= loop.getLongestBusySeconds(), "a step is not longer than all of them");
        assertTrue(loop.getLongestBusySeconds() <= busy, "a time without a pause is part of all of it");
        assertTrue(busy < 60, "the JVM is younger: " + busy);
        assertEquals(busy, loop.getBusySeconds(), "it waits");
    }

    @Test
    void theWorkersOfAnotherJvmAreShownWhileTheyRun() throws Exception {
        Process process = Program.compile(directory, "Crawler", CRAWLER)
                .withAgent("")
                .with("-Djava.rmi.server.hostname=127.0.0.1")
                .open("Crawler");
        CompletableFuture<Void> limit = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS));
        try {
            out = process.inputReader();
            in = new PrintWriter(process.outputWriter(), true);
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(told()))) {
                look(connector.getMBeanServerConnection());
            }
            in.println("exit");
            assertEquals(0, process.waitFor(), this::errors);
            assertEquals("", errors());
        } finally {
            limit.cancel(false);
            process.destroyForcibly();
        }
    }

    private void look(MBeanServerConnection connection) throws IOException {
        assertEquals("crawling", told());
        assertEquals(Set.of("crawler-0", "crawler-1", "main"), names(connection));
        Map<String, List<Integer>> numbers = new TreeMap<>();
        for (String name : names(connection)) {
            LoopMXBean loop = loop(connection, name);
            assertTimesArePlausible(loop);
            numbers.put(name, List.of(loop.getTasks(), loop.getTimers()));
        }
        assertEquals("{crawler-0=[5, 3], crawler-1=[6, 4], main=[1, 0]}", numbers.toString());

        List<LoopMXBean> workers = List.of(loop(connection, "crawler-0"), loop(connection, "crawler-1"));
        List<Long> steps = workers.stream().map(LoopMXBean::getSteps).toList();
        in.println("nudge");
        assertEquals("nudged", told());
        assertEquals(
                steps.stream().map(before -> before + 2).toList(),
                workers.stream().map(LoopMXBean::getSteps).toList());
        assertEquals(List.of(1, 1), workers.stream().map(LoopMXBean::getReady).toList());

        in.println("close");
        assertEquals("closed", told());
        assertEquals(Set.of("main"), names(connection));
        in.println("end");
        assertEquals("ended", told());
        assertEquals(Set.of(), names(connection));
    }
}
