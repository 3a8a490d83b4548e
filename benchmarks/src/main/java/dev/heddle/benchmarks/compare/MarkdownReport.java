// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The table of a run, followed by the information that is needed to repeat the run. */
final class MarkdownReport {

    private final Results results;
    private final List<Jdk> jdks;
    private final List<Target> targets;

    MarkdownReport(Results results, List<Jdk> jdks, List<Target> targets) {
        this.results = results;
        this.jdks = jdks;
        this.targets = targets;
    }

    /** The report. {@code facts} describes how it was measured, by name. */
    String write(boolean rough, Collection<String> charts, Map<String, String> facts) {
        StringBuilder text =
                new StringBuilder(rough ? "# Heddle and its peers: rough figures\n\n" : "# Heddle and its peers\n\n");
        if (rough) {
            text.append("**Rough**: a quick run, which shows that everything runs. Do not quote its figures.\n\n");
        }
        text.append(
                        "Medians, and in brackets the range of all measurements. A peer's figure is its median in multiples of Heddle's:")
                .append(
                        " above 1 it takes longer, below 1 Heddle has **lost** to it. `plain` is no peer but the floor.\n\n")
                .append("| # | workload | unit | JDK | Heddle | B/op | others, × Heddle | target | met |\n")
                .append("| - | - | - | - | - | - | - | - | - |\n");
        for (Case subject : results.cases()) {
            boolean first = true;
            for (Jdk jdk : jdks) {
                if (results.value(subject, jdk.label(), subject.row().subject()).isPresent() || isLast(jdk)) {
                    text.append(line(subject, jdk, first));
                    first = false;
                }
            }
        }
        charts.forEach(
                chart -> text.append("\n![Ratios to Heddle](").append(chart).append(")\n"));
        text.append("\n## How it was measured\n\n");
        facts.forEach((name, fact) ->
                text.append("- ").append(name).append(": ").append(fact).append('\n'));
        text.append("\n## What is missing\n\n");
        List<String> notes = results.notes();
        (notes.isEmpty() ? List.of("nothing") : notes)
                .forEach(note -> text.append("- ").append(note).append('\n'));
        return text.toString();
    }

    private boolean isLast(Jdk jdk) {
        return jdk.equals(jdks.get(jdks.size() - 1));
    }

    private String line(Case subject, Jdk jdk, boolean first) {
        String unit = results.unit(subject);
        String label = subject.label();
        String own = results.value(subject, jdk.label(), subject.row().subject())
                .map(Figures::of)
                .orElse("not measured");
        String bytes = results.allocation(subject, jdk.label(), subject.row().subject())
                .map(spread -> Figures.of(spread.median()))
                .orElse("");
        List<Verdict> verdicts = Verdict.of(subject, jdk.label(), results, targets);
        List<String> cells = new ArrayList<>(
                first
                        ? List.of(
                                Integer.toString(subject.row().number()),
                                subject.row().workload() + (label.isEmpty() ? "" : ": " + label),
                                unit)
                        : List.of("", "", ""));
        cells.addAll(List.of(
                jdk.label().replace("JDK ", ""),
                own,
                bytes,
                others(subject, jdk),
                verdicts.stream().map(verdict -> verdict.limit(unit)).collect(Collectors.joining("; ")),
                verdicts.stream().map(verdict -> verdict.outcome(unit)).collect(Collectors.joining("; "))));
        return cells.stream().map(cell -> " " + cell + " ").collect(Collectors.joining("|", "|", "|\n"));
    }

    private String others(Case subject, Jdk jdk) {
        SortedMap<String, Spread> others = results.others(subject, jdk.label());
        return results.value(subject, jdk.label(), subject.row().subject())
                .map(own -> others.entrySet().stream()
                        .map(other -> other.getKey() + " " + ratio(other.getKey(), other.getValue(), own))
                        .collect(Collectors.joining(", ")))
                .orElse(others.entrySet().stream()
                        .map(other -> other.getKey() + " " + Figures.of(other.getValue()) + " " + results.unit(subject))
                        .collect(Collectors.joining(", ")));
    }

    private static String ratio(String peer, Spread other, Spread own) {
        if (own.median() <= 0) {
            return Figures.of(other.median()) + " to 0";
        }
        double ratio = other.median() / own.median();
        return Figures.of(ratio) + (ratio < 1 && Peers.isRival(peer) ? " **lost**" : "");
    }
}
