package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The states of a future, its callbacks, and its unretrieved failures. */
class FutureTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final Future<Integer> future = loop.createFuture();
    private final List<Object> events = new ArrayList<>();
    private final List<Object> reports = new ArrayList<>();

    @BeforeEach
    void listen() {
        loop.setExceptionHandler((source, context) -> reports.add(context.get("message")));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void turn() {
        loop.stop();
        loop.runForever();
    }

    private static void assertInvalid(String message, org.junit.jupiter.api.function.Executable executable) {
        assertEquals(
                message, assertThrows(InvalidStateException.class, executable).getMessage());
    }

    @Test
    void pending() {
        assertInvalid("Result is not ready.", future::result);
        assertInvalid("Exception is not set.", future::exception);
        assertFalse(future.isDone());
        assertFalse(future.isCancelled());
        assertSame(loop, future.loop());
        assertEquals("<Future pending>", future.toString());
    }

    @Test
    void finished() {
        future.setResult(7);
        assertEquals(7, future.result());
        assertNull(future.exception());
        assertTrue(future.isDone());
        assertFalse(future.isCancelled());
        assertFalse(future.cancel());
        assertInvalid("FINISHED: <Future finished result=7>", () -> future.setResult(8));
        assertInvalid("FINISHED: <Future finished result=7>", () -> future.setException(new IOException()));
    }

    @Test
    void failed() {
        IOException failure = new IOException("gone");
        future.setException(failure);
        assertSame(failure, assertThrows(IOException.class, future::result));
        assertSame(failure, future.exception());
        assertTrue(future.isDone());
        assertFalse(future.isCancelled());
        assertFalse(future.cancel());
        assertInvalid("FINISHED: <Future finished exception=java.io.IOException: gone>", () -> future.setResult(8));
        assertThrows(NullPointerException.class, () -> loop.createFuture().setException(null));
    }

    @Test
    void cancelled() {
        assertTrue(future.cancel("enough"));
        assertEquals(
                "enough", assertThrows(CancelledError.class, future::result).getMessage());
        assertEquals(
                "enough", assertThrows(CancelledError.class, future::exception).getMessage());
        assertTrue(future.isDone());
        assertTrue(future.isCancelled());
        assertFalse(future.cancel());
        assertInvalid("CANCELLED: <Future cancelled>", () -> future.setResult(8));
    }

    @Test
    void cancelledErrorAsFailureIsNoCancellation() {
        future.setException(new CancelledError());
        assertFalse(future.isCancelled());
        assertTrue(future.exception() instanceof CancelledError);
    }

    @Test
    void callsBackInOrderInTheNextTurn() {
        future.addDoneCallback(done -> events.add(1));
        future.addDoneCallback(done -> events.add(2));
        future.addDoneCallback(done -> events.add(done));
        assertEquals("<Future pending waiters=3>", future.toString());
        future.setResult(7);
        assertEquals(List.of(), events);
        turn();
        assertEquals(List.of(1, 2, future), events);
        future.addDoneCallback(done -> events.add("late"));
        assertEquals(3, events.size());
        turn();
        assertEquals("late", events.get(3));
    }

    @Test
    void keepsTheOrderOfCallbacksAndTasks() {
        loop.createTask(Script.script(nothing -> future).then(value -> events.add("task")));
        turn();
        future.addDoneCallback(done -> events.add("callback"));
        future.setResult(7);
        turn();
        assertEquals(List.of("task", "callback"), events);
    }

    @Test
    void removesEveryEqualCallback() {
        Consumer<Future<Integer>> callback = done -> events.add("removed");
        future.addDoneCallback(callback);
        assertEquals(1, future.removeDoneCallback(callback));
        future.addDoneCallback(callback);
        future.addDoneCallback(done -> events.add("kept"));
        future.addDoneCallback(callback);
        assertEquals(2, future.removeDoneCallback(callback));
        assertEquals(0, future.removeDoneCallback(callback));
        future.setResult(7);
        assertEquals(0, future.removeDoneCallback(callback));
        turn();
        assertEquals(List.of("kept"), events);
    }

    @Test
    void reportsAFailingCallback() {
        future.addDoneCallback(done -> {
            throw new IllegalStateException("broken");
        });
        future.addDoneCallback(done -> events.add("next"));
        future.setResult(7);
        turn();
        assertEquals(List.of("next"), events);
        assertTrue(reports.get(0).toString().startsWith("Exception in callback "));
    }

    @Test
    void completesACompletableFuture() {
        CompletableFuture<Integer> view = future.toCompletableFuture();
        future.setResult(7);
        assertFalse(view.isDone());
        turn();
        assertEquals(7, view.join());
        assertEquals(7, future.toCompletableFuture().join(), "at once when done");
    }

    @Test
    void failsACompletableFutureWithTheVeryFailure() {
        CompletableFuture<Integer> view = future.toCompletableFuture();
        IOException failure = new IOException("gone");
        future.setException(failure);
        turn();
        assertSame(failure, assertThrows(CompletionException.class, view::join).getCause());
        loop.close();
        assertEquals(List.of(), reports, "handed over, so not reported");
    }

    @Test
    void cancelledCompletableFutureCancelsTheFutureThroughTheLoop() {
        CompletableFuture<Integer> view = future.toCompletableFuture();
        view.cancel(false);
        assertFalse(future.isDone());
        turn();
        assertTrue(future.isCancelled());
        CompletableFuture<Integer> other = future.toCompletableFuture();
        assertTrue(other.isCancelled(), "and the other way round");
    }

    @Test
    void closingTheLoopFailsACompletableFutureOfAPendingOne() {
        CompletableFuture<Integer> view = future.toCompletableFuture();
        CompletableFuture<Integer> done = loop.<Integer>createFuture().toCompletableFuture();
        done.complete(1);
        loop.close();
        Throwable failure = assertThrows(CompletionException.class, view::join).getCause();
        assertEquals("Event loop is closed: " + loop, failure.getMessage());
        assertEquals(1, done.join());
        CompletableFuture<Integer> late = future.toCompletableFuture();
        assertTrue(late.isCompletedExceptionally(), "nothing can complete it any more");
    }

    @Test
    void whatWasSentBeforeItIsDoneRunsBefore() {
        future.addDoneCallback(done -> events.add("done"));
        loop.callSoonThreadsafe(() -> events.add("sent"));
        future.setResult(1);
        loop.callSoonThreadsafe(() -> events.add("sent later"));
        turn();
        assertEquals(List.of("sent", "done", "sent later"), events);
    }

    @Test
    void reportsAFailureNobodyLookedAtWhenTheLoopIsClosed() {
        future.setException(new IOException("gone"));
        assertEquals(List.of(), reports);
        loop.close();
        assertEquals(List.of("Future exception was never retrieved"), reports);
    }

    @Test
    void reportsNoFailureSomebodyLookedAt() {
        future.setException(new IOException("asked for"));
        future.exception();
        Future<Integer> cancelled = loop.createFuture();
        cancelled.setException(new IOException("cancelled too late"));
        cancelled.cancel();
        Future<Integer> awaited = loop.createFuture();
        loop.createTask(Script.script(nothing -> awaited).handle(failure -> null));
        turn();
        awaited.setException(new IOException("awaited"));
        turn();
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Test
    void reportsTheFailureOfACollectedTask() {
        loop.createTask(
                Script.script(nothing -> {
                    throw new IOException("dropped");
                }),
                "dropped");
        turn();
        for (int attempt = 0; attempt < 100 && reports.isEmpty(); attempt++) {
            System.gc();
            loop.callLater(1, loop::stop);
            loop.runForever();
        }
        assertEquals(List.of("Task exception was never retrieved"), reports);
        loop.close();
        assertEquals(1, reports.size(), "once");
    }

    @Test
    void reportsTheFailureOfACollectedFutureThoughTheLoopNeverWaits() {
        Future<Object> dropped = loop.createFuture();
        dropped.setException(new IOException("dropped"));
        dropped = null;
        for (int attempt = 0; attempt < 100 && reports.isEmpty(); attempt++) {
            System.gc();
            loop.callSoon(() -> {});
            turn();
        }
        assertEquals(List.of("Future exception was never retrieved"), reports);
    }

    /** The report may come later than it can, as the collector is asked and not told: then this is tried again. */
    @Test
    void theHandlerOfAReportCanStopALoopThatIsAboutToWait() {
        List<Double> reported = new ArrayList<>();
        loop.setExceptionHandler((source, context) -> {
            reported.add(loop.time());
            loop.stop();
        });
        double began;
        int attempt = 0;
        do {
            Future<Object> dropped = loop.createFuture();
            dropped.setException(new IOException("dropped"));
            dropped = null;
            System.gc();
            reported.clear();
            began = loop.time();
            TimerHandle timer = loop.callLater(1, loop::stop);
            loop.runForever();
            timer.cancel();
            attempt++;
        } while (attempt < 100 && (reported.isEmpty() || reported.get(0) != began));
        assertEquals(began, reported.get(0));
        assertEquals(began, loop.time(), "has not waited");
    }

    @Test
    void refusesCallbacksOfAClosedLoop() {
        future.addDoneCallback(done -> {});
        loop.close();
        assertEquals(
                "Event loop is closed: " + loop,
                assertThrows(IllegalStateException.class, () -> future.setResult(7))
                        .getMessage());
    }

    @Test
    void refusesOtherThreads() throws InterruptedException {
        loop.callSoon(() -> onOtherThread(() -> {
            events.add(message(() -> future.setResult(7)));
            events.add(message(() -> future.cancel()));
            events.add(message(() -> loop.callSoon(() -> {})));
            events.add(message(() -> loop.callLater(1, () -> {})));
            events.add(message(() -> loop.createTask(Coroutine.done())));
        }));
        String expected = "Non-thread-safe operation invoked on an event loop other than the current one: "
                + loop.toString().replace("idle", "running")
                + " runs on another thread than other; use callSoonThreadsafe, or runCoroutineThreadsafe for a coroutine";
        turn();
        assertEquals(List.of(expected, expected, expected, expected, expected), events);
        assertFalse(future.isDone());
    }

    /** Virtual threads have no names. */
    @Test
    void namesAThreadWithoutANameByItsNumber() {
        AtomicLong number = new AtomicLong();
        loop.callSoon(() -> onOtherThread("", () -> {
            number.set(Thread.currentThread().getId());
            events.add(message(() -> future.setResult(7)));
            events.add(message(Asyncio::getRunningLoop));
        }));
        turn();
        String thread = "#" + number + " (unnamed)";
        assertEquals(
                List.of(
                        "Non-thread-safe operation invoked on an event loop other than the current one: "
                                + loop.toString().replace("idle", "running") + " runs on another thread than " + thread
                                + "; use callSoonThreadsafe, or runCoroutineThreadsafe for a coroutine",
                        "no running event loop on thread " + thread
                                + "; call this in a coroutine that Asyncio.run or EventLoop.runUntilComplete runs"),
                events);
    }

    /** Not in debug mode only: it would work mostly, and lose a wake-up now and then. */
    @Test
    void refusesOtherLoopsWhileItsOwnRuns() {
        EventLoop other = EventLoop.create();
        Task<String> task = loop.createTask(Coroutine.of("done"));
        loop.callSoon(() -> onOtherThread(() -> {
            other.callSoon(() -> {
                events.add(message(() -> future.setResult(7)));
                events.add(message(() -> future.setException(new Exception())));
                events.add(message(() -> future.cancel()));
                events.add(message(() -> task.cancel()));
                events.add(message(() -> future.addDoneCallback(done -> {})));
                events.add(message(() -> future.removeDoneCallback(done -> {})));
            });
            other.stop();
            other.runForever();
        }));
        turn();
        String expected = "Non-thread-safe operation invoked on an event loop other than the current one: "
                + loop.toString().replace("idle", "running") + " runs on another thread than other, which runs "
                + other.toString().replace("idle", "running")
                + "; use callSoonThreadsafe, or runCoroutineThreadsafe for a coroutine";
        assertEquals(Collections.nCopies(6, expected), events);
        assertFalse(future.isDone());
        assertFalse(task.isCancelled());
        other.close();
    }

    private static String message(org.junit.jupiter.api.function.Executable executable) {
        return String.valueOf(
                assertThrows(IllegalStateException.class, executable).getMessage());
    }

    private static void onOtherThread(Runnable runnable) {
        onOtherThread("other", runnable);
    }

    private static void onOtherThread(String name, Runnable runnable) {
        Thread thread = new Thread(runnable, name);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
