package dev.heddle.loop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.cpython.Mirrors;
import dev.heddle.process.Subprocess;
import dev.heddle.sync.Event;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers of signals that this process sends to itself, and of signals for other programs. */
class SignalHandlersIT {

    private static final ContextVar<String> VARIABLE = new ContextVar<>("variable");

    @TempDir
    private Path directory;

    @Async
    private static Coroutine<Void> send(String signal) throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        assertEquals(0, await(await(Subprocess.exec("kill", "-" + signal, pid)).exit()));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> receive() throws IOException {
        EventLoop loop = getRunningLoop();
        Thread thread = Thread.currentThread();
        List<String> calls = new ArrayList<>();
        Event called = new Event();
        VARIABLE.set("of the adder");
        loop.addSignalHandler("SIGUSR1", () -> calls.add("replaced"));
        loop.addSignalHandler("USR1", () -> {
            assertSame(thread, Thread.currentThread());
            calls.add(VARIABLE.get());
            called.set();
        });
        VARIABLE.set("changed");
        await(send("USR1"));
        await(called.waitSet());
        called.clear();
        await(send("USR1"));
        await(called.waitSet());
        assertEquals(List.of("of the adder", "of the adder"), calls);
        assertTrue(loop.removeSignalHandler("SIGUSR1"));
        assertFalse(loop.removeSignalHandler("SIGUSR1"));
        assertFalse(loop.removeSignalHandler("SIGWINCH"));
        return Coroutine.done();
    }

    @Test
    @Mirrors({
        "test_unix_events.SelectorEventLoopSignalTests.test_add_signal_handler",
        "test_unix_events.SelectorEventLoopSignalTests.test_remove_signal_handler",
        "test_unix_events.SelectorEventLoopSignalTests.test_remove_signal_handler_2",
        "test_events.EventLoopTestsMixin.test_add_signal_handler",
        "test_events.EventLoopTestsMixin.test_signal_handling_while_selecting"
    })
    void handlerRunsOnTheLoop() throws IOException {
        run(receive());
    }

    @Async
    private static Coroutine<Void> failing() throws IOException {
        EventLoop loop = getRunningLoop();
        Event reported = new Event();
        List<Map<String, Object>> reports = new ArrayList<>();
        loop.setExceptionHandler((itself, report) -> {
            reports.add(Map.copyOf(report));
            reported.set();
        });
        loop.addSignalHandler("SIGWINCH", () -> {
            throw new IllegalArgumentException("of the handler");
        });
        await(send("WINCH"));
        await(reported.waitSet());
        assertEquals(
                IllegalArgumentException.class, reports.get(0).get("exception").getClass());
        return Coroutine.done();
    }

    @Test
    void failureOfAHandlerIsReported() throws IOException {
        run(failing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGKILL", "STOP", "SIGQUIT", "SEGV", "FPE", "ILL", "BUS", "SIGTRAP", "SIGPIPE"})
    @Mirrors("test_unix_events.SelectorEventLoopSignalTests.test_add_signal_handler_install_error")
    void signalsOfTheJvmAreRefused(String name) {
        try (EventLoop loop = EventLoop.create()) {
            String message = assertThrows(IllegalStateException.class, () -> loop.addSignalHandler(name, () -> {}))
                    .getMessage();
            assertEquals(
                    "the signal SIG" + name.replace("SIG", "")
                            + " cannot be handled, because the JVM or the system keeps it for itself; use another one, SIGUSR1 for"
                            + " example; -Xrs takes SIGHUP, SIGINT and SIGTERM from programs",
                    message);
            assertFalse(loop.removeSignalHandler(name));
        }
    }

    @Test
    @Mirrors({
        "test_unix_events.SelectorEventLoopSignalTests.test_check_signal",
        "test_unix_events.SelectorEventLoopSignalTests.test_add_signal_handler_setup_error"
    })
    void badUse() throws Exception {
        EventLoop loop = EventLoop.create();
        assertEquals(
                "unknown signal: SIGFOO; this system has no signal of that name",
                assertThrows(IllegalArgumentException.class, () -> loop.addSignalHandler("SIGFOO", () -> {}))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> loop.addSignalHandler("", () -> {}));
        loop.close();
        assertThrows(IllegalStateException.class, () -> loop.addSignalHandler("SIGUSR1", () -> {}));
        assertFalse(loop.removeSignalHandler("SIGUSR1"));
    }

    @Test
    @Mirrors("test_unix_events.SelectorEventLoopSignalTests.test_close")
    void lastLoopHasTheHandler() {
        EventLoop first = EventLoop.create();
        EventLoop second = EventLoop.create();
        first.addSignalHandler("SIGWINCH", () -> {});
        second.addSignalHandler("WINCH", () -> {});
        assertFalse(first.removeSignalHandler("SIGWINCH"));
        first.addSignalHandler("SIGUSR1", () -> {});
        first.close();
        assertTrue(second.removeSignalHandler("SIGWINCH"));
        assertFalse(second.removeSignalHandler("SIGUSR1"));
        second.close();
    }

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.sync.Event;

            class Handling {
                @Async
                static Coroutine<Void> main() {
                    EventLoop loop = getRunningLoop();
                    Event event = new Event();
                    loop.addSignalHandler("SIGTERM", event::set);
                    say("ready");
                    await(event.waitSet());
                    if (!Boolean.getBoolean("close")) {
                        loop.removeSignalHandler("SIGTERM");
                        say("handled");
                        try {
                            await(sleep(1000));
                        } finally {
                            say("clean");
                        }
                    }
                    return Coroutine.done();
                }

                static void say(String line) {
                    System.out.println(line);
                    System.out.flush();
                }

                public static void main(String[] args) throws Exception {
                    try {
                        run(main());
                        say("closed");
                        Thread.sleep(1000_000);
                    } catch (IllegalStateException refused) {
                        say(refused.getMessage());
                    }
                }
            }
            """;

    private String killed(String option, int kills) throws Exception {
        Process process = Program.compile(directory, "Handling", SOURCE)
                .withAgent("")
                .with(option)
                .open("Handling");
        StringBuilder text = new StringBuilder();
        try (InputStream out = process.getInputStream()) {
            for (int i = 0; i < kills; i++) {
                for (int next = out.read(); next >= 0; next = out.read()) {
                    text.append((char) next);
                    if (next == '\n') {
                        break;
                    }
                }
                process.toHandle().destroy();
            }
            text.append(new String(out.readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            text.append(process.exitValue());
        } finally {
            process.destroyForcibly();
        }
        return text.toString();
    }

    /** The signal ends the program again, and its clean-up code runs. */
    @Test
    void removalRestoresTheDefault() throws Exception {
        assertEquals("ready\nhandled\nclean\n143", killed("-Dclose=false", 2));
    }

    @Test
    void closingRestoresTheDefault() throws Exception {
        assertEquals("ready\nclosed\n143", killed("-Dclose=true", 2));
    }

    @Test
    void jvmWithoutSignalsRefuses() throws Exception {
        String text = killed("-Xrs", 0);
        assertTrue(text.startsWith("the signal SIGTERM cannot be handled"), text);
    }
}
