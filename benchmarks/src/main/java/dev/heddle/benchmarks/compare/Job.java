// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.time.Duration;
import java.util.List;

/**
 * One turn of one peer. {@code urgency} orders a rough run, in which the last jobs may be left out: the lowest number
 * comes first.
 */
record Job(
        Row row,
        String variant,
        String peer,
        String platform,
        int urgency,
        Duration expected,
        Measurement measurement) {

    /** Runs the job. */
    @FunctionalInterface
    interface Measurement {

        /** Runs the job once. Throws {@link JobException} if that is impossible; other jobs go on. */
        List<Line> measure() throws JobException, InterruptedException;
    }

    /** The name of the job in the progress. */
    String describe() {
        String where = platform.equals(Jdk.NONE) ? "" : ", " + platform;
        String what = new Case(row, variant).label();
        return "row " + row.number() + " " + row.key() + (what.isEmpty() ? "" : " (" + what + ")") + ": " + peer
                + where;
    }
}
