package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs jobs, round after round, and files what they measure. */
final class Session {

    private final Effort effort;
    private final Results results;
    private final Progress progress;
    private final List<Job> jobs;
    /** Set by the shutdown hook, and read by the thread that measures. */
    private volatile boolean stopped;

    /**
     * {@code round} has every peer's job once, those that are compared next to each other; {@code start} is when the
     * program began, by {@link System#nanoTime}.
     */
    Session(Effort effort, List<Job> round, Results results, PrintStream err, long start) {
        this.effort = effort;
        this.results = results;
        this.jobs = new ArrayList<>();
        for (int i = 0; i < effort.rounds(); i++) {
            jobs.addAll(round);
        }
        if (effort.rough()) {
            jobs.sort(Comparator.comparingInt(Job::urgency));
        }
        this.progress = new Progress(err, jobs, start);
    }

    /** Begins no other job. */
    void stop() {
        stopped = true;
    }

    /** Does all the jobs, or as many as there is time for. */
    void run() throws InterruptedException {
        int late = 0;
        for (Job job : jobs) {
            if (stopped) {
                return;
            }
            if (progress.elapsedAfter(job).compareTo(effort.limit()) > 0) {
                late++;
                continue;
            }
            progress.begins(job);
            try {
                results.add(job.platform(), job.peer(), job.measurement().measure());
            } catch (JobException failure) {
                if (stopped) {
                    return; // what ends this program has ended the job's process too
                }
                progress.warns(failure.reason());
                results.note(job.describe() + " failed: " + failure.reason());
            }
        }
        if (late > 0) {
            results.note(late + " of " + jobs.size() + " measurements, for which a quick run of "
                    + effort.limit().toSeconds() + " s has no time");
        }
    }
}
