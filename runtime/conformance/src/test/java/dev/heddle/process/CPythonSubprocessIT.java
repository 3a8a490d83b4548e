package dev.heddle.process;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Blocks;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code test_subprocess}. The programs are those of a POSIX system instead of Python. */
class CPythonSubprocessIT {

    private static final byte[] SOME_DATA = "some data".getBytes(UTF_8);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String COUNT = "wc -c | tr -d ' '";

    /** More than a pipe takes. */
    private static final byte[] LARGE_DATA = new byte[4_000_000];

    private static ProcessResult communicate(byte[] input, String... command) throws IOException {
        return run(() -> waitFor(await(Subprocess.exec(command)).communicate(input), MINUTE));
    }

    private static ProcessResult communicate(SubprocessOptions options, byte[] input, String line) throws IOException {
        return run(() -> waitFor(await(Subprocess.shell(options, line)).communicate(input), MINUTE));
    }

    @Test
    @Mirrors(
            value = {
                "test_subprocess.SubprocessTransportTests.test_subprocess_repr",
                "test_subprocess.SubprocessTransportTests.test_proc_exited"
            },
            adapted =
                    "with a real process; signals for a process that has ended do nothing, as those of Process in Python do")
    void textAndEnd() throws IOException {
        run(() -> {
            Subprocess process = await(Subprocess.shell("read x; exit 6"));
            assertEquals("<Subprocess " + process.pid() + " running /bin/sh -c read x; exit 6>", process.toString());
            await(process.stdin().shutdownOutput());
            assertEquals(6, await(process.exit()));
            assertEquals(
                    "<Subprocess " + process.pid() + " exit code 6 /bin/sh -c read x; exit 6>", process.toString());
            process.terminate();
            process.kill();
            process.close();
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> stdinStdout() throws IOException {
        Subprocess process = await(Subprocess.exec("cat"));
        await(process.stdin().write(SOME_DATA));
        await(process.stdin().shutdownOutput());
        assertArrayEquals(SOME_DATA, await(process.stdout().readAll(100)));
        assertEquals(0, await(process.exit()));
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_stdin_stdout",
        "test_events.EventLoopTestsMixin.test_write_pipe",
        "test_events.SubprocessTestsMixin.test_subprocess_exec",
        "test_events.SubprocessTestsMixin.test_subprocess_interactive"
    })
    void streams() throws IOException {
        run(waitFor(stdinStdout(), MINUTE));
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_communicate",
        "test_subprocess.SubprocessMixin.test_communicate_none_input",
        "test_subprocess.SubprocessMixin.test_stdin_not_inheritable",
        "test_subprocess.SubprocessMixin.test_empty_input"
    })
    void communicates() throws IOException {
        assertEquals(new ProcessResult(0, SOME_DATA, new byte[0]), communicate(SOME_DATA, "cat"));
        assertEquals(new ProcessResult(0, new byte[0], new byte[0]), communicate(null, "cat"));
        assertEquals(
                "3\n",
                communicate(SubprocessOptions.DEFAULT, "abc".getBytes(UTF_8), COUNT)
                        .outputText());
        assertEquals(
                "0\n",
                communicate(SubprocessOptions.DEFAULT, new byte[0], COUNT).outputText());
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_shell",
        "test_events.SubprocessTestsMixin.test_subprocess_shell",
        "test_events.SubprocessTestsMixin.test_subprocess_exitcode"
    })
    void shell() throws IOException {
        assertEquals(7, run(() -> await(Subprocess.shell("exit 7")).exit()));
    }

    @Async
    private static Coroutine<Integer> endedBy(boolean kill, Subprocess process) {
        if (kill) {
            process.kill();
        } else {
            process.terminate();
        }
        return process.exit();
    }

