package dev.heddle.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program to run in a process of its own. */
record Command(List<String> words, Map<String, String> environment, Optional<Path> directory) {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    static Command of(List<String> words) {
        return new Command(words, Map.of(), Optional.empty());
    }

    /** The same with more words at its end. */
    Command with(String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Command(all, environment, directory);
    }

    Command in(Path place) {
        return new Command(words, environment, Optional.of(place));
    }

    Command where(Map<String, String> variables) {
        return new Command(words, variables, directory);
    }

    /** Runs it and returns the values that it prints; both its outputs go to the log, but for those lines. */
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

    /** Runs it and returns the lines it prints on both outputs; throws if there is no such program or it fails. */
    List<String> run(PrintStream log) throws JobException, InterruptedException {
        log.println("$ " + String.join(" ", words));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        directory.ifPresent(place -> builder.directory(place.toFile()));
        List<String> printed = new ArrayList<>();
        Process process;
        try {
            process = builder.start();
        } catch (IOException absent) {
            throw new JobException(words.get(0) + " cannot be run: " + absent.getMessage());
        }
        // When this program is interrupted, so is what it has started.
        Thread ending = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ending);
        try (BufferedReader reader = process.inputReader()) {
            process.getOutputStream().close();
            reader.lines().forEach(printed::add);
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new JobException(words.get(0) + " did not end within " + LIMIT.toMinutes() + " minutes");
            }
        } catch (IOException broken) {
            throw new JobException(words.get(0) + " cannot be read from: " + broken.getMessage());
        } finally {
            Runtime.getRuntime().removeShutdownHook(ending);
            printed.stream().limit(200).forEach(log::println);
        }
        if (process.exitValue() != 0) {
            String last = printed.isEmpty() ? "nothing" : printed.get(printed.size() - 1);
            throw new JobException(words.get(0) + " ended with " + process.exitValue() + "; it printed last: " + last);
        }
        return printed;
    }
}
