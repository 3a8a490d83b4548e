package dev.heddle.loop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** run and Runner. */
@Timeout(20)
class CPythonRunnersIT {

    private static final String INTERRUPT = "the thread is interrupted, as a JVM gets no KeyboardInterrupt";

    private final List<Object> seen = new ArrayList<>();

    @Async
    private static Coroutine<Integer> result() {
        await(sleep(0));
        return Coroutine.of(42);
    }

    @Test
    @Mirrors("test_runners.RunTests.test_asyncio_run_return")
    void runGivesTheResult() {
        assertEquals(42, run(result()));
    }

    @Async
    private static Coroutine<Void> failing() {
        await(sleep(0));
        throw new IllegalArgumentException("spam");
    }

    @Test
    @Mirrors("test_runners.RunTests.test_asyncio_run_raises")
    void runThrowsTheFailure() {
        assertEquals(
                "spam",
                assertThrows(IllegalArgumentException.class, () -> run(failing()))
                        .getMessage());
    }

    @Async
    private static Coroutine<Boolean> isDebug() {
        return Coroutine.of(getEventLoop().getDebug());
    }

    @Test
    @Mirrors(
            value = {
                "test_runners.RunTests.test_asyncio_run_debug",
                "test_runners.RunnerTests.test_debug",
                "test_runners.RunnerTests.test_non_debug"
            },
            adapted = "debug mode is set on a Runner")
    void debugMode() {
        for (boolean debug : new boolean[] {false, true}) {
            try (Runner runner = new Runner().debug(debug)) {
                assertEquals(debug, runner.loop().getDebug());
                assertEquals(debug, runner.run(isDebug()));
            }
        }
    }

    @Async
    private static Coroutine<Integer> nested() {
        return Coroutine.of(run(result()));
    }

    @Test
    @Mirrors("test_runners.RunTests.test_asyncio_run_from_running_loop")
    void runInARunningLoop() {
        String message =
                assertThrows(IllegalStateException.class, () -> run(nested())).getMessage();
        assertTrue(message.startsWith("Asyncio.run() cannot be called from a running event loop"), message);
    }

    @Async
    private Coroutine<Integer> leaving(AsyncSupplier<Void> leftover) throws Exception {
        getRunningLoop().setExceptionHandler((loop, context) -> seen.add(new HashMap<>(context)));
        seen.add(createTask(leftover.get()));
        return Coroutine.of(123);
    }

    @Test
    @Mirrors("test_runners.RunTests.test_asyncio_run_cancels_hanging_tasks")
    void runCancelsHangingTasks() throws Exception {
        assertEquals(123, run(leaving(() -> {
            await(sleep(100));
            return Coroutine.done();
        })));
        assertTrue(((Task<?>) seen.get(0)).isCancelled());
        assertEquals(1, seen.size());
    }

    @Test
    @Mirrors("test_runners.RunTests.test_asyncio_run_reports_hanging_tasks_errors")
    void runReportsTheErrorsOfHangingTasks() throws Exception {
        assertEquals(123, run(leaving(() -> {
            try {
                await(sleep(100));
            } catch (CancelledError cancelled) {
                throw new ArithmeticException();
            }
            return Coroutine.done();
        })));
        Task<?> leftover = (Task<?>) seen.get(0);
        assertTrue(leftover.isDone());
        Map<?, ?> report = (Map<?, ?>) seen.get(1);
        assertEquals("unhandled exception during run() shutdown", report.get("message"));
        assertSame(leftover, report.get("task"));
        assertInstanceOf(ArithmeticException.class, report.get("exception"));
        assertEquals(2, seen.size());
    }

    @Test
    @Mirrors(
            value = {
                "test_runners.RunTests.test_asyncio_run_set_event_loop",
                "test_runners.RunnerTests.test_set_event_loop_called_once"
            },
            adapted = "the thread gets its loop back at the end, where asyncio leaves it without one")
    void loopIsThatOfTheThread() {
        try (Runner runner = new Runner()) {
            runner.run(result());
            assertSame(runner.loop(), getEventLoop());
            runner.run(result());
            assertSame(runner.loop(), getEventLoop());
        }
    }

    @Async
    private static Coroutine<EventLoop> runningLoop() {
        return Coroutine.of(getRunningLoop());
    }

    @Test
    @Mirrors(
            value = {
                "test_runners.RunTests.test_asyncio_run_loop_factory",
                "test_runners.RunTests.test_loop_factory_default_event_loop",
                "test_runners.RunnerTests.test_custom_factory"
            },
            adapted = "a factory is given to a Runner")
    void factoryIsCalledOnce() {
        EventLoop loop = EventLoop.create();
        try (Runner runner = new Runner(() -> {
            seen.add("called");
            return loop;
        })) {
            assertSame(loop, runner.loop());
            assertSame(loop, runner.run(runningLoop()));
        }
        assertEquals(List.of("called"), seen);
    }

