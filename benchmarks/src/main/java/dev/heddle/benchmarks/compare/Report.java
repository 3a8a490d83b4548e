// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the files of a run: the table, a chart for each JDK, and every measured value. */
final class Report {

    private static final String TABLE = "compare.md";
    private static final String VALUES = "values.txt";

    private final Layout layout;
    private final Results results;
    private final List<Jdk> jdks;
    private final Effort effort;

    Report(Layout layout, Results results, List<Jdk> jdks, Effort effort) {
        this.layout = layout;
        this.results = results;
        this.jdks = jdks;
        this.effort = effort;
    }

    /** Writes the results so far, and returns the path of the table. */
    Path write(Map<String, String> facts) {
        try {
            Files.createDirectories(layout.out());
            List<String> charts = new ArrayList<>();
            for (Jdk jdk : jdks) {
                String name = "compare-jdk" + jdk.feature() + ".svg";
                String caption = (effort.rough() ? "ROUGH FIGURES of a quick run. " : "") + Machine.describe();
                Optional<String> chart = new SvgChart(results, jdk).draw(caption);
                if (chart.isPresent()) {
                    Files.writeString(layout.out().resolve(name), chart.get());
                    charts.add(0, name);
                } else {
                    Files.deleteIfExists(layout.out().resolve(name));
                }
            }
            Files.write(layout.out().resolve(VALUES), results.lines());
            String table = new MarkdownReport(results, jdks, Target.all()).write(effort.rough(), charts, facts);
            return Files.writeString(layout.out().resolve(TABLE), table);
        } catch (IOException failure) {
            throw new UncheckedIOException("the report cannot be written to " + layout.out(), failure);
        }
    }
}
