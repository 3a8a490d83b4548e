package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.shield;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about what a cancellation reaches, and what shield keeps from it. */
@ParameterizedClass
@EnumSource
class CPythonShieldIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final Future<Integer> inner = loop.createFuture();
    private final List<String> proof = new ArrayList<>();

    CPythonShieldIT(TaskStart start) {
        start.prepare(loop);
    }

    @BeforeEach
    void open() {
        Asyncio.setEventLoop(loop);
    }

    @AfterEach
    void close() {
        Asyncio.setEventLoop(null);
        loop.close();
    }

    private void runBriefly() {
        loop.stop();
        loop.runForever();
    }

    @Async
    private static Coroutine<Void> proving(Future<Integer> waiter, List<String> proof) {
        try {
            await(waiter);
        } catch (CancelledError error) {
            proof.add("inner cancelled");
            throw error;
        }
        proof.add("inner went on");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> catching(Future<Integer> waiter, List<String> proof) {
        try {
            await(proving(waiter, proof));
            proof.add("outer went on");
        } catch (CancelledError error) {
            proof.add("outer cancelled");
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_yield_future_passes_cancel")
    void awaitPassesTheCancellationOn() {
        Task<Void> task = loop.createTask(catching(inner, proof));
        runBriefly();
        task.cancel();
        loop.runUntilComplete(task);
        assertEquals(List.of("inner cancelled", "outer cancelled"), proof);
        assertTrue(inner.isCancelled());
    }

    @Async
    private static Coroutine<Void> waiting(Future<Integer> waiter, List<String> proof) {
        await(Asyncio.wait(List.of(createTask(proving(waiter, proof)))));
        proof.add("outer went on");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> shielding(Future<Integer> waiter, List<String> proof) {
        await(shield(proving(waiter, proof)));
        proof.add("outer went on");
        return Coroutine.done();
    }

    private void cancelOuterAlone(Coroutine<Void> outer) {
        Task<Void> task = loop.createTask(outer);
        runBriefly();
        runBriefly();
        task.cancel();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        inner.setResult(0);
        runBriefly();
        assertEquals(List.of("inner went on"), proof);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_yield_wait_does_not_shield_cancel")
    void waitDoesNotPassTheCancellationOn() {
        cancelOuterAlone(waiting(inner, proof));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_effect")
    void shieldDoesNotPassTheCancellationOn() {
        cancelOuterAlone(shielding(inner, proof));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_result")
    void resultPasses() {
        Future<Integer> outer = shield(inner);
        inner.setResult(42);
        assertEquals(42, loop.runUntilComplete(outer));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_exception")
    void failurePasses() {
        Future<Integer> outer = shield(inner);
        runBriefly();
        IOException failure = new IOException("expected");
        inner.setException(failure);
        runBriefly();
        assertSame(failure, outer.exception());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_cancel_inner")
    void cancellationOfTheInnerPasses() {
        Future<Integer> outer = shield(inner);
        runBriefly();
        inner.cancel();
        runBriefly();
        assertTrue(outer.isCancelled());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_cancel_outer")
    void cancelledShieldWaitsNoMore() {
        Future<Integer> outer = shield(inner);
        runBriefly();
        assertEquals("<Future pending waiters=1>", inner.toString());
        outer.cancel();
        runBriefly();
        assertTrue(outer.isCancelled());
        assertEquals("<Future pending>", inner.toString());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_shortcut")
    void doneFutureNeedsNoShield() {
        inner.setResult(42);
        assertSame(inner, shield(inner));
        assertEquals(42, loop.runUntilComplete(shield(inner)));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_shield_gather")
    void gatherIsShielded() {
        Future<Integer> second = loop.createFuture();
        Future<List<Integer>> parent = gather(inner, second);
        Future<List<Integer>> outer = shield(parent);
        runBriefly();
        outer.cancel();
        runBriefly();
        assertTrue(outer.isCancelled());
        inner.setResult(1);
        second.setResult(2);
        runBriefly();
        assertEquals(List.of(1, 2), parent.result());
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_gather_shield")
    void childrenOfAGatherAreShielded() {
        Future<Integer> second = loop.createFuture();
        Future<Integer> firstShield = shield(inner);
        Future<Integer> secondShield = shield(second);
        Future<List<Integer>> parent = gather(firstShield, secondShield);
        runBriefly();
        parent.cancel();
        runBriefly();
        assertTrue(parent.exception() instanceof CancelledError);
        assertTrue(firstShield.isCancelled());
        assertTrue(secondShield.isCancelled());
        inner.setResult(1);
        second.setResult(2);
        runBriefly();
        assertEquals(1, inner.result());
        assertEquals(2, second.result());
    }

    @Async
    private static Coroutine<Integer> value() {
        return Coroutine.of(42);
    }

    @Async
    private static Coroutine<Future<Integer>> shieldingInside() {
        return Coroutine.of(shield(value()));
    }

    @Test
    @Mirrors({
        "test_tasks.BaseTaskTests.test_shield_coroutine_use_running_loop",
        "test_tasks.BaseTaskTests.test_shield_coroutine_use_global_loop"
    })
    void coroutineIsShieldedInTheLoopOfTheCaller() {
        for (Future<Integer> outer : List.of(loop.runUntilComplete(shieldingInside()), shield(value()))) {
            assertSame(loop, outer.loop());
            assertEquals(42, loop.runUntilComplete(outer));
        }
    }
}
