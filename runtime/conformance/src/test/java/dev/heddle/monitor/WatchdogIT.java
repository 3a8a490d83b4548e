package dev.heddle.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog in a JVM of its own. The steps last until they are reported for what they are, so no time is asserted. */
class WatchdogIT {

    private static final String STUCK = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.monitor.*;
            import java.time.Duration;
            import java.util.concurrent.CountDownLatch;
            import java.util.concurrent.TimeUnit;

            class Stuck {
                static int spun;
                static volatile StuckStep.Cause expected = StuckStep.Cause.BUSY;
                static volatile CountDownLatch reported = new CountDownLatch(1);

                static void report(StuckStep step) {
                    if (step.cause() == expected && reported.getCount() > 0) {
                        System.out.println(step);
                        reported.countDown();
                    }
                }

                @Async
                static Coroutine<Void> spinning() {
                    await(sleep(0));
                    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                    while (reported.getCount() > 0 && System.nanoTime() - end < 0) {
                        spun++;
                    }
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> waiting() throws Exception {
                    await(sleep(0));
                    reported = new CountDownLatch(1);
                    expected = StuckStep.Cause.BLOCKED;
                    reported.await(30, TimeUnit.SECONDS);
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> main() throws Exception {
                    Watchdog.watch(getRunningLoop(), Duration.ofMillis(100), Stuck::report);
                    await(spinning());
                    await(waiting());
                    return Coroutine.done();
                }

                public static void main(String[] args) throws Exception {
                    run(main());
                }
            }
            """;

    private static final String COLLECTED = """
            import dev.heddle.*;
            import dev.heddle.monitor.*;
            import java.time.Duration;
            import java.util.concurrent.CountDownLatch;
            import java.util.concurrent.TimeUnit;

            class Collected {
                public static void main(String[] args) throws Exception {
                    for (int i = 0; i < 100; i++) {
                        Watchdog.watch(EventLoop.create(), Duration.ofMillis(1));
                        System.gc();
                    }
                    CountDownLatch reported = new CountDownLatch(1);
                    try (EventLoop loop = EventLoop.create()) {
                        Watchdog.watch(loop, Duration.ofMillis(1), step -> reported.countDown());
                        loop.callSoon(() -> {
                            try {
                                System.out.println(reported.await(30, TimeUnit.SECONDS));
                            } catch (InterruptedException impossible) {
                                throw new AssertionError(impossible);
                            }
                        });
                        loop.runUntilIdle(Duration.ZERO);
                    }
                }
            }
            """;

    private static final String DEBUGGED = """
            package demo;

            import dev.heddle.EventLoop;
            import java.time.Duration;

            class Debugged {
                public static void main(String[] args) {
                    try (EventLoop loop = EventLoop.create()) {
                        loop.callSoon(() -> System.out.println(Thread.getAllStackTraces().keySet().stream()
                                .anyMatch(thread -> thread.getName().equals("heddle-watchdog"))));
                        loop.runUntilIdle(Duration.ZERO);
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private static String line(List<String> lines, String part) {
        return lines.stream().filter(line -> line.contains(part)).findFirst().orElse("no line with " + part);
    }

    @Test
    void stepsAreReportedWhileTheyBlock() throws Exception {
        Outcome outcome =
                Program.compile(directory, "Stuck", STUCK).withAgent("").run("Stuck");
        assertEquals(0, outcome.exitCode(), outcome.err());
        List<String> lines = outcome.out().lines().toList();
        String first = "keeps <EventLoop 1 running> from running anything else for ";
        assertEquals(2, lines.stream().filter(line -> line.contains(first)).count(), outcome.out());
        assertTrue(line(lines, "Stuck.spinning").contains("Stuck.spinning(Stuck.java:2"), outcome.out());
        assertTrue(line(lines, "awaited at Stuck.main").contains("Stuck.java:42"), outcome.out());
        String waits = line(lines, "its thread waits for java.util.concurrent.CountDownLatch$Sync@");
        assertTrue(waits.contains(first), outcome.out());
        assertTrue(line(lines, "Stuck.waiting").contains("Stuck.java:35"), outcome.out());
    }

    @Test
    void loopsThatAreCollectedDoNotEndTheWatch() throws Exception {
        Outcome outcome =
                Program.compile(directory, "Collected", COLLECTED).withAgent("").run("Collected");
        assertEquals(new Outcome(0, "true\n", ""), outcome);
    }

    @Test
    void debugModeFindsTheWatchdogOnTheClassPathAndOnTheModulePath() throws Exception {
        Program program = Program.compileModule(directory, "demo", "Debugged", DEBUGGED);
        assertEquals(new Outcome(0, "false\n", ""), program.run("demo.Debugged"));
        program.with("-Dheddle.debug=true");
        assertEquals(new Outcome(0, "true\n", ""), program.run("demo.Debugged"));
        assertEquals(new Outcome(0, "true\n", ""), program.runModule("demo/demo.Debugged"));
    }
}
