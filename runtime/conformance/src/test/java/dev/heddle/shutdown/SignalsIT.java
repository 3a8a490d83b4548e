package dev.heddle.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals at random moments, at which 300 tasks of many kinds run: every clean-up that began ends. {@code -Dheddle.signals=100} tries as many
 * moments.
 */
@Tag("slow")
class SignalsIT {

    private static final int TIMES = Integer.getInteger("heddle.signals", 15);

    private static final String MIXED = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.sync.*;
            import dev.heddle.workers.Workers;
            import java.time.Duration;
            import java.util.Random;

            class Mixed {
                static void say(char event) {
                    System.out.write(event);
                    System.out.flush();
                }

                @Async
                static Coroutine<Void> session(long seed) {
                    Random random = new Random(seed);
                    try {
                        while (true) {
                            await(sleep(random.nextInt(3) * 0.001));
                        }
                    } finally {
                        say('b');
                        await(sleep(random.nextInt(20) * 0.001));
                        await(sleep(0));
                        say('e');
                    }
                }

                @Async
                static Coroutine<Void> mixed(long seed) {
                    switch ((int) (seed % 6)) {
                        case 0:
                            return taskGroup(group -> {
                                group.createTask(session(seed));
                                group.createTask(taskGroup(inner -> {
                                    inner.createTask(session(seed + 1));
                                    return session(seed + 2);
                                }));
                                return session(seed + 3);
                            });
                        case 1:
                            await(gather(session(seed), session(seed + 1)));
                            break;
                        case 2:
                            await(shield(session(seed)));
                            break;
                        case 3:
                            return timeout(Duration.ofHours(1), limit -> session(seed));
                        case 4:
                            await(createTask(session(seed)));
                            break;
                        default:
                            createTask(session(seed));
                            return session(seed + 1);
                    }
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> main() {
                    for (int i = 0; i < 300; i++) {
                        createTask(mixed(Long.getLong("seed") * 1000 + i));
                    }
                    await(sleep(0.01));
                    say('r');
                    return session(1);
                }

                public static void main(String[] args) throws Exception {
                    if (!Boolean.getBoolean("workers")) {
                        run(main());
                        return;
                    }
                    Workers workers = Workers.start(2);
                    for (int i = 0; i < 300; i++) {
                        long seed = Long.getLong("seed") * 1000 + i;
                        workers.submit(() -> mixed(seed));
                    }
                    Thread.sleep(10);
                    say('r');
                }
            }
            """;

    @TempDir
    private Path directory;

    private void check(boolean workers) throws Exception {
        Program program =
                Program.compile(directory, "Mixed", MIXED).withAgent("").with("-Dworkers=" + workers);
        program.with("-Dheddle.shutdown.seconds=100");
        for (int seed = 0; seed < TIMES; seed++) {
            Process process = program.with("-Dseed=" + seed).open("Mixed");
            String events;
            try (InputStream out = process.getInputStream()) {
                assertEquals('r', out.read());
                boolean over = process.waitFor(new Random(seed).nextInt(100), TimeUnit.MILLISECONDS);
                assertFalse(over, "the program runs until it gets a signal");
                // Not INT or HUP, which this process may have inherited as ignored.
                new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                        .start()
                        .waitFor();
                events = new String(out.readAllBytes(), StandardCharsets.US_ASCII);
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends within a minute");
            } finally {
                process.destroyForcibly();
            }
            long began = events.chars().filter(event -> event == 'b').count();
            long ended = events.chars().filter(event -> event == 'e').count();
            assertTrue(began > 0, "seed " + seed + ": " + began);
            String errors = Files.readString(directory.resolve("errors.txt"));
            assertEquals(began, ended, "exit code " + process.exitValue() + ", " + events + errors);
            assertEquals("", errors, "seed " + seed);
        }
    }

    @Test
    void whatRunsCleansUp() throws Exception {
        check(false);
    }

    @Test
    void whatRunsOnWorkersCleansUp() throws Exception {
        check(true);
    }
}
