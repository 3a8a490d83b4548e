// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.nio.file.Path;
import java.util.List;

/** Weaving at build time for tools that do it in their own JVM, such as the Maven plugin. Several threads may use it at once. */
public final class BuildTimeWeaving {

    /** Receives the messages about classes, a line each. */
    public interface Messages {

        /** Receives the summary of a directory or jar. */
        void info(String message);

        /** Receives a problem of a class that is woven all the same. */
        void warn(String message);

        /** Receives a reason for which a class is not woven. */
        void error(String message);
    }

    /** The result for all paths. */
    public enum Outcome {
        /** All classes are woven. */
        DONE,
        /** Some classes cannot be woven, and stay as compiled. */
        REFUSED,
        /** A path cannot be read or written, or has a class file that is not valid. */
        FAILED
    }

    private BuildTimeWeaving() {}

    /** Weaves the class files in directories and jars in place. Classes that are woven already stay as they are. */
    public static Outcome weave(List<Path> paths, Messages messages) {
        return run(false, paths, messages);
    }

    /** Reports the classes that cannot be woven, and writes nothing. */
    public static Outcome check(List<Path> paths, Messages messages) {
        return run(true, paths, messages);
    }

    private static Outcome run(boolean check, List<Path> paths, Messages messages) {
        WeaveOptions options = new WeaveOptions(null, check, List.copyOf(paths));
        return switch (new WeaveCommand(options, new AgentLog(AgentOptions.Level.ERROR, messages)).run()) {
            case Main.DONE -> Outcome.DONE;
            case Main.REFUSED -> Outcome.REFUSED;
            default -> Outcome.FAILED;
        };
    }
}
