// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Finds the JMH benchmarks of a row and makes jobs of them. A benchmark's method is the peer, and its parameters make the
 * variant.
 */
final class JmhRows {

    private static final String PACKAGE = "dev.heddle.benchmarks.";
    private static final int FIRST_WITH_VIRTUAL = 21;

    private final JmhFork fork;
    private final Effort effort;
    private final List<Target> targets;
    private final OutputFormat format;

    /** A benchmark, by its full name, and the case that it measures. */
    record Turn(String benchmark, Case subject) {

        String peer() {
            return benchmark.substring(benchmark.lastIndexOf('.') + 1);
        }
    }

    /** Creates a finder. The output of JMH goes to {@code log}. */
    JmhRows(JmhFork fork, Effort effort, List<Target> targets, PrintStream log) {
        this.fork = fork;
        this.effort = effort;
        this.targets = targets;
        this.format = OutputFormatFactory.createFormatInstance(log, VerboseMode.SILENT);
    }

    /**
     * The jobs of one round, with the peers of a variant next to each other; none if there is no benchmark. In a rough
     * run a job is all variants of a peer.
     */
    List<Job> jobs(Row row, List<Jdk> jdks) {
        List<Job> jobs = new ArrayList<>();
        List<Turn> turns = turns(row);
        if (effort.rough()) {
            Map<String, List<Turn>> peers =
                    turns.stream().collect(Collectors.groupingBy(Turn::peer, LinkedHashMap::new, Collectors.toList()));
            for (Jdk jdk : jdks) {
                peers.forEach((peer, all) -> {
                    if (runsOn(peer, row, jdk, jdks)) {
                        jobs.add(job(row, all, jdk, Urgency.of(row, peer, isNewest(jdk, jdks))));
                    }
                });
            }
            return jobs;
        }
        Map<Case, List<Turn>> cases =
                turns.stream().collect(Collectors.groupingBy(Turn::subject, LinkedHashMap::new, Collectors.toList()));
        for (List<Turn> peers : cases.values()) {
            for (Jdk jdk : jdks) {
                peers.stream()
                        .filter(turn -> runsOn(turn.peer(), row, jdk, jdks))
                        .forEach(turn -> jobs.add(job(turn, jdk)));
            }
        }
        return jobs;
    }

    /** The chosen cases of a row, with all their peers. */
    private List<Turn> turns(Row row) {
        List<Turn> turns = new ArrayList<>();
        for (String name : row.classes()) {
            Map<String, Map<String, BenchmarkListEntry>> variants = variants(row, name);
            for (String variant : chosen(row, variants.keySet())) {
                for (BenchmarkListEntry entry :
                        variants.getOrDefault(variant, Map.of()).values()) {
                    turns.add(new Turn(entry.getUsername(), new Case(row, variant)));
                }
            }
        }
        return turns;
    }

    /**
     * The variants to measure. Unless all are measured, these are the variants with a target, one for each target, or
     * else the first variant. If a target concerns several variants, it is the last, which has the largest numbers.
     */
    private Set<String> chosen(Row row, Set<String> variants) {
        if (effort.extent() == Effort.Extent.ALL) {
            return variants;
        }
        Set<String> chosen = new LinkedHashSet<>();
        for (Target target : targets) {
            variants.stream()
                    .map(variant -> new Case(row, variant))
                    .filter(target::concerns)
                    .reduce((a, b) -> b)
                    .ifPresent(subject -> {
                        chosen.add(subject.variant());
                        target.reference()
                                .ifPresent(reference ->
                                        chosen.add(reference.in(subject).variant()));
                    });
        }
        chosen.retainAll(variants);
        return chosen.isEmpty() ? variants.stream().limit(1).collect(Collectors.toSet()) : chosen;
    }

    /** The benchmarks of a class by variant, and for each variant by peer. */
    private Map<String, Map<String, BenchmarkListEntry>> variants(Row row, String name) {
        String pattern = "^" + Pattern.quote(PACKAGE + name + ".");
        Map<String, Map<String, BenchmarkListEntry>> variants =
                new TreeMap<>((a, b) -> new Case(row, a).compareTo(new Case(row, b)));
        for (BenchmarkListEntry entry : BenchmarkList.defaultList().find(format, List.of(pattern), List.of())) {
            for (String variant :
                    combinations(prefix(row, name), entry.getParams().orElse(Map.of()))) {
                variants.computeIfAbsent(variant, unused -> new TreeMap<>()).put(peer(entry), entry);
            }
        }
        return variants;
    }

    /** The class as the first word of the variant, if the row has several classes. */
    private static String prefix(Row row, String name) {
        String word = name.replace("Benchmark", "");
        return row.classes().size() == 1 ? "" : Character.toLowerCase(word.charAt(0)) + word.substring(1);
    }

    private static List<String> combinations(String prefix, Map<String, String[]> parameters) {
        List<String> variants = List.of(prefix);
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(parameters).entrySet()) {
            List<String> longer = new ArrayList<>();
            for (String variant : variants) {
                for (String value : parameter.getValue()) {
                    longer.add((variant.isEmpty() ? "" : variant + ",") + parameter.getKey() + "=" + value);
                }
            }
            variants = longer;
        }
        return variants.equals(List.of("")) ? List.of(Line.ONLY) : variants;
    }

    private boolean runsOn(String peer, Row row, Jdk jdk, List<Jdk> jdks) {
        boolean exists = !peer.equals(Peers.VIRTUAL) || jdk.feature() >= FIRST_WITH_VIRTUAL;
        return exists && (isNewest(jdk, jdks) || effort.runsOnOlderJdk(peer, row));
    }

    private static boolean isNewest(Jdk jdk, List<Jdk> jdks) {
        return jdk.equals(jdks.get(jdks.size() - 1));
    }

    private static String peer(BenchmarkListEntry entry) {
        return entry.getUsername().substring(entry.getUsername().lastIndexOf('.') + 1);
    }

    private Job job(Turn turn, Jdk jdk) {
        return new Job(
                turn.subject().row(),
                turn.subject().variant(),
                turn.peer(),
                jdk.label(),
                Urgency.FIRST,
                effort.expectedFork(1),
                () -> fork.run(turn, jdk));
    }

    private Job job(Row row, List<Turn> turns, Jdk jdk, int urgency) {
        return new Job(
                row,
                Line.ONLY,
                turns.get(0).peer(),
                jdk.label(),
                urgency,
                effort.expectedFork(turns.size()),
                () -> fork.runTogether(turns, jdk));
    }
}
