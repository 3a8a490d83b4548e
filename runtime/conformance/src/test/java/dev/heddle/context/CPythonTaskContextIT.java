package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tests of {@code test_tasks} about contexts. */
@ParameterizedClass
@EnumSource
class CPythonTaskContextIT {

    private static final ContextVar<String> VARIABLE = new ContextVar<>("cvar", "nope");
    private static final ContextVar<Integer> NUMBER = new ContextVar<>("number");

    private final EventLoop loop = EventLoop.virtualTime();

    CPythonTaskContextIT(TaskStart start) {
        start.prepare(loop);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Async
    private static Coroutine<Void> setting() {
        await(sleep(0.01));
        assertEquals("nope", VARIABLE.get());
        VARIABLE.set("something else");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> settingBesideATask() {
        assertEquals("nope", VARIABLE.get());
        Task<Void> task = createTask(setting());
        VARIABLE.set("yes");
        assertEquals("yes", VARIABLE.get());
        await(task);
        assertEquals("yes", VARIABLE.get());
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_context_1")
    void taskHasACopy() {
        loop.runUntilComplete(settingBesideATask());
    }

    @Async
    private static Coroutine<Void> settingBesideCallbacks() {
        assertEquals("nope", VARIABLE.get());
        for (int j = 0; j < 2; j++) {
            Future<Void> future = getRunningLoop().createFuture();
            future.addDoneCallback(done -> VARIABLE.set("something else"));
            VARIABLE.set("yes" + j);
            getRunningLoop().callSoon(() -> future.setResult(null));
            await(future);
            assertEquals("yes" + j, VARIABLE.get());
            for (int i = 0; i < 3; i++) {
                VARIABLE.set("yes" + i + "-" + j);
                await(sleep(0.001));
                assertEquals("yes" + i + "-" + j, VARIABLE.get());
            }
        }
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_context_2")
    void callbackHasACopy() {
        loop.runUntilComplete(settingBesideCallbacks());
        assertEquals("nope", VARIABLE.get());
    }

    @Async
    private static Coroutine<Void> counting(int number, Random random) {
        for (int i = 0; i < 10; i++) {
            NUMBER.set(number + i);
            await(sleep(random.nextDouble() * 0.05));
            assertEquals(number + i, NUMBER.get());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> countingInManyTasks() {
        Random random = new Random(1);
        List<Task<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(createTask(counting(random.nextInt(10), random)));
        }
        await(gather(tasks));
        return Coroutine.done();
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_context_3")
    void manyTasksSetTheVariable() {
        loop.runUntilComplete(countingInManyTasks());
        assertEquals(-1, NUMBER.get(-1));
    }

    @Async
    private static Coroutine<Void> settingNumber(int number) {
        await(sleep(0));
        NUMBER.set(number);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<List<@Nullable Integer>> numbers(BiFunction<Coroutine<Void>, Context, Task<Void>> maker) {
        List<@Nullable Integer> numbers = new ArrayList<>();
        Context context = Context.copyCurrent();
        numbers.add(context.get(NUMBER, 0));
        await(maker.apply(settingNumber(1), context));
        numbers.add(context.get(NUMBER));
        await(maker.apply(settingNumber(2), context));
        numbers.add(context.get(NUMBER));
        return Coroutine.of(numbers);
    }

    @Test
    @Mirrors({
        "test_tasks.BaseTaskTests.test_context_4",
        "test_tasks.BaseTaskTests.test_context_5",
        "test_tasks.BaseTaskTests.test_context_6"
    })
    void givenContextIsUsedAsItIs() {
        assertEquals(List.of(0, 1, 2), loop.runUntilComplete(numbers(loop::createTask)));
        assertEquals(List.of(0, 1, 2), loop.runUntilComplete(numbers(Asyncio::createTask)));
    }

    @Test
    @Mirrors({"test_tasks.BaseTaskTests.test_get_coro", "test_tasks.BaseTaskTests.test_get_context"})
    void taskHasItsCoroutineAndItsContext() {
        Coroutine<Void> coroutine = settingNumber(1);
        Context context = Context.copyCurrent();
        Task<Void> task = loop.createTask(coroutine, context);
        loop.runUntilComplete(task);
        assertSame(coroutine, task.coroutine());
        assertSame(context, task.context());
    }
}
