// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.Collection;

/** The median of some values, the smallest and the largest. */
record Spread(double median, double min, double max) {

    /** The spread of {@code values}, of which there is at least one. */
    static Spread of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values, where a spread needs one");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The spread in multiples of {@code unit}. */
    Spread dividedBy(double unit) {
        return new Spread(median / unit, min / unit, max / unit);
    }
}
