// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of a new process, for {@link Subprocess#exec(SubprocessOptions, String...)}. The redirects are those of {@link ProcessBuilder}: {@link
 * Redirect#PIPE} makes a stream of the {@link Subprocess}, {@link Redirect#INHERIT} uses the stream of this program, {@link Redirect#DISCARD} the null
 * device, and {@link Redirect#from}, {@link Redirect#to} and {@link Redirect#appendTo} a file. In asyncio, streams are inherited by default; here they are
 * pipes.
 *
 * @param directory the directory in which the process runs, or null for that of this program
 * @param environment all environment variables of the process, or null for those of this program
 * @param stdin where the standard input comes from
 * @param stdout where the standard output goes to
 * @param stderr where the standard error goes to, unless it is merged
 * @param mergeErrors whether the standard error goes to where the standard output goes. Corresponds to {@code stderr=STDOUT}
 * @param limit the most bytes of a line, or before a separator, in the streams of the process
 */
public record SubprocessOptions(
        @Nullable Path directory,
        @Nullable Map<String, String> environment,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        boolean mergeErrors,
        int limit) {

    /** Three pipes, lines of up to 64 KiB, and otherwise what this program has. */
    public static final SubprocessOptions DEFAULT =
            new SubprocessOptions(null, null, Redirect.PIPE, Redirect.PIPE, Redirect.PIPE, false, 64 * 1024);

    private static final boolean WINDOWS = File.separatorChar == '\\';

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if a redirect has the wrong direction, the limit is not positive, or a variable cannot have its name
     */
    public SubprocessOptions {
        stdin = Objects.requireNonNull(stdin, "stdin").equals(Redirect.DISCARD) ? nothing() : stdin;
        ProcessBuilder check = new ProcessBuilder()
                .redirectInput(stdin)
                .redirectOutput(Objects.requireNonNull(stdout, "stdout"))
                .redirectError(Objects.requireNonNull(stderr, "stderr"));
        if (environment != null) {
            check.environment().putAll(environment);
            environment = Map.copyOf(environment);
        }
        if (limit <= 0) {
            throw new IllegalArgumentException("the limit of lines must be positive, not " + limit);
        }
    }

    private static Redirect nothing() {
        return Redirect.from(new File(WINDOWS ? "NUL" : "/dev/null"));
    }

    /** Returns these options with the directory {@code directory}. */
    public SubprocessOptions withDirectory(Path directory) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }

    /** Returns these options with the variables {@code environment}, and no others. */
    public SubprocessOptions withEnvironment(Map<String, String> environment) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }

    /** Returns these options with one more variable. */
    public SubprocessOptions withVariable(String name, String value) {
        Map<String, String> more = new HashMap<>(environment == null ? System.getenv() : environment);
        more.put(name, value);
        return withEnvironment(more);
    }

    /** Returns these options with the standard input from {@code stdin}. */
    public SubprocessOptions withStdin(Redirect stdin) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }

    /** Returns these options with the standard output to {@code stdout}. */
    public SubprocessOptions withStdout(Redirect stdout) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }

    /** Returns these options with the standard error to {@code stderr}. */
    public SubprocessOptions withStderr(Redirect stderr) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }

    /** Returns these options with the standard error to where the standard output goes. */
    public SubprocessOptions withMergedErrors() {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, true, limit);
    }

    /** Returns these options with lines of up to {@code limit} bytes. */
    public SubprocessOptions withLimit(int limit) {
        return new SubprocessOptions(directory, environment, stdin, stdout, stderr, mergeErrors, limit);
    }
}
