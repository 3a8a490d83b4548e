package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.wrapFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.InvalidStateException;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code test_futures}, without the callbacks. */
class CPythonFuturesIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final Future<Integer> future = loop.createFuture();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    CPythonFuturesIT() {
        loop.setExceptionHandler((source, context) -> reports.add(context));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void runBriefly() {
        loop.stop();
        loop.runForever();
    }

    /** Makes it impossible to retrieve a failure. */
    private void pass() {
        loop.callLater(31, loop::stop);
        loop.runForever();
    }

    private void assertDone() {
        assertTrue(future.isDone());
        assertThrows(InvalidStateException.class, () -> future.setResult(1));
        assertThrows(InvalidStateException.class, () -> future.setException(new IOException()));
        assertFalse(future.cancel());
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_isfuture")
    void isAFuture() {
        assertTrue((Object) future instanceof Future);
        Awaitable<Void> sleep = Asyncio.sleep(0);
        assertFalse((Object) sleep instanceof Future);
        loop.runUntilComplete(sleep);
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_initial_state")
    void isPendingAtFirst() {
        assertFalse(future.isCancelled());
        assertFalse(future.isDone());
        future.cancel();
        assertTrue(future.isCancelled());
    }

    @Async
    private static Coroutine<Future<Integer>> made() {
        return Coroutine.of(getRunningLoop().createFuture());
    }

    @Test
    @Mirrors(
            value = {
                "test_futures.BaseFutureTests.test_constructor_use_running_loop",
                "test_futures.BaseFutureTests.test_constructor_use_global_loop"
            },
            adapted = "a future is made by a loop")
    void belongsToTheLoopThatMadeIt() {
        assertSame(loop, loop.runUntilComplete(made()).loop());
        assertSame(loop, future.loop());
    }

    @Test
    @Mirrors(
            value = "test_futures.BaseFutureTests.test_future_cancel_message_getter",
            adapted = "the message is that of the error")
    void keepsTheMessageOfTheCancellation() {
        future.cancel("my message");
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    "my message",
                    assertThrows(CancelledError.class, () -> loop.runUntilComplete(future))
                            .getMessage());
        }
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_cancel")
    void isCancelled() {
        assertTrue(future.cancel());
        assertTrue(future.isCancelled());
        assertThrows(CancelledError.class, future::result);
        assertThrows(CancelledError.class, future::exception);
        assertDone();
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_result")
    void hasAResult() {
        assertThrows(InvalidStateException.class, future::result);
        future.setResult(42);
        assertFalse(future.isCancelled());
        assertEquals(42, future.result());
        assertNull(future.exception());
        assertDone();
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_exception")
    void hasAFailure() {
        IOException failure = new IOException();
        assertThrows(InvalidStateException.class, future::exception);
        future.setException(failure);
        assertFalse(future.isCancelled());
        assertSame(failure, assertThrows(IOException.class, future::result));
        assertSame(failure, future.exception());
        assertDone();
    }

    @Async
    private static Coroutine<List<Integer>> awaitingTwice(Future<Integer> future) {
        return Coroutine.of(List.of(await(future), await(future)));
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_yield_from_twice")
    void canBeAwaitedTwice() {
        loop.callSoon(() -> future.setResult(42));
        assertEquals(List.of(42, 42), loop.runUntilComplete(awaitingTwice(future)));
    }

    @Test
    @Mirrors(
            value = "test_futures.BaseFutureTests.test_future_repr",
            adapted = "the number of those who wait is shown, and not their names")
    void showsItsState() {
        assertEquals("<Future pending>", future.toString());
        future.addDoneCallback(done -> {});
        assertEquals("<Future pending waiters=1>", future.toString());
        future.addDoneCallback(done -> {});
        assertEquals("<Future pending waiters=2>", future.toString());
        future.cancel();
        assertEquals("<Future cancelled>", future.toString());
        Future<Integer> finished = loop.createFuture();
        finished.setResult(4);
        assertEquals("<Future finished result=4>", finished.toString());
        Future<Integer> failed = loop.createFuture();
        IOException failure = new IOException("gone");
        failed.setException(failure);
        assertEquals("<Future finished exception=java.io.IOException: gone>", failed.toString());
        assertSame(failure, failed.exception());
        loop.setDebug(true);
        String pending = loop.createFuture().toString();
        assertTrue(pending.matches("<Future pending created at CPythonFuturesIT.java:\\d+>"), pending);
    }

    @Test
    @Mirrors(
            value = "test_futures.BaseFutureTests.test_copy_state",
            adapted = "by shield, which copies the state of what it shields")
    void stateIsCopied() {
        Future<Integer> failed = loop.createFuture();
        Future<Integer> cancelled = loop.createFuture();
        List<Future<Integer>> copies = List.of(shield(future), shield(failed), shield(cancelled));
        IOException failure = new IOException("gone");
        StackTraceElement[] trace = failure.getStackTrace();
        future.setResult(10);
        failed.setException(failure);
        cancelled.cancel();
        runBriefly();
        assertEquals(10, copies.get(0).result());
        assertSame(failure, assertThrows(IOException.class, copies.get(1)::result));
        assertEquals(List.of(trace), List.of(failure.getStackTrace()));
        assertTrue(copies.get(2).isCancelled());
    }

    // Failures nobody has looked at

    @Test
    @Mirrors({
        "test_futures.BaseFutureTests.test_tb_logger_abandoned",
        "test_futures.BaseFutureTests.test_tb_logger_not_called_after_cancel",
        "test_futures.BaseFutureTests.test_tb_logger_result_unretrieved",
        "test_futures.BaseFutureTests.test_tb_logger_result_retrieved",
        "test_futures.BaseFutureTests.test_tb_logger_exception_retrieved",
        "test_futures.BaseFutureTests.test_tb_logger_exception_result_retrieved"
    })
    void nothingIsReportedWhereNothingIsLost() {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(loop.createFuture());
        }
        futures.get(0).setException(new IOException("cancelled"));
        futures.get(0).cancel();
        futures.get(1).setResult(42);
        futures.get(2).setResult(42);
        futures.get(2).result();
        futures.get(3).setException(new IOException("seen"));
        futures.get(3).exception();
        future.setException(new IOException("thrown"));
        assertThrows(IOException.class, future::result);
        pass();
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Test
    @Mirrors(
            value = {
                "test_futures.BaseFutureTests.test_tb_logger_exception_unretrieved",
                "test_futures.BaseFutureTests.test_future_exception_never_retrieved"
            },
            adapted = "half a minute later, though the future can be reached")
    void failureNobodyLooksAtIsReported() {
        IOException failure = new IOException("boom");
        future.setException(failure);
        runBriefly();
        assertEquals(List.of(), reports);
        pass();
        assertEquals(1, reports.size());
        assertEquals("Future exception was never retrieved", reports.get(0).get("message"));
        assertSame(failure, reports.get(0).get("exception"));
    }

    @Test
    @Mirrors({
        "test_futures.BaseFutureTests.test_future_source_traceback",
        "test_futures.BaseFutureTests.test_future_exception_never_retrieved_debug"
    })
    void debugModeTellsWhereItWasMade() {
        loop.setDebug(true);
        Future<Integer> made = loop.createFuture();
        made.setException(new IOException("boom"));
        pass();
        List<?> stack = (List<?>) Objects.requireNonNull(reports.get(0).get("source_traceback"));
        assertEquals("debugModeTellsWhereItWasMade", ((StackTraceElement) stack.get(0)).getMethodName());
    }

    // Futures of other threads

    private static <T> T withExecutor(Function<ExecutorService, T> body) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            return body.apply(executor);
        } finally {
            executor.shutdown();
        }
    }

    @Async
    private static Coroutine<Future<Thread>> wrapped(CompletableFuture<Thread> outside) {
        Future<Thread> inside = wrapFuture(outside);
        await(inside);
        return Coroutine.of(inside);
    }

    @Test
    @Mirrors({
        "test_futures.BaseFutureTests.test_wrap_future",
        "test_futures.BaseFutureTests.test_wrap_future_use_running_loop"
    })
    void wrapsAFutureOfAnotherThread() {
        Future<Thread> inside = withExecutor(executor ->
                loop.runUntilComplete(wrapped(CompletableFuture.supplyAsync(Thread::currentThread, executor))));
        assertSame(loop, inside.loop());
        assertNotSame(Thread.currentThread(), inside.result());
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_wrap_future_use_global_loop")
    void wrapsForTheLoopOfTheThread() {
        Asyncio.setEventLoop(loop);
        try {
            assertSame(loop, wrapFuture(new CompletableFuture<>()).loop());
        } finally {
            Asyncio.setEventLoop(null);
        }
    }

    private <T> Future<T> wrappedHere(CompletableFuture<T> outside) {
        Asyncio.setEventLoop(loop);
        try {
            return wrapFuture(outside);
        } finally {
            Asyncio.setEventLoop(null);
        }
    }

    @Test
    @Mirrors("test_futures.BaseFutureTests.test_wrap_future_cancel")
    void cancellationReachesTheOtherThread() {
        CompletableFuture<Integer> outside = new CompletableFuture<>();
        Future<Integer> inside = wrappedHere(outside);
        inside.cancel();
        runBriefly();
        assertTrue(outside.isCancelled());
        assertTrue(inside.isCancelled());
    }

    @Test
    @Mirrors(
            value = "test_futures.BaseFutureTests.test_wrap_future_cancel2",
            adapted = "another thread completes the future, as the loop's own would complete both at once")
    void cancellationComesTooLateForTheOtherThread() throws InterruptedException {
        CompletableFuture<Integer> outside = new CompletableFuture<>();
        Future<Integer> inside = wrappedHere(outside);
        Thread thread = new Thread(() -> outside.complete(42));
        thread.start();
        thread.join();
        inside.cancel();
        runBriefly();
        assertEquals(42, outside.join());
        assertTrue(inside.isCancelled());
    }

    @Test
    @Mirrors(value = "test_futures.DuckTests.test_ensure_future", adapted = "futures of other kinds are wrapped")
    void futureIsItsOwnFuture() {
        assertSame(future, ensureFuture(future));
    }
}
