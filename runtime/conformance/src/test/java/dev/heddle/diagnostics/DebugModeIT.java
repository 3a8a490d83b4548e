package dev.heddle.diagnostics;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.sync.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The places of creation that debug mode reports. */
class DebugModeIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    DebugModeIT() {
        loop.setDebug(true);
        loop.setExceptionHandler((source, context) -> reports.add(context));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private <T> T run(AsyncSupplier<T> body) throws Exception {
        return loop.runUntilComplete(body.get());
    }

    private static int line() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    @Async
    private static Coroutine<Integer> failing() {
        throw new IllegalArgumentException("failed");
    }

    @Async
    private static Coroutine<Integer> value() {
        await(sleep(0));
        return Coroutine.of(1);
    }

    private Object reported(String key) {
        assertEquals(1, reports.size());
        return Objects.requireNonNull(reports.get(0).get(key));
    }

    /** The first line of the trace of the one report. */
    private String created() {
        return String.valueOf(((List<?>) reported("source_traceback")).get(0));
    }

    private static String here(String method, int line) {
        return "dev.heddle.diagnostics.DebugModeIT." + method + "(DebugModeIT.java:" + line + ")";
    }

    @Test
    void reportTellsWhereTheTaskWasMade() {
        int line = line() + 1;
        Task<Integer> task = loop.createTask(failing());
        loop.callAt(5, loop::stop);
        loop.runForever();
        assertEquals("Task exception was never retrieved", reported("message"));
        assertEquals(task, reported("future"));
        assertEquals(here("reportTellsWhereTheTaskWasMade", line), created());
        assertTrue(task.toString().contains(" created at DebugModeIT.java:" + line), task.toString());
    }

    @Async
    private static Coroutine<Integer> making(List<Task<Integer>> made) {
        await(sleep(0));
        made.add(createTask(failing()));
        return Coroutine.of(line() - 1);
    }

    @Test
    void traceIsThatOfAMethodThatAwaits() throws Exception {
        List<Task<Integer>> made = new ArrayList<>();
        int line = run(() -> making(made));
        loop.callAt(5, loop::stop);
        loop.runForever();
        assertEquals(here("making", line), created());
    }

    @Test
    void reportTellsWhereTheHandleWasMade() {
        int line = line() + 1;
        loop.callSoon(() -> {
            throw new IllegalArgumentException("failed");
        });
        loop.stop();
        loop.runForever();
        assertEquals(here("reportTellsWhereTheHandleWasMade", line), created());
        assertTrue(reported("handle").toString().endsWith(" created at DebugModeIT.java:" + line + ">"));
    }

    @Test
    void reportTellsWhereTheTimerAndTheFutureWereMade() {
        Future<Integer> future = loop.createFuture();
        int line = line() - 1;
        future.setException(new IllegalArgumentException("failed"));
        loop.callAt(5, loop::stop);
        loop.runForever();
        assertEquals(here("reportTellsWhereTheTimerAndTheFutureWereMade", line), created());
        reports.clear();
        int timerLine = line() + 1;
        loop.callLater(0, () -> {
            throw new IllegalArgumentException("failed");
        });
        loop.callLater(0, loop::stop);
        loop.runForever();
        assertEquals(here("reportTellsWhereTheTimerAndTheFutureWereMade", timerLine), created());
    }

    @Test
    void withoutDebugModeThereIsNoTrace() {
        loop.setDebug(false);
        Future<Integer> future = loop.createFuture();
        future.setException(new IllegalArgumentException("failed"));
        loop.close();
        assertEquals(
                List.of("message", "exception", "future", "loop"),
                List.copyOf(reports.get(0).keySet()));
        assertTrue(!future.toString().contains("created"), future.toString());
    }

    // Coroutines that were never awaited

    private static String never(String name, String method, int line) {
        return "coroutine '" + name + "' was never awaited, created at " + here(method, line);
    }

    @Async
    private static Coroutine<Integer> forgetting(List<@Nullable Coroutine<?>> kept) {
        await(sleep(0));
        kept.add(value());
        kept.add(waitFor(sleep(1), Duration.ofSeconds(1)));
        return Coroutine.of(line() - 2);
    }

    @Test
    void coroutineNeverAwaitedIsReportedWhenTheLoopIsClosed() throws Exception {
        List<@Nullable Coroutine<?>> kept = new ArrayList<>();
        int line = run(() -> forgetting(kept));
        loop.close();
        assertEquals(
                List.of(
                        never("dev.heddle.diagnostics.DebugModeIT.value", "forgetting", line),
                        never("dev.heddle.Asyncio.sleep", "forgetting", line + 1),
                        never("dev.heddle.Asyncio.waitFor", "forgetting", line + 1)),
                reports.stream().map(report -> report.get("message")).toList());
        assertEquals(
                here("forgetting", line),
                String.valueOf(((List<?>) Objects.requireNonNull(reports.get(0).get("source_traceback"))).get(0)));
    }