    @Test
    @Mirrors(
            value = {
                "test_subprocess.SubprocessMixin.test_kill",
                "test_subprocess.SubprocessMixin.test_terminate",
                "test_subprocess.SubprocessMixin.test_kill_issue43884",
                "test_events.SubprocessTestsMixin.test_subprocess_kill",
                "test_events.SubprocessTestsMixin.test_subprocess_terminate"
            },
            adapted = "the exit code is 128 + n instead of -n, as the JVM gives it")
    void signals() throws IOException {
        assertEquals(137, run(() -> endedBy(true, await(Subprocess.exec("sleep", "3600")))));
        assertEquals(143, run(() -> endedBy(false, await(Subprocess.exec("sleep", "3600")))));
        assertEquals(137, run(() -> endedBy(true, await(Subprocess.shell("exec sleep 3600")))));
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_stdin_broken_pipe",
        "test_events.EventLoopTestsMixin.test_write_pipe_disconnect_on_close",
        "test_events.SubprocessTestsMixin.test_subprocess_close_client_stream"
    })
    void brokenPipe() throws IOException {
        Coroutine<Void> writing = writeTooMuch();
        assertThrows(BrokenPipeException.class, () -> run(writing));
    }

    @Async
    private static Coroutine<Void> writeTooMuch() throws IOException {
        Subprocess process = await(Subprocess.exec("true"));
        await(process.stdin().write(LARGE_DATA));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_subprocess.SubprocessMixin.test_communicate_ignore_broken_pipe")
    void communicateIgnoresABrokenPipe() throws IOException {
        assertEquals(0, communicate(LARGE_DATA, "true").exitCode());
    }

    @Test
    @Mirrors(
            value = "test_subprocess.SubprocessMixin.test_pause_reading",
            adapted = "the pipe itself holds back the process; the output is complete in spite of the limit")
    void moreThanTheLimit() throws IOException {
        SubprocessOptions options = SubprocessOptions.DEFAULT.withLimit(10);
        assertEquals(
                "x".repeat(21),
                communicate(options, null, "printf " + "x".repeat(21)).outputText());
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_devnull_input",
        "test_subprocess.SubprocessMixin.test_devnull_output",
        "test_subprocess.SubprocessMixin.test_devnull_error"
    })
    void nullDevice() throws IOException {
        byte[] abc = "abc".getBytes(UTF_8);
        SubprocessOptions options = SubprocessOptions.DEFAULT;
        assertEquals(
                "0\n",
                communicate(options.withStdin(Redirect.DISCARD), null, COUNT).outputText());
        assertEquals(
                "",
                communicate(options.withStdout(Redirect.DISCARD), abc, COUNT).outputText());
        ProcessResult result = communicate(options.withStderr(Redirect.DISCARD), abc, "echo lost >&2; " + COUNT);
        assertEquals("", result.errorText());
        assertEquals("3\n", result.outputText());
    }

    @Test
    @Mirrors({
        "test_events.SubprocessTestsMixin.test_subprocess_stderr",
        "test_events.SubprocessTestsMixin.test_subprocess_stderr_redirect_to_stdout"
    })
    void errors() throws IOException {
        ProcessResult apart = communicate(SubprocessOptions.DEFAULT, null, "echo out; echo err >&2");
        assertEquals("out\n", apart.outputText());
        assertEquals("err\n", apart.errorText());
        ProcessResult merged =
                communicate(SubprocessOptions.DEFAULT.withMergedErrors(), null, "echo out; echo err >&2");
        assertEquals("out\nerr\n", merged.outputText());
        assertEquals("", merged.errorText());
    }

    @Async
    private static Coroutine<Void> cancelExit() throws IOException {
        Subprocess process = await(Subprocess.exec("sleep", "3600"));
        Task<Integer> task = createTask(process.exit());
        getRunningLoop().callSoon(task::cancel);
        await(Blocks.raised(CancelledError.class, task));
        task.cancel();
        process.kill();
        await(process.exit());
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_subprocess.SubprocessMixin.test_cancel_process_wait")
    void exitMayBeCancelled() throws IOException {
        run(cancelExit());
    }

    @Async
    private static Coroutine<Void> cancelCreation(int turns) throws IOException {
        Task<Subprocess> task = createTask(Subprocess.exec("sleep", "3600"));
        for (int turn = 0; turn < turns; turn++) {
            await(sleep(0));
        }
        getRunningLoop().callSoon(task::cancel);
        await(Blocks.raised(CancelledError.class, task));
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_cancel_make_subprocess_transport_exec",
        "test_subprocess.SubprocessMixin.test_cancel_post_init"
    })
    void creationMayBeCancelled() throws Exception {
        for (int turns = 0; turns < 3; turns++) {
            run(cancelCreation(turns));
        }
        while (ProcessHandle.current()
                .children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("/sleep"))) {
            Thread.onSpinWait();
        }
    }

    @Async
    private static Coroutine<Integer> closeRunning() throws IOException {
        Subprocess process = await(Subprocess.exec("sleep", "3600"));
        assertTrue(process.isAlive());
        process.close();
        return waitFor(process.exit(), MINUTE);
    }

    @Test
    @Mirrors(
            value = {
                "test_subprocess.SubprocessMixin.test_close_kill_running",
                "test_subprocess.SubprocessMixin.test_close_dont_kill_finished",
                "test_events.SubprocessTestsMixin.test_subprocess_close_after_finish"
            },
            adapted = "the JVM does not signal a process that has ended")
    void closingKills() throws IOException {
        assertEquals(137, run(closeRunning()));
        assertEquals(3, run(() -> {
            Subprocess process = await(Subprocess.shell("exit 3"));
            await(process.exit());
            process.close();
            return process.exit();
        }));
    }

    @Test
    @Mirrors(
            value = {
                "test_subprocess.SubprocessMixin.test_popen_error",
                "test_subprocess.SubprocessMixin.test_popen_error_with_stdin_pipe"
            },
            adapted = "with a program that does not exist")
    void failedStart() {
        SubprocessOptions inherit = SubprocessOptions.DEFAULT.withStdin(Redirect.INHERIT);
        assertThrows(ProgramNotFoundException.class, () -> run(Subprocess.exec(inherit, "no-such-program")));
        assertThrows(ProgramNotFoundException.class, () -> run(Subprocess.exec("no-such-program")));
    }

    @Async
    private static Coroutine<Integer> readSlowly() throws IOException {
        Subprocess process = await(Subprocess.shell("head -c 262144 /dev/zero; exit 1"));
        int total = 0;
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        for (int count = 0; count >= 0; count = await(process.stdout().read(buffer.clear()))) {
            total += count;
            await(sleep(0.01));
        }
        assertEquals(1, await(process.exit()));
        return Coroutine.of(total);
    }

    @Test
    @Mirrors("test_subprocess.SubprocessMixin.test_read_stdout_after_process_exit")
    void outputIsReadAfterTheEnd() throws IOException {
        assertEquals(262_144, run(readSlowly()));
    }

    @Test
    @Mirrors({
        "test_subprocess.SubprocessMixin.test_create_subprocess_env_shell",
        "test_subprocess.SubprocessMixin.test_create_subprocess_env_exec"
    })
    void environment() throws IOException {
        SubprocessOptions options = SubprocessOptions.DEFAULT.withEnvironment(Map.of("FOO", "bar"));
        assertEquals("bar\n", communicate(options, null, "echo $FOO").outputText());
        ProcessResult result =
                run(() -> await(Subprocess.exec(options, "printenv", "FOO")).communicate(null));
        assertEquals("bar\n", result.outputText());
    }

    @Async
    private static Coroutine<Void> waitTwice() throws IOException {
        Subprocess process = await(Subprocess.shell("read x; exit 6"));
        Task<Integer> one = createTask(process.exit());
        Task<Integer> two = createTask(process.exit());
        await(sleep(0));
        assertFalse(one.isDone());
        await(process.stdin().shutdownOutput());
        assertEquals(List.of(6, 6), await(gather(one, two)));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_subprocess.SubprocessMixin.test_subprocess_concurrent_wait")
    void twoWait() throws IOException {
        run(waitTwice());
    }

    @Async
    private static Coroutine<String> outputOf(String word) throws IOException {
        return Coroutine.of(await(await(Subprocess.exec("echo", word)).communicate(null))
                .outputText()
                .trim());
    }

    @Test
    @Mirrors("test_subprocess.SubprocessMixin.test_subprocess_communicate_stdout")
    void severalAtOnce() throws IOException {
        run(() -> {
            List<String> words = new ArrayList<>();
            List<Coroutine<String>> outputs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                words.add("foo" + i);
                outputs.add(outputOf("foo" + i));
            }
            assertEquals(words, await(gather(outputs)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = "test_subprocess.SubprocessMixin.test_subprocess_send_signal_race",
            adapted = "with the signals that the JDK can send")
    void signalsForAProcessThatIsAboutToEnd() throws IOException {
        for (int i = 0; i < 10; i++) {
            run(() -> {
                Subprocess process = await(Subprocess.exec("true"));
                process.terminate();
                process.kill();
                int code = await(process.exit());
                assertTrue(List.of(0, 137, 143).contains(code), "exit code " + code);
                process.terminate();
                return Coroutine.done();
            });
        }
    }
}
