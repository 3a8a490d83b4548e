package dev.heddle.net;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of the system that tests talk to. */
final class Installed {

    private Installed() {}

    /** Skips the test if {@code program} is not in a directory of {@code PATH}. */
    static void assume(String program) {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
        Assumptions.assumeTrue(found, () -> program + " is not installed");
    }
}
