// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.math.BigDecimal;
import java.util.Locale;

/** Formats numbers with a suitable number of digits. */
final class Figures {

    private Figures() {}

    /** Three significant digits. */
    static String of(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return size < 0.005 ? "0" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** The median, and the range if there is one. */
    static String of(Spread spread) {
        String range = of(spread.min()) + ".." + of(spread.max());
        return spread.min() == spread.max() ? of(spread.median()) : of(spread.median()) + " (" + range + ")";
    }

    /** All its digits and no more. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
