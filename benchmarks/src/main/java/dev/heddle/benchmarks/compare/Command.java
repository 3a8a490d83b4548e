// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program to run in a process of its own. */
record Command(List<String> words, Map<String, String> environment, Optional<Path> directory, Duration limit) {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** How long to read on after the process has ended, because a process that it started may still hold its output. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    /** The number of lines that are logged from the start of the output, and from its end. */
    private static final int MOST_LOGGED = 100;

    static Command of(List<String> words) {
        return new Command(words, Map.of(), Optional.empty(), LIMIT);
    }

    /** The same with more words at its end. */
    Command with(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Command(all, environment, directory, limit);
    }

    Command in(Path place) {
        return new Command(words, environment, Optional.of(place), limit);
    }

    Command where(Map<String, String> variables) {
        return new Command(words, variables, directory, limit);
    }

    /** The same, which fails if it takes longer than {@code longest}. */
    Command within(Duration longest) {
        return new Command(words, environment, directory, longest);
    }

    /** Runs the command and returns the values that it prints. All other output goes to the log. */
    List<Line> measure(PrintStream log) throws JobException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        for (String text : run(log)) {
            Line.parse(text).ifPresent(lines::add);
        }
        if (lines.isEmpty()) {
            throw new JobException(words.get(0) + " printed no measured value; the log has its output");
        }
        return lines;
    }

    /**
     * Runs the command and returns its lines on both outputs. Throws if the program does not exist, fails, or takes too
     * long.
     */
    List<String> run(PrintStream log) throws JobException, InterruptedException {
        log.println("$ " + String.join(" ", words));
        Process process = start();
        List<String> printed = Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(() -> read(process, printed), "output of " + words.get(0));
        reader.setDaemon(true);
        // When this program is interrupted, its process is ended too.
        try (EndingHook interrupted = new EndingHook(() -> destroy(process))) {
            reader.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                destroy(process);
                throw new JobException(words.get(0) + " did not end within " + limit.toSeconds() + " s");
            }
        } finally {
            reader.join(AFTERWARDS.toMillis());
            log(List.copyOf(printed), log);
        }
        if (process.exitValue() != 0) {
            String last = printed.isEmpty() ? "nothing" : printed.get(printed.size() - 1);
            throw new JobException(words.get(0) + " ended with " + process.exitValue() + "; it printed last: " + last);
        }
        return List.copyOf(printed);
    }

    private Process start() throws JobException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        directory.ifPresent(place -> builder.directory(place.toFile()));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException absent) {
            throw new JobException(words.get(0) + " cannot be run: " + absent.getMessage());
        }
    }

    private static void read(Process process, List<String> printed) {
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(printed::add);
        } catch (IOException | UncheckedIOException destroyed) {
            printed.add("(its output could not be read any further: " + destroyed.getMessage() + ")");
        }
    }

    /** Ends a process and its descendants. */
    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void log(List<String> printed, PrintStream log) {
        int left = Math.max(0, printed.size() - 2 * MOST_LOGGED);
        if (left == 0) {
            printed.forEach(log::println);
            return;
        }
        printed.subList(0, MOST_LOGGED).forEach(log::println);
        log.println("(" + left + " lines)");
        printed.subList(printed.size() - MOST_LOGGED, printed.size()).forEach(log::println);
    }
}
