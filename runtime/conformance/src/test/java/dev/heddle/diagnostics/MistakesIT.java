package dev.heddle.diagnostics;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.InvalidStateException;
import dev.heddle.ReturnWhen;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The errors for wrong use of coroutines, futures and loops. */
class MistakesIT {

    @Async
    private static Coroutine<Integer> one() {
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Object> awaiting(Awaitable<?> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    /** Returns the failure of {@code body} when it runs as a task. */
    private static <T> Throwable failureOf(AsyncSupplier<T> body) {
        try (Runner runner = new Runner(EventLoop::virtualTime)) {
            return assertThrows(Throwable.class, () -> runner.run(body.get()));
        }
    }

    private static void assertFails(Class<? extends Throwable> type, String message, Throwable failure) {
        assertSame(type, failure.getClass());
        assertEquals(message, failure.getMessage());
    }

    private static void assertThrowsState(String message, Executable executable) {
        assertEquals(
                message, assertThrows(IllegalStateException.class, executable).getMessage());
    }

    @Test
    void coroutineAwaitedTwice() {
        Coroutine<Integer> coroutine = one();
        assertFails(
                IllegalStateException.class,
                "cannot reuse already awaited coroutine: <coroutine dev.heddle.diagnostics.MistakesIT.one finished>"
                        + "; call the method again, or await a Task of it, which may be awaited often",
                failureOf(() -> {
                    await(coroutine);
                    return Coroutine.of(await(coroutine));
                }));
    }

    @Test
    void coroutineAwaitedByTwoTasks() {
        Coroutine<Object> coroutine = awaiting(sleep(1));
        Throwable failure = failureOf(() -> {
            Task<Object> first = createTask(awaiting(coroutine));
            await(sleep(0));
            await(coroutine);
            return first.coroutine();
        });
        assertSame(IllegalStateException.class, failure.getClass());
        String message = failure.getMessage().replaceAll(":[0-9]+", ":LINE");
        assertEquals(
                "coroutine is being awaited already:"
                        + " <coroutine dev.heddle.diagnostics.MistakesIT.awaiting(MistakesIT.java:LINE)>"
                        + "; call the method again, or await a Task of it, which may be awaited often",
                message);
    }

    @Test
    void twoTasksOfOneCoroutine() {
        assertFails(
                IllegalStateException.class,
                "cannot reuse already awaited coroutine: <coroutine dev.heddle.diagnostics.MistakesIT.one finished>"
                        + "; call the method again, or await a Task of it, which may be awaited often",
                failureOf(() -> {
                    Coroutine<Integer> coroutine = one();
                    Task<Integer> first = createTask(coroutine);
                    Task<Integer> second = createTask(coroutine);
                    await(first);
                    return Coroutine.of(await(second));
                }));
    }

    @Test
    void runInsideARunningLoop() {
        assertFails(
                IllegalStateException.class,
                "Asyncio.run() cannot be called from a running event loop;"
                        + " await the coroutine, or make a task of it with createTask",
                failureOf(() -> {
                    await(sleep(0));
                    return Coroutine.of(run(one()));
                }));
    }

    @Test
    void runningALoopInsideItselfOrAnother() {
        try (EventLoop other = EventLoop.create()) {
            Throwable nested = failureOf(() -> {
                await(sleep(0));
                return Coroutine.of(Asyncio.getRunningLoop().runUntilComplete(one()));
            });
            assertEquals("This event loop is already running: <EventLoop N running>", withoutNumber(nested));
            Throwable foreign = failureOf(() -> {
                await(sleep(0));
                return Coroutine.of(other.runUntilComplete(one()));
            });
            assertEquals(
                    "Cannot run the event loop while another loop is running: <EventLoop N running>",
                    withoutNumber(foreign));
        }
    }

    private static String withoutNumber(Throwable failure) {
        return failure.getMessage()
                .replaceAll("EventLoop [0-9]+", "EventLoop N")
                .replaceAll("Task-[0-9]+", "Task-N");
    }

    @Test
    void outcomeOfAPendingTask() {
        assertFails(InvalidStateException.class, "Result is not ready.", failureOf(() -> {
            await(sleep(0));
            return Coroutine.of(currentTask().result());
        }));
        assertFails(InvalidStateException.class, "Exception is not set.", failureOf(() -> {
            await(sleep(0));
            return Coroutine.of(currentTask().exception());
        }));
    }

    @Test
    void settingADoneFuture() {
        try (EventLoop loop = EventLoop.create()) {
            Future<Integer> done = loop.createFuture();
            done.setResult(1);
            assertThrowsState("FINISHED: <Future finished result=1>", () -> done.setResult(2));
            assertThrowsState("FINISHED: <Future finished result=1>", () -> done.setException(new Exception("late")));
            Future<Integer> cancelled = loop.createFuture();
            cancelled.cancel();
            assertThrowsState("CANCELLED: <Future cancelled>", () -> cancelled.setResult(2));
        }
    }

    @Test
    void settingATask() {
        try (EventLoop loop = EventLoop.create()) {
            Task<Integer> task = loop.createTask(one(), "mine");
            String text = "<Task pending name='mine' coro=<coroutine dev.heddle.diagnostics.MistakesIT.one created>>";
            assertThrowsState(
                    "Task does not support setResult: the coroutine gives the result of " + text,
                    () -> task.setResult(1));
            assertThrowsState(
                    "Task does not support setException: the coroutine gives the failure of " + text,
                    () -> task.setException(new Exception("x")));
            task.cancel();
            loop.runUntilIdle(Duration.ZERO);
        }
    }

    @Test
    void awaitingAFutureOfAnotherLoop() {
        try (EventLoop other = EventLoop.create()) {
            Future<Integer> foreign = other.createFuture();
            Throwable failure = failureOf(() -> {
                currentTask().setName("mine");
                await(foreign);
                return Coroutine.done();
            });
            String message = withoutNumber(failure).replaceAll("<Task .* of <", "<Task> of <");
            assertEquals(
                    "Task <Task> of <EventLoop N running> awaits <Future pending>,"
                            + " which is attached to a different loop, <EventLoop N idle>"
                            + "; await its toCompletableFuture(), which any loop can",
                    message);
        }
    }

    @Test
    void combiningFuturesOfTwoLoops() {
        try (EventLoop other = EventLoop.create()) {
            Future<Integer> foreign = other.createFuture();
            Throwable failure = failureOf(() -> {
                await(sleep(0));
                await(Asyncio.wait(List.of(foreign), ReturnWhen.ALL_COMPLETED));
                return Coroutine.done();
            });
            assertEquals(
                    "The future belongs to a different loop than the one specified:"
                            + " <Future pending> of <EventLoop N idle>, not of <EventLoop N running>",
                    withoutNumber(failure));
            assertSame(IllegalArgumentException.class, failure.getClass());
        }
    }

    @Test
    void awaitingNull() {
        assertFails(
                NullPointerException.class,
                "cannot await null; an async method that has nothing to return returns Coroutine.done()",
                failureOf(() -> awaiting(null)));
    }

    @Async
    private static @Nullable Coroutine<Void> returningNull() {
        await(sleep(0));
        return null;
    }

    @Test
    void returningNullFromAnAsyncMethod() {
        assertFails(
                NullPointerException.class,
                "cannot await null; an async method that has nothing to return returns Coroutine.done()",
                failureOf(MistakesIT::returningNull));
    }

    @Test
    void taskAwaitingItself() {
        Throwable failure = failureOf(() -> {
            currentTask().setName("mine");
            await(currentTask());
            return Coroutine.done();
        });
        assertSame(IllegalStateException.class, failure.getClass());
        assertEquals("Task cannot await on itself: <Task>", failure.getMessage().replaceAll("<Task .*>", "<Task>"));
    }

    @Test
    void mistakesCanBeCaughtWhereTheAwaitIs() {
        Events.check("IllegalStateException, goes on", log -> {
            try {
                await(currentTask());
            } catch (IllegalStateException failure) {
                log.add(failure);
            }
            log.add(await(sleep(0, "goes on")));
            return Coroutine.done();
        });
    }

    @Test
    void noRunningLoop() {
        String message =
                "no running event loop on thread " + Thread.currentThread().getName()
                        + "; call this in a coroutine that Asyncio.run or EventLoop.runUntilComplete runs";
        assertThrowsState(message, () -> createTask(one()));
        assertThrowsState(message, Asyncio::getRunningLoop);
        assertThrowsState(message, Asyncio::currentTask);
        assertThrowsState(message, Asyncio::allTasks);
    }

    @Async
    private static Coroutine<Void> failing() {
        throw new IllegalArgumentException("failing");
    }

    /** CPython's text, and the names of the tasks. */
    @Test
    void messageOfAGroupCountsAndNamesWhatHasFailed() {
        assertFails(
                ExceptionGroup.class,
                "unhandled errors in a TaskGroup (3 sub-exceptions): first, second, the block",
                failureOf(() -> Asyncio.taskGroup(group -> {
                    group.createTask(failing(), "first");
                    group.createTask(failing(), "second");
                    await(sleep(0));
                    throw new IllegalStateException("the block");
                })));
        assertFails(
                ExceptionGroup.class,
                "unhandled errors in a TaskGroup (12 sub-exceptions):"
                        + " t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 2 more",
                failureOf(() -> Asyncio.taskGroup(group -> {
                    for (int i = 0; i < 12; i++) {
                        group.createTask(failing(), "t" + i);
                    }
                    return Coroutine.done();
                })));
    }

    @Test
    void aTaskNamedNullHasANameOfItsLoop() {
        String none = null;
        try (EventLoop loop = EventLoop.virtualTime()) {
            List<Task<Integer>> tasks = loop.runUntilComplete(() -> {
                Task<Integer> task = createTask(one(), none);
                await(task);
                return Coroutine.of(List.of(
                        task,
                        await(Asyncio.taskGroup(group -> Coroutine.of(group.createTask(one(), none)))),
                        await(Asyncio.taskGroup(group -> Coroutine.of(loop.createTask(one(), none))))));
            });
            tasks.forEach(task -> assertEquals("Task-N", task.name().replaceFirst("[0-9]+", "N")));
            loop.runUntilComplete(gather(tasks));
        }
    }

    @Test
    void timeThatIsNoNumber() {
        assertFails(IllegalArgumentException.class, "not a time: NaN", failureOf(() -> {
            await(sleep(Double.NaN));
            return Coroutine.done();
        }));
    }

    @Test
    void closedLoop() {
        EventLoop loop = EventLoop.create();
        Future<Integer> future = loop.createFuture();
        future.addDoneCallback(done -> {});
        loop.close();
        loop.close();
        String message = "Event loop is closed: " + loop;
        Executor direct = Runnable::run;
        Map<String, Executable> calls = Map.ofEntries(
                Map.entry("callSoon", () -> loop.callSoon(() -> {})),
                Map.entry("callSoonThreadsafe", () -> loop.callSoonThreadsafe(() -> {})),
                Map.entry("callLater", () -> loop.callLater(1, () -> {})),
                Map.entry("callAt", () -> loop.callAt(1, () -> {})),
                Map.entry("createTask", () -> loop.createTask(one())),
                Map.entry("runUntilComplete", () -> loop.runUntilComplete(one())),
                Map.entry("runForever", loop::runForever),
                Map.entry("runInExecutor", () -> loop.runInExecutor(direct, () -> 1)),
                Map.entry("runInExecutor default", () -> loop.runInExecutor(null, () -> 1)),
                Map.entry("runCoroutineThreadsafe", () -> Asyncio.runCoroutineThreadsafe(one(), loop)),
                Map.entry("setResult", () -> future.setResult(1)));
        calls.forEach((name, call) -> assertEquals(
                message, assertThrows(IllegalStateException.class, call, name).getMessage(), name));
        assertEquals(
                message,
                assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}))
                        .getMessage());
    }

    @Test
    void closingARunningLoop() {
        assertEquals("Cannot close a running event loop: <EventLoop N running>", withoutNumber(failureOf(() -> {
            await(sleep(0));
            Asyncio.getRunningLoop().close();
            return Coroutine.done();
        })));
    }

    @Test
    void stoppingBeforeTheFutureIsDone() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.callLater(1, loop::stop);
            assertThrowsState(
                    "Event loop stopped before Future completed.",
                    () -> loop.runUntilComplete(awaiting(loop.createFuture())));
        }
    }

    @Test
    void timeoutEnteredTwice() {
        assertFails(
                IllegalStateException.class,
                "cannot reuse already awaited coroutine: <coroutine dev.heddle.Asyncio.timeout finished>"
                        + "; call the method again, or await a Task of it, which may be awaited often",
                failureOf(() -> {
                    Coroutine<Integer> block = Asyncio.timeout(Duration.ofSeconds(1), limit -> one());
                    await(block);
                    return Coroutine.of(await(block));
                }));
    }

    /** The compiler allows this only with raw types. */
    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void waitingForCoroutines() {
        Coroutine<Integer> coroutine = one();
        assertFails(
                IllegalArgumentException.class,
                "Passing coroutines is forbidden, use tasks explicitly."
                        + " <coroutine dev.heddle.diagnostics.MistakesIT.one created> becomes one by createTask",
                failureOf(() -> {
                    await(Asyncio.wait((Collection) List.of(coroutine)));
                    return Coroutine.done();
                }));
    }
}
