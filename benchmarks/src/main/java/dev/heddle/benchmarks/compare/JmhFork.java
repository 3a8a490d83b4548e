// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benchmarks in JVMs of their own. */
final class JmhFork {

    /**
     * Makes the JVM touch its heap when it starts, which takes a second for each half gigabyte. The first touch of a
     * page during a measurement would cost more than the code to be measured.
     */
    private static final String TOUCH = "-XX:+AlwaysPreTouch";

    /** The flags of every peer of a row: the same heap and collector. */
    static final List<String> FLAGS = List.of("-Xms512m", "-Xmx512m", "-Xmn256m", TOUCH, "-XX:+UseG1GC");

    private static final List<String> LARGE_FLAGS = List.of("-Xms2g", "-Xmx2g", TOUCH, "-XX:+UseG1GC");

    /** The flags of a quick run, which has no time to touch so much memory. */
    private static final List<String> ROUGH_LARGE_FLAGS = List.of("-Xms2g", "-Xmx2g", "-XX:+UseG1GC");

    private static final Set<Row> LARGE = EnumSet.of(Row.MANY, Row.SKYNET, Row.TIMERS, Row.WORKERS);

    /** The flags that give virtual threads one carrier. */
    static final List<String> ONE_CARRIER =
            List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");

    /** The property that lets JMH run beside another JMH. The report states the load of the machine instead. */
    static final String IGNORE_LOCK = "jmh.ignoreLock";

    private static final int FIRST_THAT_WARNS_OF_UNSAFE = 23;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Layout layout;
    private final Effort effort;
    private final PrintStream log;

    /** Creates a runner. The output of JMH goes to {@code log}. */
    JmhFork(Layout layout, Effort effort, PrintStream log) {
        this.layout = layout;
        this.effort = effort;
        this.log = log;
    }

    /** Measures one case. Returns the time and the allocation of every measured iteration. */
    List<Line> run(JmhRows.Turn turn, Jdk jdk) throws JobException {
        ChainedOptionsBuilder options = options(turn.benchmark(), turn.subject(), effort)
                .forks(1)
                .warmupForks(0)
                .jvm(jdk.java())
                .jvmArgs(flags(turn, jdk).toArray(String[]::new));
        try {
            List<Line> lines = lines(
                    turn.subject(),
                    new Runner(options.build(), OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
                            .run());
            if (lines.isEmpty()) {
                throw new JobException("JMH measured nothing; its log says why");
            }
            return lines;
        } catch (RunnerException failure) {
            String reason = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
            throw new JobException("JMH says: " + reason + "; the log has its output");
        }
    }

    /** Measures the cases of one peer in a row one after the other in the same JVM. */
    List<Line> runTogether(List<JmhRows.Turn> turns, Jdk jdk) throws JobException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(jdk.java()));
        words.addAll(flags(turns.get(0), jdk));
        words.add("-D" + IGNORE_LOCK + "=true");
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), SharedFork.class.getName()));
        words.addAll(SharedFork.arguments(turns));
        return Command.of(words).measure(log);
    }

    /** The options of JMH for a case, in whichever JVM it is measured. */
    static ChainedOptionsBuilder options(String benchmark, Case subject, Effort effort) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark) + "$")
                .warmupIterations(effort.warmups())
                .warmupTime(TimeValue.milliseconds(effort.warmup().toMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iteration().toMillis()))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
        for (String word : subject.words()) {
            String[] parameter = word.split("=", 2);
            if (parameter.length == 2) {
                options.param(parameter[0], parameter[1]);
            }
        }
        return options;
    }

    /** The heap and the collector for rows with a million live objects. */
    static List<String> largeFlags(Effort effort) {
        return effort.rough() ? ROUGH_LARGE_FLAGS : LARGE_FLAGS;
    }

    private List<String> flags(JmhRows.Turn turn, Jdk jdk) {
        List<String> flags = new ArrayList<>(LARGE.contains(turn.subject().row()) ? largeFlags(effort) : FLAGS);
        flags.add("-javaagent:" + layout.agent());
        if (turn.peer().equals(Peers.VIRTUAL)) {
            flags.addAll(ONE_CARRIER);
        }
        if (jdk.feature() >= FIRST_THAT_WARNS_OF_UNSAFE) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    /** Converts results to lines. */
    static List<Line> lines(Case subject, Collection<RunResult> runs) {
        List<Line> lines = new ArrayList<>();
        for (RunResult run : runs) {
            for (BenchmarkResult fork : run.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    lines.add(line(subject, iteration.getPrimaryResult().getScore(), "ns"));
                    iteration.getSecondaryResults().forEach((name, other) -> {
                        if (name.endsWith(ALLOCATED)) {
                            lines.add(line(subject, other.getScore(), Line.ALLOCATION));
                        }
                    });
                }
            }
        }
        return lines;
    }

    private static Line line(Case subject, double value, String unit) {
        return new Line(subject.row(), subject.variant(), value, unit);
    }
}
