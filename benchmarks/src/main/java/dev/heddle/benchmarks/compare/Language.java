// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A peer in another language that this machine can run: its name, its version, its rows, and its program. */
record Language(String name, String version, Set<Row> rows, Command program) {

    /** The job of a row, if the language has that row. */
    List<Job> jobs(Row row, Effort effort, PrintStream log) {
        if (!rows.contains(row)) {
            return List.of();
        }
        Command command =
                new Command(words(row, effort.word()), program.environment(), program.directory(), program.limit());
        return List.of(new Job(
                row, Line.ONLY, name, Jdk.NONE, Urgency.FIRST, expected(row, effort), () -> command.measure(log)));
    }

    /** The words of the command, with the row and the effort in the places of their marks. */
    List<String> words(Row row, String effort) {
        List<String> words = new ArrayList<>();
        for (String word : program.words()) {
            switch (word) {
                case Languages.ROW -> words.add(Integer.toString(row.number()));
                case Languages.EFFORT -> words.add(effort);
                default -> words.add(word);
            }
        }
        return words;
    }

    private static Duration expected(Row row, Effort effort) {
        if (row == Row.DEMO) {
            return Duration.ofSeconds(25);
        }
        return Duration.ofSeconds(effort.rough() ? 3 : 10);
    }
}
