package dev.heddle.awaits;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coroutines that call one another, and the stacks of their tasks. */
class CPythonCoroutinesIT {

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    @Async
    private static Coroutine<String> inner() {
        return Coroutine.of("spam");
    }

    @Async
    private static Coroutine<String> outer() {
        return Coroutine.of(await(inner()));
    }

    @Test
    @Mirrors({
        "test_pep492.CoroutineTests.test_async_def_coroutines",
        "test_tasks.BaseTaskTests.test_coroutine_non_gen_function"
    })
    void coroutineGivesItsResult() {
        assertEquals("spam", loop.runUntilComplete(inner()));
        assertEquals("spam", loop.runUntilComplete(outer()));
        loop.setDebug(true);
        assertEquals("spam", loop.runUntilComplete(outer()));
    }

    @Async
    private static Coroutine<Future<String>> giving(Future<String> future) {
        return Coroutine.of(future);
    }

    @Async
    private static Coroutine<Void> completing(Future<String> future) {
        future.setResult("test");
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_coroutine_non_gen_function_return_future")
    void futureMayBeTheResult() {
        Future<String> future = loop.createFuture();
        Task<Future<String>> giving = loop.createTask(giving(future));
        Task<Void> completing = loop.createTask(completing(future));
        assertSame(future, loop.runUntilComplete(giving));
        assertNull(completing.result());
    }

    private static List<String> methods(List<StackTraceElement> stack) {
        return stack.stream()
                .map(StackTraceElement::getMethodName)
                .filter(method -> method.equals("lower") || method.equals("upper"))
                .toList();
    }

    private static String printed(Task<?> task) {
        StringBuilder text = new StringBuilder();
        try {
            task.printStack(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    @Async
    private static Coroutine<Void> upper(Awaitable<Void> awaitable) {
        await(lower(awaitable));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> lower(Awaitable<Void> awaitable) {
        Task<?> self = Objects.requireNonNull(currentTask());
        assertEquals(List.of("lower", "upper"), methods(self.stack()));
        assertTrue(printed(self).startsWith("Stack of <Task pending"), printed(self));
        assertEquals(List.of("lower", "upper"), methods(List.of(new Throwable().getStackTrace())));
        await(awaitable);
        return Coroutine.done();
    }

    @Test
    @Mirrors(
            value = {"test_tasks.BaseTaskTests.test_get_stack", "test_pep492.CoroutineTests.test_task_print_stack"},
            adapted = "a suspended task has a stack, with all that await; that of a running one is the thread's")
    void stackIsThatOfTheSuspendedTask() {
        Future<Void> future = loop.createFuture();
        Task<Void> task = loop.createTask(upper(future));
        assertEquals(List.of(), task.stack());
        loop.stop();
        loop.runForever();
        assertEquals(List.of("lower", "upper"), methods(task.stack()));
        String text = printed(task);
        assertTrue(text.startsWith("Stack of <Task pending"), text);
        assertTrue(text.indexOf("CPythonCoroutinesIT.lower(") < text.lastIndexOf("CPythonCoroutinesIT.upper("), text);
        future.setResult(null);
        loop.runUntilComplete(task);
        assertEquals(List.of(), task.stack());
    }

    @Async
    private static Coroutine<Void> sleeping() {
        await(sleep(0.1));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaitingWhatATaskRuns() {
        Coroutine<Void> coroutine = sleeping();
        Task<Void> task = createTask(coroutine);
        try {
            await(sleep(0));
            await(coroutine);
        } finally {
            task.cancel();
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_pep492.CoroutineTests.test_double_await")
    void coroutineOfATaskCannotBeAwaited() {
        loop.setDebug(true);
        String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(awaitingWhatATaskRuns()))
                .getMessage();
        assertTrue(message.startsWith("coroutine is being awaited already"), message);
    }

    @Async
    private static Coroutine<String> forgetting(List<Coroutine<?>> forgotten) {
        forgotten.add(inner());
        return inner();
    }

    @Test
    @Mirrors(
            value = "test_pep492.CoroutineTests.test_debug_mode_manages_coroutine_origin_tracking",
            adapted = "seen by what is reported of a coroutine that was never awaited")
    void originOfCoroutinesIsKnownWhileALoopInDebugModeRuns() {
        List<Coroutine<?>> forgotten = new ArrayList<>();
        List<String> reports = new ArrayList<>();
        loop.setExceptionHandler((source, context) ->
                reports.add(String.valueOf(context.get("message")).replaceAll("java:[0-9]+", "java:LINE")));
        forgotten.add(inner());
        loop.runUntilComplete(forgetting(forgotten));
        loop.setDebug(true);
        forgotten.add(inner());
        loop.runUntilComplete(forgetting(forgotten));
        forgotten.add(inner());
        loop.close();
        for (Coroutine<?> late : forgotten) {
            run(late);
        }
        String name = CPythonCoroutinesIT.class.getName();
        assertEquals(
                List.of("coroutine '" + name + ".inner' was never awaited, created at " + name
                        + ".forgetting(CPythonCoroutinesIT.java:LINE)"),
                reports);
    }
}
