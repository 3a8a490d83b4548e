// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the Pythons of this machine: those on the path, the system's own, and those of pyenv. */
final class Pythons {

    private static final String VERSION =
            "import sys; assert sys.version_info >= (3, 8); print(sys.version.split()[0])";

    private final PrintStream log;
    private final List<Python> found = new ArrayList<>();

    /** A Python and its version, with the version of a library if one was requested. */
    record Python(String path, String version) {}

    Pythons(PrintStream log) throws InterruptedException {
        this.log = log;
        for (String path : candidates()) {
            printed(path, VERSION).ifPresent(version -> found.add(new Python(path, version)));
        }
        found.sort(
                Comparator.comparing(Python::version, Pythons::compareVersions).reversed());
    }

    /** The newest one. */
    Optional<Python> newest() {
        return found.stream().findFirst();
    }

    /** The newest one that can import a library. */
    Optional<Python> newestWith(String library) throws InterruptedException {
        for (Python python : found) {
            Optional<String> version =
                    printed(python.path(), "import " + library + "; print(" + library + ".__version__)");
            if (version.isPresent()) {
                return Optional.of(new Python(python.path(), version.get() + " on CPython " + python.version()));
            }
        }
        return Optional.empty();
    }

    private static List<String> candidates() {
        List<String> paths = new ArrayList<>(List.of("python3", "/usr/bin/python3"));
        for (int minor = 14; minor >= 10; minor--) {
            paths.add("python3." + minor);
        }
        String pyenv = System.getenv("PYENV_ROOT");
        Path versions = (pyenv == null ? Path.of(System.getProperty("user.home"), ".pyenv") : Path.of(pyenv))
                .resolve("versions");
        try (Stream<Path> directories = Files.list(versions)) {
            directories
                    .map(directory -> directory.resolve("bin").resolve("python3"))
                    .filter(Files::isExecutable)
                    .map(Path::toString)
                    .forEach(paths::add);
        } catch (IOException absent) {
            return paths;
        }
        return paths;
    }

    private Optional<String> printed(String path, String program) throws InterruptedException {
        try {
            List<String> lines = Command.of(List.of(path, "-c", program)).run(log);
            return lines.stream().findFirst();
        } catch (JobException notThere) {
            return Optional.empty();
        }
    }

    /** Compares 3.9.1 and 3.10.0 by their numbers. */
    private static int compareVersions(String a, String b) {
        return Arrays.compare(numbers(a), numbers(b));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\D+"))
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
