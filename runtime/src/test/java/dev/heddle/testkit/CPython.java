package dev.heddle.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A CPython on this machine. */
public record CPython(Path executable, int minor, int micro) {

    /** Before 3.12, the combinators took a different number of turns, which Heddle does not follow. */
    public static final int OLDEST_MINOR = 12;

    private static final Pattern NAME = Pattern.compile("python(3([.](\\d+))?)?");
    private static final Pattern VERSION = Pattern.compile("cpython 3 (\\d+) (\\d+)\\s*");
    private static final String PRINT_VERSION = "import sys; print(sys.implementation.name, *sys.version_info[:3])";

    /** The places of installations that may not be on the path. A star stands for any name. */
    private static final List<String> PLACES = List.of(
            "~/.pyenv/versions/*/bin",
            "~/.local/bin",
            "~/.local/share/uv/python/*/bin",
            "~/*conda*/bin",
            "~/*conda*/envs/*/bin",
            "/usr/bin",
            "/usr/local/bin",
            "/usr/local/*/bin",
            "/opt/*/bin",
            "/opt/*/*/bin",
            "/opt/hostedtoolcache/Python/*/*/bin",
            "/Library/Frameworks/Python.framework/Versions/*/bin");

    /** Returns the newest CPython from 3.12 on, found on the path or in the usual places of installations. */
    public static Optional<CPython> newest() {
        return Newest.FOUND;
    }

    /** Searches once. */
    private static final class Newest {
        static final Optional<CPython> FOUND = executables().stream()
                .flatMap(executable -> probe(executable).stream())
                .filter(found -> found.minor >= OLDEST_MINOR)
                .max(Comparator.comparingInt(CPython::minor).thenComparingInt(CPython::micro));
    }

    private static Collection<Path> executables() {
        Set<Path> found = new LinkedHashSet<>();
        Stream<Path> path = Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of);
        Stream<Path> places = PLACES.stream().flatMap(CPython::directories);
        Stream.concat(path, places).flatMap(CPython::children).forEach(file -> {
            if (mayBeRecent(file) && Files.isExecutable(file)) {
                Path real = real(file);
                if (mayBeRecent(real)) {
                    found.add(real);
                }
            }
        });
        return found;
    }

    private static Stream<Path> directories(String pattern) {
        List<Path> directories = new ArrayList<>();
        String absolute = pattern.replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home")));
        directories.add(Path.of("/"));
        for (String part : absolute.substring(1).split("/")) {
            Pattern name = Pattern.compile(part.replace(".", "[.]").replace("*", ".*"));
            directories = directories.stream()
                    .flatMap(directory -> part.contains("*")
                            ? children(directory).filter(child -> matches(name, child))
                            : Stream.of(directory.resolve(part)))
                    .filter(Files::isDirectory)
                    .toList();
        }
        return directories.stream();
    }

    private static boolean matches(Pattern pattern, Path file) {
        return pattern.matcher(file.getFileName().toString()).matches();
    }

    private static Stream<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList().stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException broken) {
            return file;
        }
    }

    private static boolean mayBeRecent(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && (name.group(3) == null || Integer.parseInt(name.group(3)) >= OLDEST_MINOR);
    }

    private static Optional<CPython> probe(Path executable) {
        try {
            Matcher version = VERSION.matcher(output(List.of(executable.toString(), "-c", PRINT_VERSION), null));
            return version.matches()
                    ? Optional.of(new CPython(
                            executable, Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))))
                    : Optional.empty();
        } catch (IOException notRunnable) {
            return Optional.empty();
        }
    }

    /**
     * Runs {@code script} in its directory, and returns its output.
     *
     * @throws AssertionError if it fails; the message has its error output
     */
    public String run(Path script, Collection<String> arguments) {
        Path file = script.toAbsolutePath();
        List<String> command = new ArrayList<>(List.of(executable.toString(), "-B", file.toString()));
        command.addAll(arguments);
        try {
            return output(command, file.getParent().toFile());
        } catch (IOException failure) {
            throw new AssertionError("could not run " + command, failure);
        }
    }

    private static String output(List<String> command, @Nullable File directory) throws IOException {
        Path output = Files.createTempFile("python", ".out");
        Path errors = Files.createTempFile("python", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("no end after two minutes of " + command);
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + ": " + Files.readString(errors));
            }
            return Files.readString(output);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    @Override
    public String toString() {
        return "CPython 3." + minor + "." + micro + " (" + executable + ")";
    }
}
