package dev.heddle.benchmarks.compare;

import java.time.Duration;
import java.util.List;

/**
 * One turn of one peer. {@code urgency} orders a rough run, in which the last jobs may not get their turn: the lowest
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

    /** What does the job. */
    @FunctionalInterface
    interface Measurement {

        /** Runs it once; throws {@link JobException} if it cannot be done, which is no reason to stop. */
        List<Line> measure() throws JobException, InterruptedException;
    }

    /** How the progress names it. */
    String describe() {
        String where = platform.equals(Jdk.NONE) ? "" : ", " + platform;
        String what = new Case(row, variant).label();
        return "row " + row.number() + " " + row.key() + (what.isEmpty() ? "" : " (" + what + ")") + ": " + peer
                + where;
    }
}
