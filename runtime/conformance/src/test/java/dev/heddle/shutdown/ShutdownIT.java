package dev.heddle.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that are told to end while a loop runs in them. */
class ShutdownIT {

    private static final int BY_SIGTERM = 143;

    private static final String SERVER = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.util.concurrent.*;

            class Server {
                @Async
                static Coroutine<Void> serve(String cleanUp) throws Exception {
                    createTask(helper());
                    try {
                        await(sleep(0));
                        System.out.println("ready");
                        await(sleep(3600));
                    } catch (CancelledError error) {
                        System.out.println("main: " + error.getMessage());
                        if (cleanUp.equals("hangs")) {
                            await(new CompletableFuture<Void>());
                        } else if (cleanUp.equals("blocks")) {
                            new CountDownLatch(1).await();
                        } else if (cleanUp.equals("exits")) {
                            System.exit(1);
                        }
                        await(sleep(0.01));
                        System.out.println("main has cleaned up");
                        if (cleanUp.equals("swallows")) {
                            return Coroutine.done();
                        }
                        throw error;
                    }
                    return Coroutine.done();
                }

                @Async
                static Coroutine<Void> helper() {
                    try {
                        await(sleep(3600));
                    } finally {
                        await(sleep(0.01));
                        System.out.println("helper has cleaned up");
                    }
                    return Coroutine.done();
                }

                public static void main(String[] args) throws Exception {
                    try {
                        run(serve(System.getProperty("cleanUp", "")));
                    } finally {
                        System.out.println("after run");
                    }
                }
            }
            """;

    private static final String RUNS = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.time.Duration;

            class Runs {
                @Async
                static Coroutine<Void> part(int i) {
                    System.out.println("part " + i);
                    try {
                        await(sleep(3600));
                    } finally {
                        System.out.println("part " + i + " ends");
                    }
                    return Coroutine.done();
                }

                public static void main(String[] args) {
                    try (Runner runner = new Runner().shutdownLimit(Duration.ofSeconds(50))) {
                        for (int i = 1; i <= 3; i++) {
                            try {
                                runner.run(part(i));
                            } catch (CancelledError error) {
                                System.out.println("run " + i + ": " + error.getMessage());
                            }
                        }
                    }
                    System.out.println("closed");
                }
            }
            """;

    private static final String CHILDREN = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.workers.Workers;

            class Children {
                @Async
                static Coroutine<Void> child(String name, double seconds) {
                    try {
                        await(sleep(3600));
                    } finally {
                        await(sleep(seconds));
                        System.out.println(name + " has cleaned up");
                    }
                    return Coroutine.done();
                }

                public static void main(String[] args) {
                    Workers workers = Workers.start(1);
                    workers.submit(() -> Coroutine.of(await(gather(child("first", 0), child("second", 0.2)))));
                    workers.submit(() -> Coroutine.of(await(sleep(0)))).join();
                    System.exit(3);
                }
            }
            """;

    private static final String EXITING = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Exiting {
                @Async
                static Coroutine<Void> work(boolean elsewhere) throws Exception {
                    try {
                        await(sleep(0));
                        if (elsewhere) {
                            await(toThread(Exiting::exit));
                        } else {
                            exit();
                        }
                    } finally {
                        System.out.println("cleaned up");
                    }
                    return Coroutine.done();
                }

                static Void exit() {
                    System.exit(7);
                    return null;
                }

                public static void main(String[] args) throws Exception {
                    run(work(Boolean.getBoolean("elsewhere")));
                }
            }
            """;

    private static final String CREW = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.workers.Workers;
            import java.util.concurrent.CountDownLatch;

            class Crew {
                @Async
                static Coroutine<Void> serve(int worker, CountDownLatch begun) {
                    try {
                        begun.countDown();
                        await(sleep(3600));
                    } finally {
                        await(sleep(0.01));
                        System.out.println("worker " + worker + " has cleaned up");
                    }
                    return Coroutine.done();
                }

