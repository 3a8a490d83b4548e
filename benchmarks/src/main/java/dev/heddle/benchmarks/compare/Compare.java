// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program that {@code benchmarks/compare} runs. It measures Heddle beside its peers and writes a table and charts.
 * The system property {@code heddle.root} names the directory of the project, and {@code heddle.jdks} the JDKs to
 * measure on, unless the command line names some.
 */
public final class Compare {

    private static final String ROOT = "heddle.root";
    private static final String JDKS = "heddle.jdks";
    private static final String WHERE = "benchmarks/target/compare";

    private final Arguments arguments;
    private final Layout layout;
    private final List<Jdk> jdks;
    private final PrintStream err;
    private final long start = System.nanoTime();
    private final Results results = new Results();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<String> shortfalls = new ArrayList<>();

    private Compare(Arguments arguments, Path root, PrintStream err) {
        this.arguments = arguments;
        this.layout = new Layout(root, arguments.out().orElse(root.resolve(WHERE)));
        this.jdks = (arguments.jdks().isEmpty() ? installed() : arguments.jdks())
                .stream()
                        .sorted(Comparator.comparingInt(Jdk::feature))
                        .distinct()
                        .toList();
        this.err = err;
        requireDistinctVersions();
    }

    /**
     * Refuses two JDKs with the same feature version. Values are filed under the version, so they would become one
     * figure.
     */
    private void requireDistinctVersions() {
        for (int i = 1; i < jdks.size(); i++) {
            Jdk before = jdks.get(i - 1);
            Jdk jdk = jdks.get(i);
            if (jdk.feature() == before.feature()) {
                throw new UsageException(before.home() + " and " + jdk.home() + " are both " + jdk.label()
                        + ", and one of each version is measured; leave one out");
            }
        }
    }

    /** Runs the program. */
    public static void main(String[] args) throws Exception {
        System.exit(run(List.of(args), Path.of(System.getProperty(ROOT, ".")), System.out, System.err));
    }

