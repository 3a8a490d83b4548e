package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that reads its standard input on a loop. */
class StdinIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.net.ReadStream;
            import dev.heddle.process.Stdin;
            import java.io.IOException;

            class Reading {
                @Async
                static Coroutine<Void> lines(int most) throws IOException {
                    ReadStream in = Stdin.stream();
                    System.out.println(in == Stdin.stream());
                    String line;
                    while (most-- > 0 && (line = await(in.readLine())) != null) {
                        System.out.println("<" + line + ">");
                    }
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> cancelled() throws IOException {
                    Task<String> reading = createTask(Stdin.stream().readLine());
                    await(sleep(0));
                    reading.cancel();
                    System.out.println("cancelled");
                    await(Asyncio.wait(java.util.List.of(reading)));
                    return lines(1);
                }

                @Async
                static Coroutine<Void> twice() throws IOException {
                    await(lines(1));
                    try (EventLoop other = EventLoop.create()) {
                        toThreadAndBack(other);
                    }
                    return Coroutine.done();
                }

                static void toThreadAndBack(EventLoop other) {
                    Thread thread = new Thread(() -> {
                        try {
                            other.runUntilComplete(() -> lines(1));
                        } catch (IllegalStateException refused) {
                            System.out.println(refused.getMessage().replaceAll("EventLoop \\\\d+", "EventLoop"));
                        }
                    });
                    thread.start();
                    try {
                        thread.join();
                    } catch (InterruptedException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }

                public static void main(String[] args) throws IOException {
                    switch (System.getProperty("mode")) {
                        case "lines" -> run(lines(100));
                        case "cancelled" -> run(cancelled());
                        case "twice" -> run(twice());
                        default -> {
                            run(lines(1));
                            System.out.println("next");
                            run(lines(1));
                        }
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private String output(String mode, String... parts) throws Exception {
        Process process = Program.compile(directory, "Reading", SOURCE)
                .withAgent("")
                .with("-Dmode=" + mode)
                .open("Reading");
        try (OutputStream in = process.getOutputStream()) {
            for (String part : parts) {
                if (part.startsWith("after ")) {
                    String text = "";
                    while (!text.endsWith(part.substring(6) + "\n")) {
                        int next = process.getInputStream().read();
                        assertTrue(next >= 0, text);
                        text += (char) next;
                    }
                } else {
                    in.write(part.getBytes(StandardCharsets.UTF_8));
                    in.flush();
                }
            }
        }
        String rest = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals("", Files.readString(directory.resolve("errors.txt")));
        return rest;
    }

    @Test
    void linesUntilTheEnd() throws Exception {
        assertEquals("true\n<one>\n<two>\n<three>\n", output("lines", "one\ntw", "o\nthree"));
    }

    @Test
    void cancelledReadLosesNothing() throws Exception {
        assertEquals("true\n<one>\n", output("cancelled", "after cancelled", "one\n"));
    }

    @Test
    void oneLoopAtATime() throws Exception {
        assertEquals(
                "true\n<one>\nthe standard input is a stream of <EventLoop running> and cannot be one of <EventLoop running>;"
                        + " read it on one loop, and pass on what it has read\n",
                output("twice", "one\n"));
    }

    @Test
    void nextLoopGoesOn() throws Exception {
        assertEquals("true\n<two>\n", output("next", "one\n", "after next", "two\n"));
    }
}
