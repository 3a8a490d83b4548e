package dev.heddle.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.LogCapture;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** The report about a thread that does not leave a step even when it is interrupted. */
class LeftBehindTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final Object door = new Object();
    private final List<String> passed = new ArrayList<>();

    /** Waits for a monitor, which no interrupt ends. */
    private void passTheDoor() {
        synchronized (door) {
            passed.add("passed");
        }
    }

    /** Waits until {@code thread} waits for a monitor that this thread has. */
    private static void awaitBlocked(Thread thread) {
        long own = Thread.currentThread().getId();
        while (ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId()).getLockOwnerId() != own) {
            Thread.onSpinWait();
        }
    }

    private static List<String> report(String worker, Thread thread) {
        List<String> lines = new ArrayList<>();
        lines.add("SEVERE worker " + worker + " did not end and is left behind; its thread is at");
        for (StackTraceElement element : thread.getStackTrace()) {
            lines.add("\tat " + element);
        }
        return lines;
    }

    @Test
    void aThreadThatNeverLeavesAStepIsReportedWithItsStack() throws InterruptedException {
        Workers workers = Workers.start(2);
        List<Thread> threads = workers.submitEach(index -> Coroutine.of(Thread.currentThread())).stream()
                .map(CompletableFuture::join)
                .toList();
        Thread stuck = threads.get(0);
        try (LogCapture log = new LogCapture()) {
            workers.loops().get(1).callSoonThreadsafe(() -> {
                throw new InternalError("broken");
            });
            threads.get(1).join();
            log.lines().clear(); // of the worker that has died, and is not left behind
            synchronized (door) {
                CompletableFuture<Void> work = workers.submit(() -> {
                    passTheDoor();
                    return Coroutine.done();
                });
                awaitBlocked(stuck);
                assertFalse(workers.shutdown(SHORT, SHORT));
                assertEquals(1, log.lines().size(), () -> log.lines().toString());
                List<String> lines = log.lines().get(0).lines().toList();
                List<String> report = report("heddle-worker-0", stuck);
                assertEquals(report, lines.subList(0, report.size()));
                String tasks = String.join("\n", lines.subList(report.size(), lines.size()));
                assertTrue(tasks.contains("<Task pending "), tasks);
                assertTrue(tasks.contains(" coro=<coroutine dev.heddle.workers.Workers.submit"), tasks);
                String where = "\tat .*LeftBehindTest\\.passTheDoor\\(LeftBehindTest\\.java:\\d+\\)";
                assertTrue(lines.get(1).matches(where), lines.get(1));
                assertEquals(List.of(), passed);
                assertTrue(work.isDone(), "nobody waits for ever");
                CompletionException failure = assertThrows(CompletionException.class, work::join);
                assertEquals(
                        "java.lang.IllegalStateException: worker heddle-worker-0 was shut down before the coroutine"
                                + " ended",
                        failure.getMessage());
            }
            workers.close();
            assertEquals(List.of("passed"), passed, "the thread has ended");
            assertEquals(1, log.lines().size(), () -> log.lines().toString());
        }
    }

    @Test
    void whatWasSubmittedHasEndedInTimeThoughACallbackBlocks() {
        Workers workers = Workers.start(1);
        Thread stuck =
                workers.submit(() -> Coroutine.of(Thread.currentThread())).join();
        try (LogCapture log = new LogCapture()) {
            synchronized (door) {
                workers.loops().get(0).callSoonThreadsafe(this::passTheDoor);
                awaitBlocked(stuck);
                assertTrue(workers.shutdown(SHORT, SHORT));
                assertEquals(1, log.lines().size(), () -> log.lines().toString());
            }
            assertTrue(workers.shutdown(SHORT));
        }
    }
}
