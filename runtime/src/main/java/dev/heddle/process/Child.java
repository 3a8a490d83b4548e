// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process that is about to start, or has started, with its pipes. A thread starts it while the loop may decide to abandon it, so both hold the lock when
 * they change something.
 */
final class Child implements Callable<Child> {

    final List<String> command;
    final SubprocessOptions options;

    /** Null if that is no pipe. Written by the thread that starts the process. */
    @Nullable
    ChildPipe stdin;

    @Nullable
    ChildPipe stdout;

    @Nullable
    ChildPipe stderr;

    private @Nullable Process process;

    /** Whether the thread has started the process, or has failed to do so. Before that, the pipes must stay open, because a name of a closed one may stand for
     * another file of this program. */
    private boolean attempted;

    private boolean abandoned;

    Child(List<String> command, SubprocessOptions options) {
        this.command = command;
        this.options = options;
    }

    /** Starts the process, and returns this. Blocks. */
    @Override
    public Child call() throws IOException {
        Process started = null;
        try {
            openPipes();
            started = start();
            connect(started);
        } catch (Throwable failure) {
            attempted(started, true);
            throw failure;
        }
        attempted(started, false);
        return this;
    }

    private synchronized void attempted(@Nullable Process started, boolean failed) {
        process = started;
        attempted = true;
        if (abandoned || failed) {
            abandon();
        }
    }

    private void openPipes() throws IOException {
        try {
            stdin = pipeFor(options.stdin());
            stdout = pipeFor(options.stdout());
            stderr = options.mergeErrors() ? null : pipeFor(options.stderr());
        } catch (IOException failure) {
            throw StartFailure.explain(failure, command, options);
        }
    }

    private static @Nullable ChildPipe pipeFor(Redirect redirect) throws IOException {
        return redirect.equals(Redirect.PIPE) ? ChildPipe.open() : null;
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(options.mergeErrors());
        builder.redirectInput(stdin == null ? options.stdin() : stdin.toRead());
        builder.redirectOutput(stdout == null ? options.stdout() : stdout.toWrite());
        builder.redirectError(stderr == null ? options.stderr() : stderr.toWrite());
        if (options.directory() != null) {
            builder.directory(options.directory().toFile());
        }
        Map<String, String> environment = options.environment();
        if (environment != null) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        try {
            SpareDescriptors.require();
            return builder.start();
        } catch (IOException failure) {
            throw StartFailure.explain(failure, command, options);
        }
    }

    private void connect(Process started) throws IOException {
        if (stdin != null) {
            stdin.connect(started.getOutputStream());
        }
        if (stdout != null) {
            stdout.connect(started.getInputStream());
        }
        if (stderr != null) {
            stderr.connect(started.getErrorStream());
        }
    }

    /** Returns the process, which has started. */
    synchronized Process process() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("the process " + command + " has not started");
        }
        return started;
    }

    /**
     * Returns what is completed with the exit code. Where threads copy, the JDK may complete {@link Process#onExit} too late: before it does, it may wait for a
     * stream that such a thread reads, and which children of the process have, too. So another thread waits for the process.
     */
    CompletableFuture<Integer> exit() {
        Process started = process();
        for (ChildPipe pipe : new ChildPipe[] {stdin, stdout, stderr}) {
            if (pipe != null && pipe.isCopied()) {
                return CompletableFuture.supplyAsync(() -> waitFor(started), PipeThreads.POOL);
            }
        }
        return started.onExit().thenApply(Process::exitValue);
    }

    private static int waitFor(Process started) {
        try {
            return started.waitFor();
        } catch (InterruptedException never) {
            throw new IllegalStateException("a thread of the library was interrupted", never);
        }
    }

    /** Kills the process, now or as soon as it has started, and closes the pipes. The JVM reaps it. Idempotent. */
    synchronized void abandon() {
        abandoned = true;
        if (!attempted) {
            return;
        }
        if (process != null) {
            process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the JDK's streams
        }
        for (ChildPipe pipe : new ChildPipe[] {stdin, stdout, stderr}) {
            close(pipe);
        }
    }

    @SuppressWarnings("EmptyCatch") // the descriptor is free all the same
    private static void close(@Nullable ChildPipe pipe) {
        try {
            if (pipe != null) {
                pipe.close();
            }
        } catch (IOException failure) {
            // Nothing was lost: nobody wants the bytes.
        }
    }
}
