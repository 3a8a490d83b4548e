// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs jobs in rounds, records their values, and notes the missing ones. */
final class Session {

    private final Effort effort;
    private final Results results;
    private final PrintStream err;
    private final long start;
    private final List<String> shortfalls = new ArrayList<>();
    /** Set by the shutdown hook, and read by the thread that measures. */
    private volatile boolean stopped;

    /** Creates a session; {@code start} is the time at which the program began, by {@link System#nanoTime}. */
    Session(Effort effort, Results results, PrintStream err, long start) {
        this.effort = effort;
        this.results = results;
        this.err = err;
        this.start = start;
    }

    /** Starts no further job. */
    void stop() {
        stopped = true;
    }

    /** Whether there is time for more. */
    boolean hasTime() {
        return !stopped && System.nanoTime() - start < effort.limit().toNanos();
    }

    /** The failed measurements, and those of Heddle on the newest JDK for which there was no time. */
    List<String> shortfalls() {
        return List.copyOf(shortfalls);
    }

    /**
     * Runs all jobs, or as many as the time allows. {@code round} has the job of every peer once, with compared peers
     * next to each other.
     */
    void run(List<Job> round) throws InterruptedException {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < effort.rounds(); i++) {
            jobs.addAll(round);
        }
        if (effort.rough()) {
            jobs.sort(Comparator.comparingInt(Job::urgency));
        }
        Progress progress = new Progress(err, jobs, start);
        int late = 0;
        for (Job job : jobs) {
            if (stopped) {
                return;
            }
            if (progress.elapsedAfter(job).compareTo(effort.limit()) > 0) {
                late++;
                if (job.urgency() == Urgency.FIRST
                        && job.peer().equals(job.row().subject())) {
                    shortfalls.add(job.describe() + " had no time");
                }
                continue;
            }
            progress.begins(job);
            try {
                results.add(job.platform(), job.peer(), job.measurement().measure());
            } catch (JobException failure) {
                if (stopped) {
                    return; // Ctrl-C has ended the job's process too
                }
                progress.warns(failure.reason());
                results.note(job.describe() + " failed: " + failure.reason());
                shortfalls.add(job.describe() + " failed");
            }
        }
        if (late > 0) {
            results.note(late + " of " + jobs.size() + " measurements, for which a quick run of "
                    + effort.limit().toSeconds() + " s has no time");
        }
    }
}
