// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The slices of a peer, each between two slices of the floor. Other programs and other machines disturb all slices, so
 * only the quieter half of them counts.
 */
final class Slices {

    /** A slice: the cost of a round trip before it, in it, and after it; and the part of it in which threads waited. */
    private record Slice(double before, double cost, double after, double waited) {

        double floor() {
            return (before + after) / 2;
        }

        double ratio() {
            return cost / floor();
        }

        /** How little this slice can be trusted. */
        double noise() {
            return waited + Math.abs(before - after) / floor();
        }
    }

    private final List<Slice> slices = new ArrayList<>();

    void add(double before, double cost, double after, double waited) {
        slices.add(new Slice(before, cost, after, waited));
    }

    /** Medians of the ratios to the floor, of {@code groups} groups of quiet slices in the order of time. */
    List<Double> ratios(int groups) {
        List<Slice> quiet = quiet();
        List<Double> medians = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            List<Slice> group = quiet.subList(i * quiet.size() / groups, (i + 1) * quiet.size() / groups);
            if (!group.isEmpty()) {
                medians.add(median(group.stream().map(Slice::ratio).toList()));
            }
        }
        return medians;
    }

    /** The median of the floor beside quiet slices. */
    double floor() {
        return median(quiet().stream().map(Slice::floor).toList());
    }

    /** The slices whose noise is not above the median of all, in the order of time. */
    private List<Slice> quiet() {
        double limit = median(slices.stream().map(Slice::noise).toList());
        return slices.stream().filter(slice -> slice.noise() <= limit).toList();
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
