// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The words before a command that keep a client and a server on different cores: {@code taskset} of util-linux. Without
 * it, or with only one core, there are none, and {@code shortfall} gives the reason.
 */
record Cores(List<String> client, List<String> server, Optional<String> shortfall) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    static Cores find() {
        String allowed = allowed();
        String first = allowed.replaceFirst("\\D.*", "");
        String last = allowed.replaceFirst(".*\\D", "");
        if (first.equals(last)) {
            return none("there is only one core");
        }
        boolean there =
                Stream.of("/usr/bin/taskset", "/bin/taskset").anyMatch(name -> Files.isExecutable(Path.of(name)));
        return there
                ? new Cores(List.of("taskset", "-c", first), List.of("taskset", "-c", last), Optional.empty())
                : none("there is no taskset");
    }

    private static Cores none(String why) {
        return new Cores(List.of(), List.of(), Optional.of(why));
    }

    /** The cores that this process may use, as in 0-3,8. */
    private static String allowed() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException absent) {
            return "";
        }
    }
}
