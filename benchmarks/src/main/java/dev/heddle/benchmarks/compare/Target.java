// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An upper limit for the values of a row's variants that have the words of {@code where}: a number, or a multiple of
 * another value. The file {@code targets.txt} has one target on each line, and explains their form.
 */
record Target(Row row, List<String> where, String measure, double limit, Optional<Reference> reference) {

    /**
     * The value of which {@code limit} is a multiple: that of a peer, possibly in another row or with other parameters.
     */
    record Reference(String peer, Optional<Row> row, List<String> at) {

        /** The case of the value, for a target of {@code subject}. */
        Case in(Case subject) {
            return row.map(other -> new Case(other, Line.ONLY)).orElse(subject).with(at);
        }
    }

    /** The measure for the memory that an operation allocates. */
    static final String BYTES = "bytes";

    private static final String FILE = "targets.txt";
    private static final Pattern FORMAT =
            Pattern.compile("(\\w+)\\s+(\\S+)\\s+(\\w+) <= ([\\d.]+)(?: x (\\w+)(?: of (\\w+))?(?: at (\\S+))?)?");

    /** All targets of the file. */
    static List<Target> all() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Target.class.getResourceAsStream(FILE), FILE), StandardCharsets.UTF_8))) {
            List<Target> targets = new ArrayList<>();
            lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> targets.add(parse(line)));
            return targets;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Target parse(String line) {
        Matcher matcher = FORMAT.matcher(line.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a target: " + line);
        }
        Optional<Reference> reference = Optional.ofNullable(matcher.group(5))
                .map(peer -> new Reference(
                        peer, Optional.ofNullable(matcher.group(6)).map(Target::row), words(matcher.group(7))));
        return new Target(
                row(matcher.group(1)),
                words(matcher.group(2)),
                matcher.group(3),
                Double.parseDouble(matcher.group(4)),
                reference);
    }

    /** Whether this is a target of {@code subject}. */
    boolean concerns(Case subject) {
        return subject.row() == row && subject.matches(where);
    }

    private static Row row(String name) {
        return Row.of(name).orElseThrow(() -> new IllegalArgumentException("a target names the row " + name));
    }

    private static List<String> words(@Nullable String list) {
        return list == null || list.equals("*") ? List.of() : List.of(list.split(","));
    }
}