                public static void main(String[] args) throws Exception {
                    CountDownLatch begun = new CountDownLatch(2);
                    Workers workers = Workers.start(2);
                    workers.submitEach(worker -> serve(worker, begun));
                    begun.await();
                    System.out.println("ready");
                }
            }
            """;

    @TempDir
    private Path directory;

    /** Starts a program, sends it SIGTERM once it has printed something, and returns its exit code and output. */
    private List<Object> terminate(String name, String source, String... options) throws Exception {
        Program program = Program.compile(directory, name, source).withAgent("");
        List.of(options).forEach(program::with);
        Process process = program.open(name);
        try (BufferedReader out = process.inputReader()) {
            String ready = out.readLine();
            process.toHandle().destroy(); // Process.destroy would close the streams, too
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends within a minute");
            return List.of(process.exitValue(), ready, out.lines().toList());
        } finally {
            process.destroyForcibly();
        }
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors.txt"));
    }

    private static final String CANCELLED = "main: the JVM is shutting down";

    @Test
    void cleanUpCodeRunsWhenTheJvmIsTerminated() throws Exception {
        assertEquals(
                List.of(
                        BY_SIGTERM,
                        "ready",
                        List.of(CANCELLED, "main has cleaned up", "helper has cleaned up", "after run")),
                terminate("Server", SERVER));
        assertEquals("", errors(), "nobody is told of the cancellation");
    }

    @Test
    void mainTaskMaySwallowTheCancellation() throws Exception {
        assertEquals(
                List.of(
                        BY_SIGTERM,
                        "ready",
                        List.of(CANCELLED, "main has cleaned up", "helper has cleaned up", "after run")),
                terminate("Server", SERVER, "-DcleanUp=swallows"));
    }

    @Test
    void cleanUpThatHangsIsWaitedForNoLongerThanTheLimit() throws Exception {
        assertEquals(
                List.of(BY_SIGTERM, "ready", List.of(CANCELLED)),
                terminate("Server", SERVER, "-DcleanUp=hangs", "-Dheddle.shutdown.seconds=0.5"));
        String warning = "the JVM ends before the clean-up code in <EventLoop 1 running>, which had 0.5 s; not ended:";
        assertTrue(errors().contains(warning), errors());
        assertTrue(errors().contains("Stack of <Task pending"), errors());
        assertTrue(errors().contains("\tat Server.serve(Server.java:16)"), errors());
    }

    @Test
    void cleanUpThatBlocksTheLoopIsWaitedForNoLongerThanTheLimit() throws Exception {
        assertEquals(
                List.of(BY_SIGTERM, "ready", List.of(CANCELLED)),
                terminate("Server", SERVER, "-DcleanUp=blocks", "-Dheddle.shutdown.seconds=0.5"));
        assertTrue(errors().contains("coro=<coroutine Server.serve"), errors());
        assertTrue(errors().contains("the thread is in the middle of a step:"), errors());
        assertTrue(errors().contains("Server.serve(Server.java:18)"), errors());
    }

    @Test
    void cleanUpThatExitsIsOver() throws Exception {
        assertEquals(
                List.of(BY_SIGTERM, "ready", List.of(CANCELLED)),
                terminate("Server", SERVER, "-DcleanUp=exits", "-Dheddle.shutdown.seconds=1000"));
    }

    @Test
    void runsThatBeginDuringTheShutdownAreCancelledToo() throws Exception {
        assertEquals(
                List.of(
                        BY_SIGTERM,
                        "part 1",
                        List.of(
                                "part 1 ends",
                                "run 1: the JVM is shutting down",
                                "run 2: the JVM is shutting down",
                                "run 3: the JVM is shutting down",
                                "closed")),
                terminate("Runs", RUNS));
    }

    /** That thread is lost: waiting for it would only make the exit late. The limit is longer than the test waits. */
    @Test
    void exitInTheLoopEndsAtOnce() throws Exception {
        Program program = Program.compile(directory, "Exiting", EXITING).withAgent("");
        Program.Outcome outcome = program.with("-Dheddle.shutdown.seconds=1000").run("Exiting");
        assertEquals(new Program.Outcome(7, "", ""), outcome);
    }

    /** The limit is longer than the test waits, and the call of {@code System.exit} never ends. */
    @Test
    void exitElsewhereWaitsForCleanUpCodeAndForNothingElse() throws Exception {
        Program program = Program.compile(directory, "Exiting", EXITING).withAgent("");
        Program.Outcome outcome = program.with("-Delsewhere=true")
                .with("-Dheddle.shutdown.seconds=1000")
                .run("Exiting");
        assertEquals(new Program.Outcome(7, "cleaned up\n", ""), outcome);
    }

    private static final String GROUP = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import dev.heddle.workers.Workers;

            class Group {
                static int saved;

                @Async
                static Coroutine<Void> connection() {
                    try {
                        while (true) {
                            await(sleep(0));
                        }
                    } finally {
                        await(sleep(0.05));
                        saved++;
                    }
                }

                @Async
                static Coroutine<Void> left() {
                    try {
                        return connection();
                    } finally {
                        System.out.println("saved " + saved + " in the end");
                    }
                }

                @Async
                static Coroutine<Void> serve() {
                    createTask(left()); // which nobody awaits
                    try {
                        return taskGroup(group -> {
                            for (int i = 0; i < 10; i++) {
                                group.createTask(connection());
                            }
                            System.out.println("ready");
                            await(sleep(0));
                            return Coroutine.done();
                        });
                    } finally {
                        System.out.println("saved " + saved);
                    }
                }

                public static void main(String[] args) throws Exception {
                    Workers workers = Workers.start(1);
                    workers.submit(() -> serve());
                }
            }
            """;

    /** Submitted work ends its own group. The remaining tasks are cancelled only then. */
    @Test
    void workersCancelWhatWasSubmittedFirst() throws Exception {
        assertEquals(
                List.of(BY_SIGTERM, "ready", List.of("saved 10", "saved 11 in the end")), terminate("Group", GROUP));
        assertEquals("", errors());
    }

    /** Their threads keep the JVM alive after {@code main} has returned. */
    @Test
    void workersCleanUpWhenTheJvmIsTerminated() throws Exception {
        List<Object> outcome = terminate("Crew", CREW);
        assertEquals(List.of(BY_SIGTERM, "ready"), outcome.subList(0, 2));
        List<?> lines = (List<?>) outcome.get(2);
        assertEquals(2, lines.size(), lines::toString);
        assertEquals(Set.of("worker 0 has cleaned up", "worker 1 has cleaned up"), Set.copyOf(lines));
        assertEquals("", errors(), "nobody is told of the cancellation");
    }

    /** The end of the first child ends the submitted coroutine. The second one is not cancelled again in its clean-up. */
    @Test
    void whatASubmittedCoroutineHasCancelledCleansUp(@TempDir Path own) throws Exception {
        Program.Outcome outcome =
                Program.compile(own, "Children", CHILDREN).withAgent("").run("Children");

        assertEquals(new Program.Outcome(3, "first has cleaned up\nsecond has cleaned up\n", ""), outcome);
    }
}
