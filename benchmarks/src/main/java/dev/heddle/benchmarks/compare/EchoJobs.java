// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Creates the jobs of row 13. A job is one process of {@code EchoComparison}, which starts the servers of all peers and
 * measures them in turn.
 */
final class EchoJobs {

    /** The flags of the servers in Java. */
    static final List<String> FLAGS =
            List.of("-Xms512m", "-Xmx512m", "-Xmn256m", "-XX:+UseG1GC", "-XX:MaxDirectMemorySize=2g");

    private static final String PACKAGE = "dev.heddle.benchmarks.echo.";
    /** The mark in a server's command for the words {@code tcp} and {@code tls}, as {@code EchoComparison} knows it. */
    private static final String TRANSPORT = "<transport>";

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final int FIRST_THAT_WARNS_OF_UNSAFE = 23;
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final Layout layout;
    private final Effort effort;
    private final PrintStream log;
    private final Cores cores;

    /** Creates the jobs. It passes a sentence to {@code note} if the client cannot be kept apart from the servers. */
    EchoJobs(Layout layout, Effort effort, PrintStream log, Consumer<String> note) {
        this.layout = layout;
        this.effort = effort;
        this.log = log;
        this.cores = Cores.find();
        cores.shortfall()
                .ifPresent(why -> note.accept("row 13 with its client on another core than the servers: " + why));
    }

    /** The jobs of one round, a job for each JDK. The languages are measured with the newest. */
    List<Job> jobs(List<Jdk> jdks, List<Language> languages) {
        List<Job> jobs = new ArrayList<>();
        for (Jdk jdk : jdks) {
            boolean newest = jdk.equals(jdks.get(jdks.size() - 1));
            Map<String, List<String>> servers = new LinkedHashMap<>();
            for (String peer : peers(jdk, newest)) {
                servers.put(peer, server(jdk, peer));
            }
            if (newest) {
                servers.putAll(servers(languages));
            }
            jobs.add(job(jdk, Row.ECHO.subject(), newest ? Urgency.FIRST : Urgency.OLDER_JDK, servers));
        }
        return jobs;
    }

    /** The job of the languages beside the floor, if there are any. */
    List<Job> ofLanguages(Jdk jdk, List<Language> languages) {
        Map<String, List<String>> others = servers(languages);
        if (others.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> servers = new LinkedHashMap<>();
        servers.put(Peers.FLOOR, server(jdk, Peers.FLOOR));
        servers.putAll(others);
        return List.of(job(jdk, "other languages", Urgency.FIRST, servers));
    }

    private List<String> peers(Jdk jdk, boolean newest) {
        List<String> peers =
                new ArrayList<>(List.of(Peers.FLOOR, Row.ECHO.subject(), Peers.NETTY_EPOLL, Peers.ON_EPOLL));
        if (!effort.rough()) {
            peers.addAll(List.of(Peers.NETTY_NIO, Peers.ON_NIO));
            if (jdk.feature() >= FIRST_WITH_VIRTUAL_THREADS) {
                peers.add(Peers.VIRTUAL);
            }
        }
        if (!newest) {
            peers.removeIf(peer -> !peer.equals(Peers.FLOOR) && !effort.runsOnOlderJdk(peer, Row.ECHO));
        }
        return peers;
    }

    private Map<String, List<String>> servers(List<Language> languages) {
        Map<String, List<String>> servers = new LinkedHashMap<>();
        for (Language language : languages) {
            if (language.rows().contains(Row.ECHO)) {
                List<String> words = new ArrayList<>(cores.server());
                words.add("env");
                language.program().environment().forEach((name, value) -> words.add(name + "=" + value));
                words.addAll(language.words(Row.ECHO, TRANSPORT));
                servers.put(language.name(), words);
            }
        }
        return servers;
    }

    private List<String> server(Jdk jdk, String peer) {
        List<String> words = new ArrayList<>(cores.server());
        words.addAll(List.of(jdk.java(), "-javaagent:" + layout.agent()));
        words.addAll(FLAGS);
        if (peer.equals(Peers.VIRTUAL)) {
            words.addAll(JmhFork.ONE_CARRIER);
        }
        if (jdk.feature() >= FIRST_THAT_WARNS_OF_UNSAFE) {
            words.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        }
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), PACKAGE + "EchoServer", peer, TRANSPORT));
        return words;
    }

    private Job job(Jdk jdk, String peer, int urgency, Map<String, List<String>> servers) {
        List<String> words = new ArrayList<>(cores.client());
        words.addAll(List.of(
                jdk.java(),
                "-cp",
                System.getProperty("java.class.path"),
                PACKAGE + "EchoComparison",
                effort.word(),
                layout.certificate().toString()));
        servers.forEach((name, server) -> {
            words.addAll(List.of("--", name));
            words.addAll(server);
        });
        Command command = Command.of(words).within(LIMIT);
        Duration expected = Duration.ofSeconds(effort.rough() ? 3 : 30).multipliedBy(servers.size());
        return new Job(Row.ECHO, Line.ONLY, peer, jdk.label(), urgency, expected, () -> command.measure(log));
    }
}
