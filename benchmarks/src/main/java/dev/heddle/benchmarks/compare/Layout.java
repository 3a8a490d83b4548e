package dev.heddle.benchmarks.compare;

import java.nio.file.Path;

/** Where things are in the project's directory, and where the results go. */
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

    /** Where those are made that have to be made. */
    Path scratch() {
        return root.resolve("benchmarks/target/peers").toAbsolutePath().normalize();
    }

    /** What JMH and the programs print. */
    Path log() {
        return out.resolve("log.txt");
    }
}
