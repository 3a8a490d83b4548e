package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests of {@code test_tasks} about gather. The parameter of a test says whether coroutines are gathered, or futures. */
@ParameterizedClass
@EnumSource
class CPythonGatherIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final EventLoop otherLoop = EventLoop.virtualTime();
    private final List<Future<?>> called = new ArrayList<>();

    /** The reports to the exception handler. There are none at the end of a test. */
    private final List<Map<String, Object>> reports = new ArrayList<>();

    CPythonGatherIT(TaskStart start) {
        start.prepare(loop);
    }

    @BeforeEach
    void open() {
        Asyncio.setEventLoop(loop);
        loop.setExceptionHandler((source, context) -> reports.add(context));
    }

    @AfterEach
    void close() {
        Asyncio.setEventLoop(null);
        otherLoop.close();
        loop.close();
        assertEquals(List.of(), reports);
    }

    /** Lets everything run that needs no time. */
    private void runLoop() {
        for (int i = 0; i < 5; i++) {
            loop.stop();
            loop.runForever();
        }
    }

    private static List<Future<Integer>> futures(EventLoop loop, int count) {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(loop.createFuture());
        }
        return futures;
    }

    @Async
    private static <T> Coroutine<T> awaiting(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    private static List<Awaitable<Integer>> wrapped(List<Future<Integer>> futures, boolean coroutines) {
        List<Awaitable<Integer>> wrapped = new ArrayList<>();
        for (Future<Integer> future : futures) {
            wrapped.add(coroutines ? awaiting(future) : future);
        }
        return wrapped;
    }

    private <T> Future<T> watched(Future<T> future) {
        future.addDoneCallback(called::add);
        return future;
    }

    private static Object outcome(Future<?> future) {
        return future.isCancelled() ? "cancelled" : future.exception() != null ? future.exception() : future.result();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Mirrors("test_tasks.GatherTestsBase.test_success")
    void resultsAreInTheOrderOfTheArguments(boolean coroutines) {
        List<Future<Integer>> children = futures(loop, 3);
        Future<List<Integer>> outer = watched(gather(wrapped(children, coroutines)));
        children.get(1).setResult(1);
        children.get(0).setResult(2);
        runLoop();
        assertEquals(List.of(), called);
        assertFalse(outer.isDone());
        children.get(2).setResult(3);
        runLoop();
        assertEquals(List.of(outer), called);
        assertEquals(List.of(2, 1, 3), outer.result());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Mirrors(
            value = {
                "test_tasks.GatherTestsBase.test_result_exception_success",
                "test_tasks.GatherTestsBase.test_return_exceptions"
            },
            adapted = "gatherSettled gives the futures")
    void settledFuturesAreInTheOrderOfTheArguments(boolean coroutines) {
        List<Future<Integer>> children = futures(loop, 4);
        IOException first = new IOException();
        IOException second = new IOException();
        Future<List<Future<Integer>>> outer = watched(gatherSettled(wrapped(children, coroutines)));
        children.get(1).setResult(1);
        children.get(2).setException(first);
        children.get(0).setResult(3);
        runLoop();
        assertFalse(outer.isDone());
        children.get(3).setException(second);
        runLoop();
        assertEquals(List.of(outer), called);
        assertEquals(
                List.of(3, 1, first, second),
                outer.result().stream().map(CPythonGatherIT::outcome).toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Mirrors("test_tasks.GatherTestsBase.test_one_exception")
    void firstFailureIsThatOfTheFuture(boolean coroutines) {
        List<Future<Integer>> children = futures(loop, 5);
        IOException failure = new IOException();
        Future<List<Integer>> outer = watched(gather(wrapped(children, coroutines)));
        children.get(0).setResult(1);
        children.get(1).setException(failure);
        runLoop();
        assertEquals(List.of(outer), called);
        assertSame(failure, outer.exception());
        children.get(2).setResult(3);
        children.get(3).cancel();
        children.get(4).setException(new IOException());
        runLoop();
        assertEquals(List.of(outer), called);
    }

    @Async
    private static Coroutine<Future<List<Integer>>> gatheringNothing() {
        return Coroutine.of(gather(List.<Future<Integer>>of()));
    }

    @Test
    @Mirrors({
        "test_tasks.FutureGatherTests.test_constructor_empty_sequence_use_running_loop",
        "test_tasks.FutureGatherTests.test_constructor_empty_sequence_use_global_loop"
    })
    void nothingIsGatheredAtOnce() {
        Asyncio.setEventLoop(null);
        Future<List<Integer>> inside = loop.runUntilComplete(gatheringNothing());
        assertSame(loop, inside.loop());
        assertEquals(List.of(), inside.result());
        Asyncio.setEventLoop(otherLoop);
        Future<List<Integer>> outside = gather(List.<Future<Integer>>of());
        assertSame(otherLoop, outside.loop());
        assertEquals(List.of(), outside.result());
    }

    @Test
    @Mirrors("test_tasks.FutureGatherTests.test_constructor_heterogenous_futures")
    void futuresOfTwoLoopsAreRefused() {
        Future<Integer> one = loop.createFuture();
        Future<Integer> other = otherLoop.createFuture();
        assertThrows(IllegalArgumentException.class, () -> gather(List.of(one, other)));
    }

    @Test
    @Mirrors("test_tasks.FutureGatherTests.test_constructor_homogenous_futures")
    void futureIsOfTheLoopOfTheChildren() {
        List<Future<Integer>> children = futures(otherLoop, 3);
        for (int i = 0; i < 2; i++) {
            Future<List<Integer>> outer = gather(children);
            assertSame(otherLoop, outer.loop());
            otherLoop.stop();
            otherLoop.runForever();
            assertFalse(outer.isDone());
        }
    }

    @Test
    @Mirrors("test_tasks.FutureGatherTests.test_one_cancellation")
    void cancelledChildFailsTheFuture() {
        List<Future<Integer>> children = futures(loop, 5);
        Future<List<Integer>> outer = watched(gather(children));
        children.get(0).setResult(1);
        children.get(1).cancel();
        runLoop();
        assertEquals(List.of(outer), called);
        assertFalse(outer.isCancelled());
        assertTrue(outer.exception() instanceof CancelledError);
        children.get(2).setResult(3);
        children.get(3).cancel();
        children.get(4).setException(new IOException());
        runLoop();
        assertEquals(List.of(outer), called);
    }

    @Test
    @Mirrors(
            value = "test_tasks.FutureGatherTests.test_result_exception_one_cancellation",
            adapted = "gatherSettled gives the futures")
    void cancelledChildrenAreSettled() {
        List<Future<Integer>> children = futures(loop, 6);
        IOException first = new IOException();
        IOException second = new IOException();
        Future<List<Future<Integer>>> outer = watched(gatherSettled(children));
        children.get(0).setResult(1);
        children.get(1).setException(first);
        children.get(2).cancel();
        runLoop();
        assertFalse(outer.isDone());
        children.get(3).setResult(3);
        children.get(4).cancel();
        children.get(5).setException(second);
        List<Future<Integer>> settled = loop.runUntilComplete(outer);
        assertEquals(
                List.of(1, first, "cancelled", 3, "cancelled", second),
                settled.stream().map(CPythonGatherIT::outcome).toList());
        assertEquals(List.of(outer), called);
    }

    @Async
    private static Coroutine<String> value(String value) {
        return Coroutine.of(value);
    }

    @Async
    private static Coroutine<Future<List<String>>> gathering(Coroutine<String> first, Coroutine<String> second) {
        return Coroutine.of(gather(first, second));
    }

    @Test
    @Mirrors({
        "test_tasks.CoroutineGatherTests.test_constructor_use_running_loop",
        "test_tasks.CoroutineGatherTests.test_constructor_use_global_loop"
    })
    void coroutinesRunInTheLoopOfTheCaller() {
        Asyncio.setEventLoop(otherLoop);
        Future<List<String>> inside = loop.runUntilComplete(gathering(value("a"), value("b")));
        assertSame(loop, inside.loop());
        assertEquals(List.of("a", "b"), loop.runUntilComplete(inside));
        Future<List<String>> outside = gather(value("a"), value("b"));
        assertSame(otherLoop, outside.loop());
        assertEquals(List.of("a", "b"), otherLoop.runUntilComplete(outside));
    }

    @Test
    @Mirrors("test_tasks.CoroutineGatherTests.test_duplicate_coroutines")
    void coroutineGivenTwiceRunsOnce() {
        Coroutine<String> repeated = value("abc");
        Future<List<String>> outer = gather(repeated, repeated, value("def"), repeated);
        runLoop();
        assertEquals(List.of("abc", "abc", "def", "abc"), outer.result());
    }

    @Async
    private static Coroutine<Void> proving(Awaitable<?> awaitable, List<String> proof) {
        await(awaitable);
        proof.add("went on");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> gatheringTasks(
            List<Task<Void>> children, List<Future<?>> gatherer, List<String> proof) {
        Future<List<Void>> outer = gather(children);
        gatherer.add(outer);
        await(outer);
        proof.add("went on");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.CoroutineGatherTests.test_cancellation_broadcast")
    void cancellationReachesTheChildren() {
        List<String> proof = new ArrayList<>();
        List<Future<?>> gatherer = new ArrayList<>();
        Future<Integer> waiter = loop.createFuture();
        List<Task<Void>> children =
                List.of(loop.createTask(proving(waiter, proof)), loop.createTask(proving(waiter, proof)));
        Task<Void> outer = loop.createTask(gatheringTasks(children, gatherer, proof));
        loop.stop();
        loop.runForever();
        assertTrue(outer.cancel());
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(outer));
        assertFalse(gatherer.get(0).cancel());
        assertTrue(waiter.isCancelled());
        assertTrue(children.get(0).isCancelled());
        assertTrue(children.get(1).isCancelled());
        runLoop();
        assertEquals(List.of(), proof);
    }

    @Async
    private static Coroutine<Void> failingAfter(Future<Void> future) {
        await(future);
        throw new IllegalArgumentException("should not be ignored");
    }

    @Test
    @Mirrors("test_tasks.CoroutineGatherTests.test_exception_marking")
    void laterFailuresCountAsSeen() {
        Future<Void> first = loop.createFuture();
        Future<Void> second = loop.createFuture();
        Task<List<Void>> outer = loop.createTask(awaiting(gather(failingAfter(first), failingAfter(second))));
        runLoop();
        first.setResult(null);
        runLoop();
        second.setResult(null);
        runLoop();
        assertTrue(outer.exception() instanceof IllegalArgumentException);
        loop.callLater(5, loop::stop);
        loop.runForever();
    }
}