    @Test
    @Mirrors({
        "test_runners.RunnerTests.test_run",
        "test_runners.RunnerTests.test_explicit_close",
        "test_runners.RunnerTests.test_double_close"
    })
    void closedRunner() {
        Runner runner = new Runner();
        assertEquals(42, runner.run(result()));
        EventLoop loop = runner.loop();
        runner.close();
        assertTrue(loop.isClosed());
        assertEquals(
                "Runner is closed",
                assertThrows(IllegalStateException.class, runner::loop).getMessage());
        runner.close();
        assertTrue(loop.isClosed());
    }

    @Async
    private Coroutine<Void> adding(Object element) {
        seen.add(element);
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_runners.RunnerTests.test_second_with_block_raises")
    void closedRunnerRunsNothing() {
        Runner runner = new Runner();
        try (runner) {
            runner.run(adding(1));
        }
        try (runner) {
            assertEquals(
                    "Runner is closed",
                    assertThrows(IllegalStateException.class, () -> runner.run(adding(2)))
                            .getMessage());
        }
        assertEquals(List.of(1), seen);
    }

    private static final ContextVar<Integer> VARIABLE = new ContextVar<>("variable", -1);

    @Async
    private static Coroutine<Integer> setting(int value) {
        int old = VARIABLE.get();
        await(sleep(0));
        VARIABLE.set(value);
        return Coroutine.of(old);
    }

    @Async
    private static Coroutine<Context> context() {
        return Coroutine.of(Context.copyCurrent());
    }

    @Test
    @Mirrors("test_runners.RunnerTests.test_run_keeps_context")
    void runsShareAContext() {
        try (Runner runner = new Runner()) {
            assertEquals(-1, runner.run(setting(1)));
            assertEquals(1, runner.run(setting(2)));
            assertEquals(2, runner.run(context()).get(VARIABLE));
        }
    }

    @Async
    private static Coroutine<Integer> recursive(Runner runner) {
        return Coroutine.of(runner.run(result()));
    }

    @Test
    @Mirrors(
            value = "test_runners.RunnerTests.test_recursive_run",
            adapted = "the refused coroutine is given up, so that nothing warns of it")
    void runnerInItsOwnRun() {
        try (Runner runner = new Runner()) {
            String message = assertThrows(IllegalStateException.class, () -> runner.run(recursive(runner)))
                    .getMessage();
            assertTrue(message.startsWith("Runner.run() cannot be called from a running event loop"), message);
        }
    }

    @Async
    private Coroutine<Void> interrupted(Future<Void> future) {
        try {
            await(future);
        } catch (CancelledError cancelled) {
            seen.add("cancelled");
        }
        throw new CancelledError("again");
    }

    @Test
    @Mirrors(value = "test_runners.RunnerTests.test_interrupt_wait", adapted = INTERRUPT)
    void interruptCancelsWhatMainWaitsFor() {
        try (Runner runner = new Runner()) {
            Future<Void> future = runner.loop().createFuture();
            runner.loop().callLater(0.001, Thread.currentThread()::interrupt);
            assertThrows(InterruptError.class, () -> runner.run(interrupted(future)));
            assertTrue(future.isCancelled());
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of("cancelled"), seen);
    }

    @Async
    private static Coroutine<Void> cancelling(Task<?> main) {
        await(sleep(0));
        main.cancel();
        Thread.currentThread().interrupt();
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> cancelledElsewhere() {
        createTask(cancelling(currentTask()));
        await(sleep(10));
        return Coroutine.done();
    }

    @Test
    @Mirrors(value = "test_runners.RunnerTests.test_interrupt_cancelled_task", adapted = INTERRUPT)
    void interruptOfACancelledMain() {
        try (Runner runner = new Runner()) {
            assertThrows(CancelledError.class, () -> runner.run(cancelledElsewhere()));
        }
        assertTrue(Thread.interrupted(), "the interrupt is not lost");
    }

    @Async
    private static Coroutine<Void> interruptingInTheLastTurn() {
        for (int i = 0; i < 300; i++) {
            createTask(() ->
                    Coroutine.done()); // more steps in its last turn than the loop runs without a look at interrupts
        }
        Thread.currentThread().interrupt();
        return Coroutine.done();
    }

    @Test
    void interruptInTheTurnInWhichMainEndsIsNotLost() {
        try (Runner runner = new Runner()) {
            runner.run(interruptingInTheLastTurn());
        }
        assertTrue(Thread.interrupted(), "the interrupt is not lost");
    }

    private static final class Result {
        private int shown;

        @Override
        public String toString() {
            shown++;
            return "result";
        }
    }

    @Async
    private static Coroutine<Result> resultToShow() {
        return Coroutine.of(new Result());
    }

    @Test
    @Mirrors("test_runners.RunnerTests.test_no_repr_is_call_on_the_task_result")
    void nobodyAsksTheResultForItsText() {
        assertEquals(0, run(resultToShow()).shown);
    }

    @Test
    @Mirrors(
            value = "test_runners.RunnerTests.test_signal_install_not_supported_ok",
            adapted = "any thread may run a Runner")
    void runsOnAnotherThread() throws InterruptedException {
        Thread other = new Thread(() -> seen.add(run(result())));
        other.start();
        other.join();
        assertEquals(List.of(42), seen);
        assertFalse(other.isAlive());
    }
}
