// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The subject of one line of the table: a row and one of its variants. A variant is a list of words with commas
 * between, most of them {@code parameter=value}.
 */
record Case(Row row, String variant) implements Comparable<Case> {

    /** Matches between a digit and another character. */
    private static final String RUNS = "(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)";

    private static final Comparator<Case> ORDER =
            Comparator.comparing(Case::row).thenComparing(Case::variant, Case::compareNaturally);

    /** The words of the variant. */
    List<String> words() {
        return variant.equals(Line.ONLY) ? List.of() : List.of(variant.split(","));
    }

    /** Whether the variant has all these words. */
    boolean matches(List<String> where) {
        return words().containsAll(where);
    }

    /** This case with other values for the parameters that {@code where} names. */
    Case with(List<String> where) {
        Map<String, String> words = new LinkedHashMap<>();
        words().forEach(word -> words.put(name(word), word));
        where.forEach(word -> words.put(name(word), word));
        return new Case(row, words.isEmpty() ? Line.ONLY : String.join(",", words.values()));
    }

    /** The name for people. */
    String label() {
        return Arrays.stream(variant.split(","))
                .filter(word -> !word.equals(Line.ONLY))
                .map(word -> word.replace('=', ' '))
                .collect(Collectors.joining(", "));
    }

    @Override
    public int compareTo(Case other) {
        return ORDER.compare(this, other);
    }

    private static String name(String word) {
        return word.split("=", 2)[0];
    }

    /** Compares runs of digits as numbers. */
    private static int compareNaturally(String a, String b) {
        String[] left = a.split(RUNS, -1);
        String[] right = b.split(RUNS, -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean numbers = left[i].matches("\\d{1,18}") && right[i].matches("\\d{1,18}");
            int order = numbers
                    ? Long.compare(Long.parseLong(left[i]), Long.parseLong(right[i]))
                    : left[i].compareTo(right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }
}
