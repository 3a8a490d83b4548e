// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.Arrays;
import java.util.Optional;

/**
 * One measured value. A program prints it as {@code row variant value unit}, four words on a line, or with the peer as a
 * fifth if it measures several; its other output is for people.
 */
record Line(Row row, String variant, double value, String unit, Optional<String> peer) {

    /** The unit of the memory that an operation allocates, which is recorded beside its time. */
    static final String ALLOCATION = "B/op";

    /** The variant of a row with only one. */
    static final String ONLY = "-";

    Line(Row row, String variant, double value, String unit) {
        this(row, variant, value, unit, Optional.empty());
    }

    /** The line as a program prints it. */
    String text() {
        return String.join(" ", Integer.toString(row.number()), variant, Double.toString(value), unit)
                + peer.map(name -> " " + name).orElse("");
    }

    /** The value in the line, if there is one. */
    static Optional<Line> parse(String text) {
        String[] words = text.strip().split("\\s+", -1);
        if (words.length != 4 && words.length != 5) {
            return Optional.empty();
        }
        try {
            double value = Double.parseDouble(words[2]);
            return Row.of(words[0])
                    .filter(row -> words[0].equals(Integer.toString(row.number())) && Double.isFinite(value))
                    .map(row -> new Line(
                            row,
                            words[1],
                            value,
                            words[3],
                            Arrays.stream(words).skip(4).findFirst()));
        } catch (NumberFormatException notAValue) {
            return Optional.empty();
        }
    }
}
