// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a case meets a target on a platform. {@code value} is empty until every value that it needs was measured. */
record Verdict(Target target, Optional<Double> value) {

    /** The largest value that counts as no allocation: a profiler's own objects, divided by a million operations. */
    private static final double TRACE_OF_BYTES = 0.5;

    /** The verdicts of all targets of the case. */
    static List<Verdict> of(Case subject, String platform, Results results, List<Target> targets) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Target target : targets) {
            if (target.concerns(subject)) {
                verdicts.add(new Verdict(target, value(target, subject, platform, results)));
            }
        }
        return verdicts;
    }

    private static Optional<Double> value(Target target, Case subject, String platform, Results results) {
        if (target.measure().equals(Target.BYTES)) {
            return results.allocation(subject, platform, subject.row().subject())
                    .map(Spread::median);
        }
        Optional<Double> measured =
                results.value(subject, platform, target.measure()).map(Spread::median);
        if (target.reference().isEmpty()) {
            return measured;
        }
        Target.Reference reference = target.reference().get();
        return measured.flatMap(value ->
                results.value(reference.in(subject), platform, reference.peer()).map(unit -> value / unit.median()));
    }

    boolean met() {
        double slack = target.measure().equals(Target.BYTES) ? TRACE_OF_BYTES : 0;
        return value.isPresent() && value.get() <= target.limit() + slack;
    }

    /** The limit. */
    String limit(String unit) {
        return "≤ " + Figures.plain(target.limit()) + suffix(unit);
    }

    /** States whether the target is met, or by how much it is missed. */
    String outcome(String unit) {
        if (value.isEmpty()) {
            return "not measured";
        }
        return met() ? "yes" : "**no**: " + Figures.of(value.get()) + suffix(unit);
    }

    private String suffix(String unit) {
        if (target.measure().equals(Target.BYTES)) {
            return " B/op";
        }
        return target.reference()
                .map(reference -> " × " + reference.peer()
                        + reference.row().map(row -> " of row " + row.number()).orElse("")
                        + (reference.at().isEmpty() ? "" : " at " + String.join(", ", reference.at())))
                .orElse(unit.isEmpty() ? "" : " " + unit.replaceFirst(" .*", ""));
    }
}
