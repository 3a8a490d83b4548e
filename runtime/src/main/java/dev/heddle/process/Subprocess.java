// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.internal.loop.LoopAccess;
import dev.heddle.internal.loop.LoopCore;
import dev.heddle.net.Connection;
import dev.heddle.net.ReadStream;
import dev.heddle.net.WriteStream;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A process of the operating system that this program has started. Its standard streams are streams of the loop, unless {@link SubprocessOptions} redirect them.
 *
 * <pre>{@code
 * Subprocess sort = await(Subprocess.exec("sort", "-n"));
 * ProcessResult sorted = await(sort.communicate(numbers));
 * }</pre>
 *
 * <p>A process whose output nobody reads stops when the pipe is full. Use {@link #communicate}, read both streams, or redirect them. A process that has not
 * ended when its loop is closed is killed; its own children are not.
 *
 * <p>On Linux, the pipes need no threads. On other systems, a daemon thread copies for each pipe. It ends when the pipe does: if the process is killed but has left the
 * pipe to a child of its own, when that ends. There, what such a child writes may be lost if the process ends as soon as it has started.
 *
 * <p>Corresponds to {@code asyncio.subprocess.Process}.
 */
public final class Subprocess implements AutoCloseable {

    private static final boolean WINDOWS = File.separatorChar == '\\';

    private final EventLoop loop;
    private final LoopCore core;
    private final OpenProcesses open;
    private final Child child;
    private final Process process;

    /** Completed by a callback of the loop, so that everything about the end happens on its thread. */
    final CompletableFuture<Integer> exited = new CompletableFuture<>();

    /** Done when the process has ended. One for all waits, so that those which are cancelled leave nothing behind. Null if nobody has waited. */
    private @Nullable Future<@Nullable Void> ending;

    private @Nullable PipeOutput inputPipe;
    private @Nullable PipeInput outputPipe;
    private @Nullable PipeInput errorPipe;
    private final @Nullable Connection stdin;
    private final @Nullable Connection stdout;
    private final @Nullable Connection stderr;

    @SuppressWarnings("FutureReturnValueIgnored") // of the callback, which the closed loop of a process refuses
    private Subprocess(EventLoop loop, OpenProcesses open, Child child) throws IOException {
        this.loop = loop;
        this.core = LoopAccess.core(loop);
        this.open = open;
        this.child = child;
        this.process = child.process();
        int limit = child.options.limit();
        if (child.stdin != null) {
            inputPipe = new PipeOutput(loop, child.stdin.pipe.sink(), name("standard input"), this::freeIfOver);
        }
        if (child.stdout != null) {
            outputPipe = new PipeInput(loop, child.stdout.pipe.source(), name("standard output"), this::freeIfOver);
        }
        if (child.stderr != null) {
            errorPipe = new PipeInput(loop, child.stderr.pipe.source(), name("standard error"), this::freeIfOver);
        }
        stdin = inputPipe == null ? null : Connection.over(inputPipe, limit);
        stdout = outputPipe == null ? null : Connection.over(outputPipe, limit);
        stderr = errorPipe == null ? null : Connection.over(errorPipe, limit);
        child.exit().thenAcceptAsync(this::ended, loop);
    }

    // Starting

    /**
     * Starts {@code command}: a program, which is looked for in the directories of {@code PATH} if it contains no slash, and its arguments. No shell interprets
     * them. All three streams are pipes. If this is cancelled, the process is killed. Corresponds to {@code create_subprocess_exec}.
     *
     * <p>The coroutine throws a {@link ProgramNotFoundException}, a {@link ProgramNotExecutableException}, or an {@code IOException} if the system cannot
     * start the process for another reason.
     *
     * @throws IllegalArgumentException if there is no program, or a string contains a null character
     */
    @CheckReturnValue
    public static Coroutine<Subprocess> exec(String... command) throws IOException {
        return exec(SubprocessOptions.DEFAULT, command);
    }

    /**
     * As {@link #exec(String...)}, with {@code options}. The coroutine throws a {@link DirectoryNotFoundException} if the directory does not exist. A program
     * whose name contains a slash, but does not begin with one, is looked for in that directory.
     */
    @CheckReturnValue
    public static Coroutine<Subprocess> exec(SubprocessOptions options, String... command) throws IOException {
        Objects.requireNonNull(options, "options");
        List<String> strings = List.of(command);
        if (strings.isEmpty() || strings.get(0).isEmpty()) {
            throw new IllegalArgumentException("a command begins with the name of a program; this one is " + strings);
        }
        for (String each : strings) {
            if (each.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "the strings of a command contain no null characters; this one does: '"
                                + each.replace("\0", "\\0") + "'");
            }
        }
        return start(new Child(strings, options));
    }

    /**
     * As {@link #exec(String...)}, with a command line for the shell: {@code /bin/sh}, or {@code cmd.exe} on Windows. Never build one from strings of others; use {@code
     * exec} for that. If the process is killed, programs that the shell has started go on. Corresponds to {@code create_subprocess_shell}.
     */
    @CheckReturnValue
    public static Coroutine<Subprocess> shell(String commandLine) throws IOException {
        return shell(SubprocessOptions.DEFAULT, commandLine);
    }

    /** As {@link #shell(String)}, with {@code options}. */
    @CheckReturnValue
    public static Coroutine<Subprocess> shell(SubprocessOptions options, String commandLine) throws IOException {
        Objects.requireNonNull(commandLine, "commandLine");
        return WINDOWS ? exec(options, "cmd.exe", "/c", commandLine) : exec(options, "/bin/sh", "-c", commandLine);
    }

    @Async
    private static Coroutine<Subprocess> start(Child child) throws IOException {
        EventLoop loop = Asyncio.getRunningLoop();
        OpenProcesses open = OpenProcesses.of(LoopAccess.core(loop));
        open.add(child);
        try {
            await(loop.runInExecutor(PipeThreads.POOL, child));
            return Coroutine.of(new Subprocess(loop, open, child));
        } catch (Throwable failure) {
            child.abandon();
            open.remove(child);
            throw failure;
        }
    }

    private String name(String stream) {
        return stream + " of process " + pid();
    }

    // Streams

    /**
     * Returns the standard input of the process. Its {@code shutdownOutput} closes it. Writing throws a {@link BrokenPipeException} if the process does not
     * read any more.
     *
     * @throws IllegalStateException if the standard input is no pipe
     */
    public WriteStream stdin() {
        return require(stdin, "input");
    }

    /**
     * Returns the standard output of the process. It can be read to its end after the process has ended, too.
     *
     * @throws IllegalStateException if the standard output is no pipe
     */
    public ReadStream stdout() {
        return require(stdout, "output");
    }

    /**
     * Returns the standard error of the process.
     *
     * @throws IllegalStateException if the standard error is no pipe, or merged with the standard output
     */
    public ReadStream stderr() {
        return require(stderr, "error");
    }

    private Connection require(@Nullable Connection stream, String name) {
        if (stream == null) {
            throw new IllegalStateException("the standard " + name + " of " + this
                    + " is no pipe; Redirect.PIPE in SubprocessOptions makes it one");
        }
        return stream;
    }

    /**
     * Writes {@code input} to the process and closes its standard input, reads its output and its errors to their ends, and waits for its exit. With null, nothing is
     * written. It does not matter if the process does not read all the input. If this is cancelled or fails, the process is killed and its streams are closed; asyncio leaves
     * the process running then.
     *
     * <p>The output ends when every process that has the pipe has closed it: those that the process has left behind, too.
     */
    @Async
    @CheckReturnValue
    public Coroutine<ProcessResult> communicate(byte @Nullable [] input) throws IOException {
        boolean over = false;
        try {
            List<byte[]> read = await(Asyncio.gather(feed(input), collect(stdout), collect(stderr)));
            int code = await(exit());
            over = true;
            return Coroutine.of(new ProcessResult(code, read.get(1), read.get(2)));
        } finally {
            if (!over) {
                close();
            }
        }
    }

    @Async
    private Coroutine<byte[]> feed(byte @Nullable [] input) throws IOException {
        if (input == null && stdin == null) {
            return Coroutine.of(new byte[0]);
        }
        WriteStream target = stdin();
        try {
            if (input != null && input.length > 0) {
                await(target.write(input));
            }
            await(target.shutdownOutput());
        } catch (IOException failure) {
            if (!(failure instanceof BrokenPipeException || failure.getCause() instanceof BrokenPipeException)) {
                throw failure;
            }
        }
        return Coroutine.of(new byte[0]);
    }

    @Async
    private static Coroutine<byte[]> collect(@Nullable Connection stream) throws IOException {
        return stream == null ? Coroutine.of(new byte[0]) : stream.readAll(Integer.MAX_VALUE - 8);
    }

    // The end

    /**
     * Waits until the process has ended, and returns its exit code. Any number of coroutines may wait. The output need not have been read.
     *
     * <p>If a signal has ended the process, the code is 128 and the number of the signal, as in a shell: 143 after {@link #terminate}, 137 after {@link #kill}. In asyncio it
     * is the negative number, but the JVM does not distinguish a signal from such an exit code.
     */
    @Async
    @CheckReturnValue
    public Coroutine<Integer> exit() {
        core.requireThread();
        if (!exited.isDone()) {
            await(ending());
        }
        return Coroutine.of(exited.join());
    }

    @Async
    private Coroutine<Void> ending() {
        Future<@Nullable Void> waiting = ending;
        if (waiting == null) {
            waiting = loop.createFuture();
            ending = waiting;
        }
        core.outside.beginChannel(); // virtual time passes as fast as real time meanwhile
        try {
            await(Asyncio.shield(waiting));
        } finally {
            core.outside.endChannel();
        }
        return Coroutine.done();
    }

    /** Whether the process has not ended, as far as the loop knows. */
    public boolean isAlive() {
        return !exited.isDone();
    }

    /** Called by the loop. */
    private void ended(int code) {
        try {
            if (inputPipe != null) {
                inputPipe.close();
            }
            if (outputPipe != null) {
                outputPipe.writerEnded();
            }
            if (errorPipe != null) {
                errorPipe.writerEnded();
            }
        } finally {
            exited.complete(code);
            if (ending != null) {
                ending.setResult(null);
            }
            freeIfOver();
        }
    }

    private void freeIfOver() {
        if (exited.isDone() && isOver(inputPipe) && isOver(outputPipe) && isOver(errorPipe)) {
            open.remove(child);
        }
    }

    private static boolean isOver(@Nullable PipeTransport pipe) {
        return pipe == null || pipe.isClosed();
    }

    /** Asks the process to end, with {@code SIGTERM}. It may ignore that. On Windows, this is {@link #kill}. Does nothing if the process has ended. */
    public void terminate() {
        core.requireThread();
        process.toHandle().destroy(); // Process.destroy would close the JDK's streams
    }

    /** Ends the process at once, with {@code SIGKILL}. Does nothing if the process has ended. */
    public void kill() {
        core.requireThread();
        process.toHandle().destroyForcibly();
    }

    /** Returns the number of the process. Another process may have it once this one has ended. */
    public long pid() {
        return process.pid();
    }

    /** Kills the process if it has not ended, and closes its streams. Coroutines that use these get an exception. Idempotent. */
    @Override
    public void close() {
        kill();
        for (Connection stream : new Connection[] {stdin, stdout, stderr}) {
            if (stream != null) {
                stream.close();
            }
        }
    }

    @Override
    public String toString() {
        return "<Subprocess " + pid() + (isAlive() ? " running " : " exit code " + exited.join() + " ")
                + String.join(" ", child.command) + ">";
    }
}
