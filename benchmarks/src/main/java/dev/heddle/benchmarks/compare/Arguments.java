// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The options of the command line. Without rows, all rows are measured. */
record Arguments(
        Set<Row> rows,
        Effort effort,
        List<Jdk> jdks,
        Optional<Path> out,
        boolean javaOnly,
        boolean strict,
        boolean list,
        boolean help) {

    static final String USAGE = """
            usage: benchmarks/compare [--quick | --short] [--rounds N] [--java-only] [--strict] [--jdk DIR]...
                                      [--out DIR] [ROWS]
                   benchmarks/compare --list | --help
            Measures Heddle beside its peers, in turn, and writes a table and charts. ROWS are numbers, ranges of
            numbers or names, as in: 1-5 skynet 9. All rows are measured if there are none.

              --quick      takes less than five minutes; the figures are rough
              --short      takes about an hour: one variant for each target, peers on the newest JDK only
              --rounds N   how often each peer has its turn (3; 1 with --quick)
              --java-only  leaves out the peers in other languages
              --strict     fails if a measurement fails, or if Heddle has none in a row for want of time
              --jdk DIR    a JDK to measure on, instead of JDK 17 and the newest one installed; can be repeated
              --out DIR    where to write to (benchmarks/target/compare)
              --list       names the rows
            """;

    /** Reads a command line; throws {@link UsageException} if it is wrong. */
    static Arguments parse(List<String> words) {
        Set<Row> rows = EnumSet.noneOf(Row.class);
        List<Jdk> jdks = new ArrayList<>();
        Effort effort = Effort.full();
        Optional<Integer> rounds = Optional.empty();
        Optional<Path> out = Optional.empty();
        boolean javaOnly = false;
        boolean strict = false;
        boolean list = false;
        boolean help = false;
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            switch (word) {
                case "--quick" -> effort = Effort.quick();
                case "--short" -> effort = Effort.brief();
                case "--rounds" -> rounds = Optional.of(positive(word, value(word, rest)));
                case "--java-only" -> javaOnly = true;
                case "--strict" -> strict = true;
                case "--jdk" -> jdks.add(Jdk.at(Path.of(value(word, rest))));
                case "--out" -> out = Optional.of(Path.of(value(word, rest)));
                case "--list" -> list = true;
                case "--help", "-h" -> help = true;
                default -> rows.addAll(rows(word));
            }
        }
        return new Arguments(
                rows.isEmpty() ? EnumSet.allOf(Row.class) : rows,
                rounds.map(effort::withRounds).orElse(effort),
                jdks,
                out,
                javaOnly,
                strict,
                list,
                help);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new UsageException("the option " + option + " needs a value");
        }
        return rest.next();
    }

    private static int positive(String option, String value) {
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new UsageException("the option " + option + " needs a number from 1 to 9999, not " + value);
        }
        return Integer.parseInt(value);
    }

    private static Set<Row> rows(String word) {
        if (word.startsWith("-")) {
            throw new UsageException("there is no option " + word
                    + "; there are --quick, --short, --rounds, --java-only, --strict, --jdk, --out, --list and --help");
        }
        Set<Row> rows = EnumSet.noneOf(Row.class);
        for (String part : word.split(",", -1)) {
            String[] ends = part.matches("\\d+-\\d+") ? part.split("-") : new String[] {part, part};
            Row first = row(ends[0]);
            Row last = row(ends[1]);
            if (first.compareTo(last) > 0) {
                throw new UsageException("the range " + part + " is empty: its first row comes after its last");
            }
            rows.addAll(EnumSet.range(first, last));
        }
        return rows;
    }

    private static Row row(String name) {
        return Row.of(name).orElseThrow(() -> {
            String names = Arrays.stream(Row.values())
                    .map(row -> row.number() + " " + row.key())
                    .collect(Collectors.joining(", "));
            return new UsageException("there is no row " + name + "; there are " + names);
        });
    }
}
