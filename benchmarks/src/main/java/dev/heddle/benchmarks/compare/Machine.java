// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Describes the machine, as far as it is known. */
final class Machine {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path SYSTEM = Path.of("/etc/os-release");
    private static final Path LOAD = Path.of("/proc/loadavg");

    private Machine() {}

    /** Processor, cores, memory and operating system. */
    static String describe() {
        String processor = field(PROCESSORS, "model name").orElse(System.getProperty("os.arch", "unknown processor"));
        String memory = field(MEMORY, "MemTotal")
                .map(text -> Double.parseDouble(text.replaceAll("\\D", "")) / (1 << 20))
                .map(gigabytes -> String.format(Locale.ROOT, ", %.0f GB", gigabytes))
                .orElse("");
        String system = field(SYSTEM, "PRETTY_NAME")
                .map(name -> name.replace("\"", "") + ", ")
                .orElse("");
        return processor + ", " + cores() + memory + "; " + system + System.getProperty("os.name") + " "
                + System.getProperty("os.version");
    }

    private static String cores() {
        int available = Runtime.getRuntime().availableProcessors();
        long all = available;
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            all = Math.max(
                    all, lines.filter(line -> line.startsWith("processor")).count());
        } catch (IOException absent) {
            // Only the memory that the JVM may use is known.
        }
        return all + " cores" + (all == available ? "" : ", of which " + available + " may be used");
    }

    /**
     * The average number of runnable processes in the last 1, 5 and 15 minutes; empty if the system does not state it.
     */
    static String load() {
        try (Stream<String> lines = Files.lines(LOAD)) {
            return lines.findFirst()
                    .map(line -> line.replaceFirst("(\\S+ \\S+ \\S+).*", "$1"))
                    .orElse("unknown");
        } catch (IOException absent) {
            return "unknown";
        }
    }

    private static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", "").strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
