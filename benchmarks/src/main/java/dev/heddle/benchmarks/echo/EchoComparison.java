// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures row 13. It starts the servers, which its arguments name, and loads them in turn, from a thread that should
 * have a processor of its own. The figure is the processor time that a server needs for a round trip, compilers left
 * out. Every other slice of time is one of the floor, the server {@code plain}, and a figure is the ratio to the slices
 * beside it, times the median of the floor.
 *
 * <p>The arguments are {@code quick} or {@code full}; a directory for the certificate; and for each server {@code --},
 * its name, and its command.
 */
public final class EchoComparison {

    private static final String FLOOR = "plain";
    private static final long SLICE = 15_000_000;
    private static final long SECOND = 1_000_000_000;
    /** The number of figures that are printed of a peer's variant. */
    private static final int GROUPS = 5;

    private static final int MESSAGE = 1024;
    /** The least number of round trips before a server is measured. */
    private static final int WARM = 300_000;

    private final boolean quick;
    private final Certificate certificate;
    private final Map<String, List<String>> commands;

    private EchoComparison(boolean quick, Certificate certificate, Map<String, List<String>> commands) {
        this.quick = quick;
        this.certificate = certificate;
        this.commands = commands;
    }

    /** Runs the program. */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> words = List.of(args);
        if (words.size() < 3 || !words.get(2).equals("--")) {
            throw new IllegalArgumentException("usage: EchoComparison quick|full DIRECTORY (-- SERVER COMMAND...)...");
        }
        boolean quick = words.get(0).equals("quick");
        Certificate certificate = Certificate.make(Path.of(words.get(1)));
        new EchoComparison(quick, certificate, commands(words.subList(2, words.size()))).measure();
    }

    private static Map<String, List<String>> commands(List<String> words) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        List<String> command = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--")) {
                command = new ArrayList<>();
                commands.put(words.get(++i), command);
            } else {
                command.add(words.get(i));
            }
        }
        if (!commands.containsKey(FLOOR)) {
            throw new IllegalArgumentException("no server is called " + FLOOR + ", the floor of all others");
        }
        return commands;
    }

    private void measure() throws IOException, InterruptedException {
        Set<Variant> variants = quick ? EnumSet.of(Variant.ONE, Variant.HUNDRED) : EnumSet.allOf(Variant.class);
        Map<String, List<Variant>> byTransport = variants.stream()
                .collect(Collectors.groupingBy(Variant::transport, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Variant>> transport : byTransport.entrySet()) {
            List<ServerProcess> servers = start(transport.getKey());
            try {
                for (Variant variant : transport.getValue()) {
                    measure(variant, servers);
                }
                if (transport.getKey().equals("tcp")) {
                    measureIdle(servers);
                }
            } finally {
                servers.forEach(ServerProcess::close);
            }
        }
    }

    private List<ServerProcess> start(String transport) throws IOException {
        List<ServerProcess> servers = new ArrayList<>();
        for (Map.Entry<String, List<String>> server : commands.entrySet()) {
            List<String> command = server.getValue().stream()
                    .map(word -> word.equals(Variant.TRANSPORT) ? transport : word)
                    .toList();
            ServerProcess.start(server.getKey(), command, certificate)
                    .ifPresentOrElse(
                            servers::add,
                            () -> System.out.println(server.getKey() + " does not have the transport " + transport));
        }
        return servers;
    }

    private void measure(Variant variant, List<ServerProcess> servers) throws IOException, InterruptedException {
        List<Turn> turns = new ArrayList<>();
        for (ServerProcess server : servers) {
            turns.add(new Turn(server, variant.connect(server.port(), certificate)));
        }
        for (Turn turn : turns) {
            turn.warmUp(quick ? 2 : 10);
        }
        Turn floor = turns.stream()
                .filter(turn -> turn.server.name().equals(FLOOR))
                .findFirst()
                .orElseThrow();
        List<Turn> others = turns.stream().filter(turn -> turn != floor).toList();
        floor.slice(SLICE);
        for (int i = 0; i < (quick ? 20 : 150); i++) {
            for (Turn other : others) {
                double before = floor.cost;
                other.slice(SLICE);
                floor.slice(SLICE);
                other.slices.add(before, other.cost, floor.cost, other.waited + floor.waited);
            }
        }
        report(variant, others);
        for (Turn turn : turns) {
            turn.load.close();
        }
    }

    private static void report(Variant variant, List<Turn> others) {
        double floor =
                Slices.median(others.stream().map(other -> other.slices.floor()).toList());
        print(variant.label(), floor / 1e3, "us", FLOOR);
        for (Turn other : others) {
            for (double ratio : other.slices.ratios(GROUPS)) {
                print(variant.label(), ratio * floor / 1e3, "us", other.server.name());
            }
        }
    }

    /** Measures the memory of connections over which nothing goes any more. */
    private void measureIdle(List<ServerProcess> servers) throws IOException {
        int connections = quick ? 1_000 : 10_000;
        for (ServerProcess server : servers) {
            long before = server.heap();
            try (Load idle = new SelectorLoad(server.port(), connections, MESSAGE)) {
                idle.run(0);
                print("idle", (double) (server.heap() - before) / connections, "B", server.name());
            }
        }
    }

    private static void print(String variant, double value, String unit, String peer) {
        System.out.printf(Locale.ROOT, "13 %s %.4f %s %s%n", variant, value, unit, peer);
    }

    /** A server and the load on it. */
    private static final class Turn {

        private final ServerProcess server;
        private final Load load;
        private final Slices slices = new Slices();
        /** The processor time of a round trip in the last slice, in nanoseconds. */
        private double cost;
        /** The part of the last slice in which the server or this thread waited for a processor. */
        private double waited;

        Turn(ServerProcess server, Load load) {
            this.server = server;
            this.load = load;
        }

        /** Loads the server until its compilers have nothing to do, for {@code seconds} at most. */
        void warmUp(int seconds) throws IOException {
            long trips = 0;
            for (int i = 0; i < 10 * seconds; i++) {
                ProcessorTime before = server.clock().ofCompilers();
                trips += load.run(SECOND / 10);
                ProcessorTime compiled = server.clock().ofCompilers().minus(before);
                if (trips > WARM && compiled.ran() < SECOND / 1000 && compiled.waited() < SECOND / 1000) {
                    return;
                }
            }
        }

        void slice(long nanos) throws IOException, InterruptedException {
            ProcessorTime before = server.clock().withoutCompilers();
            ProcessorTime own = ProcessorTime.ofThisThread();
            long start = System.nanoTime();
            long trips = load.run(nanos);
            long end = System.nanoTime();
            ProcessorTime waiting = ProcessorTime.ofThisThread().minus(own);
            Thread.sleep(1); // the server goes to sleep, and its time is accounted for
            ProcessorTime had = server.clock().withoutCompilers().minus(before);
            cost = (double) had.ran() / trips;
            waited = (double) (had.waited() + waiting.waited()) / (end - start);
        }
    }
}