    @Test
    void coroutineNeverAwaitedIsReportedWhenItIsCollected() throws Exception {
        int line = run(() -> forgetting(new ArrayList<>()));
        for (int attempt = 0; attempt < 100 && reports.size() < 3; attempt++) {
            System.gc();
            loop.callLater(1, loop::stop);
            loop.runForever();
        }
        assertTrue(reports.stream()
                .anyMatch(report -> never("dev.heddle.diagnostics.DebugModeIT.value", "forgetting", line)
                        .equals(report.get("message"))));
        int reported = reports.size();
        loop.close();
        assertEquals(reported, reports.size(), "once");
    }

    @Test
    void coroutineNeverAwaitedIsReportedThoughTheLoopNeverWaits() throws Exception {
        run(() -> forgetting(new ArrayList<>()));
        for (int attempt = 0; attempt < 100 && reports.isEmpty(); attempt++) {
            System.gc();
            loop.callSoon(loop::stop);
            loop.runForever();
        }
        assertFalse(reports.isEmpty());
    }

    @Test
    void coroutinesMadeOutsideDebugModeAreNotReported() throws Exception {
        loop.setDebug(false);
        run(() -> forgetting(new ArrayList<>()));
        loop.setDebug(true);
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Async
    private static Coroutine<Integer> forgettingAPut(List<@Nullable Coroutine<?>> kept) {
        Queue<Integer> queue = Queue.fifo(0);
        await(queue.put(1));
        kept.add(queue.put(2));
        return Coroutine.of(line() - 1);
    }

    @Test
    void coroutineOfTheLibraryThatIsUsedAgainIsReportedToo() throws Exception {
        List<@Nullable Coroutine<?>> kept = new ArrayList<>();
        int line = run(() -> forgettingAPut(kept));
        loop.close();
        assertEquals(
                List.of(never("dev.heddle.sync.Queue.put", "forgettingAPut", line)),
                reports.stream().map(report -> report.get("message")).toList());
    }

    @SuppressWarnings("heddle") // forgets on purpose
    @Async
    private static Coroutine<Integer> forgettingThePutThatEnded(Queue<Integer> queue) {
        await(queue.put(1));
        queue.put(2);
        return Coroutine.of(queue.getNow());
    }

    @Test
    void coroutineOfAQueueIsReportedWhileTheQueueLives() throws Exception {
        Queue<Integer> queue = Queue.fifo(0);
        run(() -> forgettingThePutThatEnded(queue));
        for (int attempt = 0; attempt < 100 && reports.isEmpty(); attempt++) {
            System.gc();
            loop.callSoon(loop::stop);
            loop.runForever();
        }
        assertEquals(1, reports.size());
        queue.putNow(3);
    }

    @Async
    private static Coroutine<Integer> awaitingAll() {
        Coroutine<Integer> later = value();
        int sum = await(value()) + await(later);
        Task<Integer> cancelled = createTask(value());
        cancelled.cancel();
        await(sleep(0));
        getRunningLoop().callLater(1, () -> {});
        return Coroutine.of(sum);
    }

    @Test
    void coroutinesThatWereAwaitedOrGivenUpAreNotReported() throws Exception {
        assertEquals(2, run(DebugModeIT::awaitingAll));
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Async
    private static Coroutine<Void> busyAfterAnInterrupt() {
        Thread.currentThread().interrupt();
        while (true) {
            await(sleep(0));
        }
    }

    @Async
    private static Coroutine<Void> waitingBeside(CompletableFuture<Void> outside) {
        Task<Void> busy = createTask(busyAfterAnInterrupt());
        try {
            await(outside);
        } finally {
            busy.cancel();
        }
        return Coroutine.done();
    }

    /** Between two turns, the interrupt cancels the main task and the object that it awaits. */
    @Test
    void noTaskRunsWhileAnInterruptIsHeeded() throws Exception {
        List<Optional<Task<?>>> current = new ArrayList<>();
        CompletableFuture<Void> outside = new CompletableFuture<>();
        outside.whenComplete((value, failure) -> current.add(Optional.ofNullable(currentTask())));
        try (Runner runner = new Runner(() -> loop)) {
            assertThrows(InterruptError.class, () -> runner.run(waitingBeside(outside)));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(Optional.empty()), current);
    }
}
