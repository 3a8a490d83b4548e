// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a process cannot be started. The JDK has one exception for all reasons, and the number of an error of the system in its text. Therefore the reason is
 * looked for in the file system. May block.
 */
final class StartFailure {

    private StartFailure() {}

    /** Returns what to throw instead of {@code failure}. */
    static IOException explain(IOException failure, List<String> command, SubprocessOptions options) {
        String program = command.get(0);
        Path directory = options.directory();
        if (directory != null && !Files.isDirectory(directory)) {
            return new DirectoryNotFoundException(
                    "cannot start '" + program + "' in the directory " + directory + ", because "
                            + (Files.exists(directory) ? "it is not a directory" : "it does not exist")
                            + "; create it, or choose another one with SubprocessOptions.withDirectory",
                    failure);
        }
        Throwable cause = failure.getCause();
        if (String.valueOf((cause == null ? failure : cause).getMessage()).contains("Too many open files")) {
            return new IOException(
                    "cannot start '" + program + "', because this program has too many open files"
                            + "; allow the process more descriptors, or close connections and files that are not needed",
                    failure);
        }
        if (cause instanceof FileNotFoundException) {
            return new IOException(
                    "cannot start '" + program + "', because the file of a redirect cannot be opened: "
                            + cause.getMessage(),
                    failure);
        }
        String reason = (cause == null ? failure : cause).getMessage();
        try {
            return explain(failure, program, directory, reason);
        } catch (InvalidPathException noPath) {
            return other(failure, program, reason);
        }
    }

    private static IOException explain(
            IOException failure, String program, @Nullable Path directory, @Nullable String reason) {
        boolean searched = program.indexOf('/') < 0 && program.indexOf(File.separatorChar) < 0;
        Path given = directory == null ? Path.of(program) : directory.resolve(program);
        Path found = searched ? search(program) : given;
        if (found == null || !Files.exists(found)) {
            return new ProgramNotFoundException(
                    "cannot start '" + program + "', because there is no such program "
                            + (searched
                                    ? "in the directories of PATH; install it, or give its whole path"
                                    : "at " + given.toAbsolutePath().normalize() + "; check the path")
                            + (program.indexOf(' ') < 0
                                    ? ""
                                    : ". The arguments of a program are strings of their own; Subprocess.shell takes a"
                                            + " whole command line"),
                    failure);
        }
        if (!Files.isExecutable(found) || Files.isDirectory(found)) {
            return new ProgramNotExecutableException(
                    "cannot start '" + program + "', because " + found + " is "
                            + (Files.isDirectory(found)
                                    ? "a directory; give the path of a program"
                                    : "not executable for this user; chmod +x makes it so, or start its interpreter with it"),
                    failure);
        }
        return other(failure, program, reason);
    }

    private static IOException other(IOException failure, String program, @Nullable String reason) {
        return new IOException(
                "cannot start '" + program + "': " + reason
                        + "; a script needs an existing interpreter in its first line, and the system limits processes, open files and the"
                        + " length of commands",
                failure);
    }

    /** Returns the first file of this name in the directories of {@code PATH}, one that is executable if there is any; null if there is none. */
    private static @Nullable Path search(String program) {
        String path = System.getenv("PATH");
        Path found = null;
        for (String each : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
            Path file = Path.of(each, program);
            if (Files.isRegularFile(file)) {
                if (Files.isExecutable(file)) {
                    return file;
                }
                found = found == null ? file : found;
            }
        }
        return found;
    }
}
