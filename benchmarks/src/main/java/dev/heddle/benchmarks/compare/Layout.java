// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.nio.file.Path;

/** The directories of the project, and of the results. */
record Layout(Path root, Path out) {

    Path agent() {
        return root.resolve("agent/target/heddle-agent.jar").toAbsolutePath().normalize();
    }

    Path samples() {
        return root.resolve("samples/target/heddle-samples.jar")
                .toAbsolutePath()
                .normalize();
    }

    /** The programs of the peers in other languages, a directory for each language. */
    Path peers() {
        return root.resolve("benchmarks/peers").toAbsolutePath().normalize();
    }

    /** The directory in which these programs are built. */
    Path scratch() {
        return root.resolve("benchmarks/target/peers").toAbsolutePath().normalize();
    }

    /** The directory for the certificate of the servers of row 13. */
    Path certificate() {
        return root.resolve("benchmarks/target/certificate").toAbsolutePath().normalize();
    }

    /** The file with the output of JMH and of the programs. */
    Path log() {
        return out.resolve("log.txt");
    }
}
