package dev.heddle;

import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The reports of a loop about unretrieved failures, and about work that it drops when it is closed. */
@Timeout(20)
class LostWorkTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @BeforeEach
    void listen() {
        loop.setExceptionHandler((source, context) -> {
            Throwable failure = (Throwable) context.get("exception");
            events.add(
                    context.get("message") + (failure == null ? "" : " " + failure.getMessage()) + " @" + loop.time());
        });
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void turn() {
        loop.stop();
        loop.runForever();
    }

    private Task<Object> failing(String message) {
        return loop.createTask(
                script(x -> {
                    throw new IOException(message);
                }),
                "failing");
    }

    /** Lets time pass, with an event at each of {@code times}. */
    private void pass(double... times) {
        for (double time : times) {
            loop.callAt(time, () -> events.add(time));
        }
        loop.callAt(times[times.length - 1], loop::stop);
        loop.runForever();
    }

    // Failures

    @Test
    void failureIsReportedOnceWhenTheDelayIsOver() {
        Task<Object> kept = failing("lost");
        pass(1.5, 30, 30.5, 99);
        assertEquals(List.of(1.5, 30.0, "Task exception was never retrieved lost @30.5", 30.5, 99.0), events);
        assertTrue(kept.isDone());
    }

    @Test
    void delayIsASecondInDebugMode() {
        loop.setDebug(true);
        Task<Object> kept = failing("lost");
        pass(0.5, 1, 1.5, 5);
        assertEquals(List.of(0.5, 1.0, "Task exception was never retrieved lost @1.5", 1.5, 5.0), events);
        assertTrue(kept.isDone());
    }

    @Test
    void delayThatWasSetHoldsInDebugModeAndForWhatHasFailedBefore() {
        Task<Object> kept = failing("lost");
        pass(1);
        loop.setDebug(true);
        loop.setUnretrievedFailureDelay(4);
        pass(3, 5);
        assertEquals(List.of(1.0, 3.0, "Task exception was never retrieved lost @5.0", 5.0), events);
        assertTrue(kept.isDone());
        loop.setUnretrievedFailureDelay(-1);
        Task<Object> next = failing("next");
        pass(6);
        assertEquals("Task exception was never retrieved next @6.0", events.get(4));
        assertTrue(next.isDone());
        assertThrows(IllegalArgumentException.class, () -> loop.setUnretrievedFailureDelay(Double.NaN));
    }

    @Test
    void withAnInfiniteDelayAllIsReportedAtTheEndWhateverTheCollectorHasDone() {
        loop.setUnretrievedFailureDelay(Double.POSITIVE_INFINITY);
        WeakReference<Task<Object>> dropped = new WeakReference<>(failing("dropped"));
        Task<Object> kept = failing("kept");
        pass(1);
        collect(dropped);
        pass(1e6);
        assertEquals(List.of(1.0, 1e6), events);
        loop.close();
        assertEquals(
                List.of(
                        "Task exception was never retrieved dropped @1000000.0",
                        "Task exception was never retrieved kept @1000000.0"),
                events.subList(2, 4));
        assertTrue(kept.isDone());
    }

    private static void collect(WeakReference<?> reference) {
        for (int attempt = 0; attempt < 100 && reference.get() != null; attempt++) {
            System.gc();
        }
        assertNull(reference.get(), "the collector takes it");
    }

    /** What a handler sees of the failure of {@code task}, which the collector has taken meanwhile or not. */
    private List<Object> seen(boolean taken, boolean debug) {
        List<Object> seen = new ArrayList<>();
        try (EventLoop observed = EventLoop.virtualTime()) {
            observed.setDebug(debug);
            observed.setExceptionHandler((source, context) -> {
                Task<?> task = (Task<?>) Objects.requireNonNull(context.get("future"));
                seen.add(List.copyOf(context.keySet()));
                seen.add(task.toString().replaceAll("LostWorkTest.java:[0-9]+", "here"));
                seen.add(VARIABLE.get() + " " + task.name() + " " + task.stack().isEmpty());
                seen.add(task.exception() == context.get("exception") ? "the failure" : "another failure");
                seen.add(
                        context.containsKey("source_traceback")
                                ? context.get("source_traceback").toString().contains("start(")
                                : "");
            });
            WeakReference<Task<Object>> task = start(observed);
            Task<Object> kept = taken ? null : task.get();
            if (taken) {
                observed.stop();
                observed.runForever();
                collect(task);
            }
            observed.callLater(60, observed::stop);
            observed.runForever();
            assertEquals(taken, kept == null);
        }
        return seen;
    }

    private static final ContextVar<String> VARIABLE = new ContextVar<>("variable", "none");

    private static WeakReference<Task<Object>> start(EventLoop loop) {
        return new WeakReference<>(loop.createTask(
                script(x -> {
                    VARIABLE.set("of the task");
                    throw new IOException("lost");
                }),
                "failing"));
    }

    @Test
    void handlerSeesTheSameWhetherTheFutureWasCollectedOrNot() {
        List<Object> expected = seen(false, false);
        assertEquals(List.of("message", "exception", "future", "loop"), expected.get(0));
        assertEquals("of the task failing false", expected.get(2));
        assertEquals("the failure", expected.get(3));
        assertEquals(expected, seen(true, false));
        List<Object> debugged = seen(false, true);
        assertEquals(List.of("message", "exception", "future", "loop", "source_traceback"), debugged.get(0));
        assertEquals(debugged, seen(true, true));
    }

    @Test
    void collectedFutureIsReportedWithACopyOfIt() {
        List<Object> futures = new ArrayList<>();
        loop.setExceptionHandler((source, context) -> futures.add(context.get("future")));
        WeakReference<Future<Integer>> dropped = dropped();
        collect(dropped);
        pass(31);
        assertEquals(1, futures.size());
        assertEquals(
                "<Future finished exception=java.io.IOException: lost>",
                futures.get(0).toString());
        loop.close();
        assertEquals(1, futures.size());
    }

    private WeakReference<Future<Integer>> dropped() {
        Future<Integer> future = loop.createFuture();
        future.setException(new IOException("lost"));
        return new WeakReference<>(future);
    }

    @Test
    void failureOfAFutureIsReportedToo() {
        Future<Integer> kept = loop.createFuture();
        kept.setException(new IOException("lost"));
        pass(31);
        assertEquals(List.of("Future exception was never retrieved lost @31.0", 31.0), events);
        assertTrue(kept.isDone());
    }

    @Test
    void eachFailureHasItsOwnDelay() {
        Task<Object> first = failing("first");
        pass(7);
        Task<Object> second = failing("second");
        pass(31, 38);
        assertEquals(
                List.of(
                        7.0,
                        "Task exception was never retrieved first @31.0",
                        31.0,
                        "Task exception was never retrieved second @38.0",
                        38.0),
                events);
        assertTrue(first.isDone() && second.isDone());
    }

    @Test
    void failureThatIsLookedAtInTimeIsNotReported() {
        Task<Object> asked = failing("asked");
        Task<Object> awaited = failing("awaited");
        Task<Object> cancelled = failing("cancelled");
        loop.callAt(29.9, asked::exception);
        loop.callAt(29.9, cancelled::cancel);
        loop.createTask(script(x -> sleep(29.9)).then(x -> awaited).handle(failure -> null));
        pass(99);
        loop.close();
        assertEquals(List.of(99.0), events);
    }

    @Test
    void delayNeitherMovesAVirtualClockNorKeepsALoopAlive() {
        Task<Object> kept = failing("lost");
        String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(loop.createFuture()))
                .getMessage();
        assertTrue(message.startsWith("deadlock in "), message);
        assertEquals(0, loop.time());
        assertEquals(List.of(), events);
        loop.close();
        assertEquals(List.of("Task exception was never retrieved lost @0.0"), events);
        assertTrue(kept.isDone());
    }

    @Test
    void delayEndsInALoopThatHasNothingToDo() {
        try (EventLoop real = EventLoop.create()) {
            Future<Integer> kept = real.createFuture();
            real.setExceptionHandler((source, context) -> real.stop());
            real.setUnretrievedFailureDelay(0.01);
            double start = real.time();
            kept.setException(new IOException("lost"));
            real.runForever();
            assertTrue(real.time() - start >= 0.01);
        }
    }

    @Test
    void waitLooksLater() {
        Task<Object> failing = failing("seen");
        Task<Object> slow = loop.createTask(script(x -> sleep(10)));
        loop.runUntilComplete(script(x -> Asyncio.wait(List.of(failing, slow))));
        assertEquals("seen", String.valueOf(failing.exception().getMessage()));
        assertEquals(List.of(), events);
    }

    @Test
    void gatherSettledLooksLater() {
        loop.runUntilComplete(script(x -> gatherSettled(failing("seen"), script(y -> sleep(10)))));
        assertEquals(List.of(), events);
    }

    @Test
    void whatWaitHasSeenIsReportedAtTheEnd() {
        Task<Object> failing = failing("lost");
        Task<Object> slow = loop.createTask(script(x -> sleep(10)));
        loop.runUntilComplete(script(x -> Asyncio.wait(List.of(failing, slow))));
        loop.close();
        assertEquals(List.of("Task exception was never retrieved lost @10.0"), events);
    }

    // Tasks

    @Test
    void closingTellsOfPendingTasks() {
        List<Object> tasks = new ArrayList<>();
        loop.setExceptionHandler((source, context) -> {
            events.add(context.get("message"));
            tasks.add(context.get("task"));
        });
        Task<Object> waiting = loop.createTask(script(x -> loop.createFuture()));
        turn();
        Task<Object> unstarted = loop.createTask(script());
        loop.close();
        String message = "Task was destroyed but it is pending!";
        assertEquals(List.of(message, message), events);
        assertEquals(List.of(waiting, unstarted), tasks);
        loop.close();
        assertEquals(2, events.size());
        unstarted.coroutine().discard(); // which would be logged in a JVM with a loop in debug mode
    }

    /** asyncio holds its tasks weakly, and may lose a task that awaits an object without other references. */
    @Test
    void taskNobodyHoldsIsKept() {
        WeakReference<Future<Object>> future = abandoned();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Objects.requireNonNull(future.get()).setResult("result");
        turn();
        turn();
        assertEquals(List.of("result"), events);
    }

    private WeakReference<Future<Object>> abandoned() {
        Future<Object> future = loop.createFuture();
        loop.createTask(script(x -> future).then(result -> events.add(result)));
        turn();
        return new WeakReference<>(future);
    }

    @Test
    void closingIsSilentAboutTasksThatOnlyTheLibraryHas() {
        assertThrows(
                IllegalStateException.class,
                () -> loop.runUntilComplete(script(x -> gather(script(y -> loop.createFuture())))));
        loop.close();
        assertEquals(List.of(), events);
    }

    // What other threads wait for

    private static String error(CompletableFuture<?> future) {
        assertTrue(future.isDone());
        return String.valueOf(
                assertThrows(ExecutionException.class, future::get).getCause().getMessage());
    }

    @Test
    void closingEndsTheWaitOfOtherThreads() throws InterruptedException {
        List<CompletableFuture<Object>> sent = new ArrayList<>();
        Coroutine<Object> late = script();
        submit(sent, script(x -> loop.createFuture()));
        loop.setExceptionHandler((source, context) -> {});
        turn();
        turn();
        submit(sent, late);
        assertFalse(sent.get(0).isDone());
        loop.close();
        String expected = "Event loop is closed: " + loop;
        assertEquals(expected, error(sent.get(0)));
        assertEquals(expected, error(sent.get(1)));
        assertFalse(late.discard(), "given up before");
    }

    @Test
    void closingHandsOverWhatIsDone() {
        Task<Object> task = loop.createTask(script(x -> "done"));
        CompletableFuture<Object> view = task.toCompletableFuture();
        turn();
        assertFalse(view.isDone());
        loop.close();
        assertEquals("done", view.join());
    }

    private void submit(List<CompletableFuture<Object>> sent, Coroutine<Object> coroutine) throws InterruptedException {
        Thread thread = new Thread(() -> sent.add(runCoroutineThreadsafe(coroutine, loop)));
        thread.start();
        thread.join();
    }
}
