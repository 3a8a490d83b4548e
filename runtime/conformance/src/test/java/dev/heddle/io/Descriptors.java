package dev.heddle.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The descriptors of this JVM that a program opens through channels and processes: sockets, pipes, and those that a selector has.
 *
 * <p>Files are left out, as the JVM's own threads open some at any time: those that compile read the limits of the memory.
 */
public final class Descriptors {

    private static final Path ALL = Path.of("/proc/self/fd");

    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    private Descriptors() {}

    /** Returns how many sockets, pipes and descriptors of selectors there are; 0 where the system does not tell. */
    public static int count() {
        return count("socket:", "pipe:", "anon_inode:");
    }

    /** Returns how many ends of pipes there are; 0 where the system does not tell. */
    public static int pipes() {
        return count("pipe:");
    }

    /** Returns the count as soon as it is at most {@code most}, or after 30 seconds: what other threads close may take a moment. */
    public static int settle(int most) {
        long start = System.nanoTime();
        int count;
        while ((count = count()) > most && System.nanoTime() - start < PATIENCE) {
            Thread.onSpinWait();
        }
        return count;
    }

    private static int count(String... kinds) {
        if (!Files.isDirectory(ALL)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(ALL)) {
            return (int) all.map(Descriptors::target)
                    .filter(target -> Stream.of(kinds).anyMatch(target::startsWith))
                    .count();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    /** Returns what the descriptor {@code link} is of; empty if it has been closed meanwhile. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
