package dev.heddle.benchmarks.compare;

import java.util.Collection;

/** The median of some values, and the least and the greatest of them. */
record Spread(double median, double min, double max) {

    /** The spread of one value at least. */
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
