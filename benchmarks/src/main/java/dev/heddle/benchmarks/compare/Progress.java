// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Shows what is being measured, and an estimate of the remaining time from the times of the jobs so far. */
final class Progress {

    private final PrintStream err;
    private final int jobs;
    private final Duration expected;
    private final long start;
    private final long begin = System.nanoTime();
    private Duration done = Duration.ZERO;
    private int number;

    /** Starts now; {@code start} is the time at which the program began, by {@link System#nanoTime}. */
    Progress(PrintStream err, List<Job> jobs, long start) {
        this.start = start;
        this.err = err;
        this.jobs = jobs.size();
        this.expected = jobs.stream().map(Job::expected).reduce(Duration.ZERO, Duration::plus);
    }

    /** Shows that another job begins. */
    void begins(Job job) {
        number++;
        err.printf("[%d of %d, about %s left] %s%n", number, jobs, words(remaining()), job.describe());
        done = done.plus(job.expected());
    }

    /** Shows a problem that does not end the run. */
    void warns(String text) {
        err.println("  " + text);
    }

    /** The estimated time from the start of the program to the end of another job. */
    Duration elapsedAfter(Job job) {
        return Duration.ofNanos(System.nanoTime() - start)
                .plusMillis(Math.round(job.expected().toMillis() * pace()));
    }

    private Duration remaining() {
        double rest = expected.minus(done).toMillis();
        return Duration.ofMillis(Math.round(rest * pace()));
    }

    /** The ratio of the time that the jobs took to the expected time. */
    private double pace() {
        return done.isZero() ? 1 : (System.nanoTime() - begin) / 1e6 / done.toMillis();
    }

    private static String words(Duration time) {
        long seconds = Math.max(1, time.toSeconds());
        if (seconds < 90) {
            return seconds + " s";
        }
        return seconds < 5400 ? (seconds + 30) / 60 + " min" : String.format("%.1f h", seconds / 3600.0);
    }
}
