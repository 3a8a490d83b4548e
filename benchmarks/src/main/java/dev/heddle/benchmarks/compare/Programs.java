// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.File;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Creates jobs for the rows that are whole Java programs. */
final class Programs {

    /** The flags of each program, as the report states them. */
    static final String FLAGS =
            "live bytes of a million sleepers: `-XX:+UseSerialGC -Xmx2g`, with which they are exact; other sleepers: "
                    + "`-XX:+UseG1GC -Xms2g -Xmx2g`; servers of row 13: `" + String.join(" ", EchoJobs.FLAGS)
                    + "`; all others: none. The agent is there in all";

    private static final String PACKAGE = "dev.heddle.benchmarks.";
    private static final List<String> EXACT = List.of("-XX:+UseSerialGC", "-Xmx2g");
    private static final List<String> TWO_GIGABYTES = List.of("-XX:+UseG1GC", "-Xms2g", "-Xmx2g");
    private static final int SHORT_SLEEP = 2;

    private final Layout layout;
    private final Effort effort;
    private final PrintStream log;

    Programs(Layout layout, Effort effort, PrintStream log) {
        this.layout = layout;
        this.effort = effort;
        this.log = log;
    }

    /** The jobs of one round. */
    List<Job> jobs(Row row, List<Jdk> jdks) {
        List<Job> jobs = new ArrayList<>();
        for (Jdk jdk : jdks) {
            boolean newest = jdk.equals(jdks.get(jdks.size() - 1));
            int urgency = newest ? Urgency.FIRST : Urgency.OLDER_JDK;
            switch (row) {
                case SLEEPERS -> sleepers(jobs, jdk, urgency);
                case START -> jobs.add(start(jdk, urgency));
                case DEMO -> {
                    jobs.add(demo(jdk, urgency, "first", 2));
                    jobs.add(demo(jdk, urgency, "all", 4));
                }
                default -> {}
            }
        }
        return jobs;
    }

    private void sleepers(List<Job> jobs, Jdk jdk, int urgency) {
        int sleep = effort.rough() ? SHORT_SLEEP : 10;
        jobs.add(sleepers(jdk, urgency, EXACT, 5, "bytes", "1000000"));
        jobs.add(sleepers(jdk, urgency, TWO_GIGABYTES, sleep + 3, "wake", "1000000", Integer.toString(sleep)));
        if (!effort.rough()) {
            jobs.add(sleepers(jdk, urgency, TWO_GIGABYTES, 60, "bytes", "10000000"));
            jobs.add(sleepers(jdk, urgency, TWO_GIGABYTES, 40, "wake", "10000000", Integer.toString(sleep)));
        }
    }

    private Job sleepers(Jdk jdk, int urgency, List<String> flags, int seconds, String... arguments) {
        String variant = arguments[1].replace("000000", "M,") + arguments[0];
        Command command = java(jdk, flags, System.getProperty("java.class.path"), "Sleepers")
                .with(arguments);
        return job(Row.SLEEPERS, variant, jdk, urgency, seconds, command);
    }

    private Job start(Jdk jdk, int urgency) {
        int runs = effort.rough() ? 3 : 21;
        // The program itself has no agent: it starts JVMs with the agent and without.
        Command command = Command.of(List.of(
                jdk.java(),
                "-cp",
                System.getProperty("java.class.path"),
                PACKAGE + "StartUp",
                layout.agent().toString(),
                Integer.toString(runs)));
        return job(Row.START, Line.ONLY, jdk, urgency, runs * 2, command);
    }

    private Job demo(Jdk jdk, int urgency, String variant, int seconds) {
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + layout.samples();
        return job(
                Row.DEMO,
                variant,
                jdk,
                urgency,
                seconds,
                java(jdk, List.of(), classPath, "NotesDemo").with(variant));
    }

    private Command java(Jdk jdk, List<String> flags, String classPath, String program) {
        List<String> words = new ArrayList<>(List.of(jdk.java(), "-javaagent:" + layout.agent()));
        words.addAll(flags);
        words.addAll(List.of("-cp", classPath, PACKAGE + program));
        return Command.of(words);
    }

    private Job job(Row row, String variant, Jdk jdk, int urgency, int seconds, Command command) {
        return new Job(
                row,
                variant,
                row.subject(),
                jdk.label(),
                urgency,
                Duration.ofSeconds(seconds),
                () -> command.measure(log));
    }
}
