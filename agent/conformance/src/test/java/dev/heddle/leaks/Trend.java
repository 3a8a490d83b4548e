package dev.heddle.leaks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Samples the live heap and the threads of the JVM during a run. */
final class Trend {

    private static final int SAMPLES = 48;

    /** The number of samples that are needed to show a trend. */
    private static final int LEAST_SAMPLES = 12;

    /** The bytes that the virtual machine may keep for itself between the first half of a run and its last quarter. */
    private static final long ELSEWHERE = 1_000_000;

    /** The number of threads by which the size of a pool may vary. */
    private static final int POOL_THREADS = 8;

    private final double seconds;
    private final Path file;
    private final List<String> lines = new ArrayList<>(List.of("seconds,rounds,live_bytes,threads"));
    private final List<Long> heap = new ArrayList<>();
    private final List<Integer> threads = new ArrayList<>();
    private long rounds;

    /** Samples a run of {@code seconds} seconds. The samples are also written to a file in the build directory. */
    Trend(double seconds, String fileName) {
        this.seconds = seconds;
        this.file =
                Path.of(System.getProperty("heddle.agent.jar", "target/agent")).resolveSibling(fileName);
    }

    /** Whether the run can end at the time {@code now}. */
    boolean isOver(double now) {
        return now >= seconds && heap.size() >= LEAST_SAMPLES;
    }

    /** Takes a sample after a round has ended and nothing runs. {@code now} is the time in seconds since the beginning. */
    void quiet(double now) throws IOException {
        rounds++;
        if (now < seconds * heap.size() / SAMPLES) {
            return;
        }
        heap.add(Heap.live());
        threads.add(Thread.getAllStackTraces().size());
        int last = heap.size() - 1;
        lines.add(Math.round(now) + "," + rounds + "," + heap.get(last) + "," + threads.get(last));
        Files.createDirectories(file.getParent());
        Files.write(file, lines);
    }

    /** Asserts that neither heap nor threads have grown since the first half. The beginning of that half does not count. */
    void assertNone() {
        int size = heap.size();
        long before = Collections.min(heap.subList(size / 8, size / 2));
        long after = Collections.min(heap.subList(size * 3 / 4, size));
        assertTrue(after - before < ELSEWHERE, () -> "the live heap grows: " + lines);
        int most = Collections.max(threads.subList(size / 8, size / 2));
        assertTrue(threads.get(size - 1) <= most + POOL_THREADS, () -> "threads are left: " + lines);
    }
}