    /** Runs the command line and returns the exit code. */
    static int run(List<String> args, Path root, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.help()) {
                out.print(Arguments.USAGE);
            } else if (arguments.list()) {
                arguments.rows().forEach(row -> out.println(describe(row)));
            } else {
                Compare compare = new Compare(arguments, root, err);
                out.println(compare.measure("benchmarks/compare " + String.join(" ", args)));
                if (arguments.strict() && !compare.shortfalls.isEmpty()) {
                    compare.shortfalls.forEach(shortfall -> err.println("benchmarks/compare: " + shortfall));
                    return 1;
                }
            }
            return 0;
        } catch (UsageException wrong) {
            err.println("benchmarks/compare: " + wrong.getMessage());
            return 2;
        }
    }

    private static String describe(Row row) {
        return String.format(
                "%2d %-9s %s%s",
                row.number(),
                row.key(),
                row.workload(),
                row.unavailable().map(why -> " (" + why + ")").orElse(""));
    }

    private static List<Jdk> installed() {
        return Arrays.stream(System.getProperty(JDKS, "").split(File.pathSeparator))
                .filter(home -> !home.isEmpty())
                .map(home -> Jdk.at(Path.of(home)))
                .toList();
    }

    private Path measure(String command) throws IOException, InterruptedException {
        if (jdks.isEmpty()) {
            throw new UsageException("no JDK to measure on; --jdk DIR names one");
        }
        if (!Files.isRegularFile(layout.agent())) {
            throw new UsageException("there is no agent at " + layout.agent() + "; build the project first");
        }
        Files.createDirectories(layout.out());
        System.setProperty(JmhFork.IGNORE_LOCK, "true");
        try (PrintStream log = new PrintStream(Files.newOutputStream(layout.log()), true, StandardCharsets.UTF_8)) {
            state(command);
            Report report = new Report(layout, results, jdks, arguments.effort());
            Session session = new Session(arguments.effort(), results, err, start);
            try (EndingHook interrupted = new EndingHook(() -> {
                session.stop();
                report.write(interruptedFacts());
            })) {
                measure(session, log);
            }
            shortfalls.addAll(session.shortfalls());
            facts.put("load at the end", Machine.load());
            return report.write(facts);
        }
    }

    /**
     * Measures all rows. In a rough run peers in other languages come last, because building their programs takes time.
     */
    private void measure(Session session, PrintStream log) throws InterruptedException {
        if (!arguments.effort().rough()) {
            List<Language> languages = languages(log);
            session.run(round(languages, log));
            return;
        }
        session.run(round(List.of(), log));
        if (session.hasTime() || arguments.javaOnly()) {
            session.run(jobs(languages(log), log));
        } else {
            results.note("peers in other languages, for which a quick run had no time");
        }
    }

    private Map<String, String> interruptedFacts() {
        Map<String, String> all = new LinkedHashMap<>(facts);
        all.put("INTERRUPTED", "some measurements are not there");
        return all;
    }

    private List<Job> jobs(List<Language> languages, PrintStream log) {
        return arguments.rows().stream()
                .flatMap(row -> jobs(row, languages, log))
                .toList();
    }

    private Stream<Job> jobs(Row row, List<Language> languages, PrintStream log) {
        if (row == Row.ECHO) {
            return echo(log).ofLanguages(newest(), languages).stream();
        }
        return languages.stream().flatMap(language -> language.jobs(row, arguments.effort(), log).stream());
    }

    private List<Job> round(List<Language> languages, PrintStream log) {
        Effort effort = arguments.effort();
        Programs programs = new Programs(layout, effort, log);
        JmhRows jmh = new JmhRows(new JmhFork(layout, effort, log), effort, Target.all(), log);
        List<Job> round = new ArrayList<>();
        for (Row row : arguments.rows()) {
            row.unavailable().ifPresent(why -> results.note("row " + row.number() + " " + row.key() + ": " + why));
            List<Job> jobs = jmh.jobs(row, jdks);
            if (jobs.isEmpty() && !row.classes().isEmpty()) {
                String absent = "row " + row.number() + " " + row.key() + ": no benchmark called "
                        + String.join(" or ", row.classes());
                results.note(absent);
                shortfalls.add(absent);
            }
            round.addAll(jobs);
            round.addAll(programs.jobs(row, jdks));
            if (row == Row.ECHO) {
                round.addAll(echo(log).jobs(jdks, languages));
            } else {
                jobs(row, languages, log).forEach(round::add);
            }
        }
        return round;
    }

    private EchoJobs echo(PrintStream log) {
        return new EchoJobs(layout, arguments.effort(), log, results::note);
    }

    private Jdk newest() {
        return jdks.get(jdks.size() - 1);
    }

    private List<Language> languages(PrintStream log) throws InterruptedException {
        if (arguments.javaOnly()) {
            results.note("peers in other languages: left out by --java-only");
            return List.of();
        }
        List<Language> languages = new Languages(layout, log, results::note).find();
        languages.forEach(language -> facts.put(language.name(), language.version()));
        return languages;
    }

    private void state(String command) {
        facts.put("command", "`" + command.strip() + "`");
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("machine", Machine.describe());
        facts.put("load at the start (1, 5, 15 minutes)", Machine.load());
        facts.put(
                "JDKs",
                jdks.stream().map(jdk -> jdk.label() + " is " + jdk.version()).collect(Collectors.joining("; ")));
        facts.put("effort", arguments.effort().describe());
        facts.put(
                "flags of the JMH forks",
                "`" + String.join(" ", JmhFork.FLAGS) + " -javaagent:heddle-agent.jar`; rows 4, 7, 12 and 15 `"
                        + String.join(" ", JmhFork.largeFlags(arguments.effort())) + "`; virtual threads `"
                        + String.join(" ", JmhFork.ONE_CARRIER) + "`");
        facts.put("flags of the programs", Programs.FLAGS);
    }
}
