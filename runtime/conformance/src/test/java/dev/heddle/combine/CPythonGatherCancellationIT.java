package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.raised;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancelling the future that gather returns. */
@ParameterizedClass
@EnumSource
class CPythonGatherCancellationIT {

    private final TaskStart start;

    CPythonGatherCancellationIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Async
    private static <T> Coroutine<T> awaiting(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_cancel_gather_1")
    void cannotBeCancelledOnceAllAreDone() throws Exception {
        run(() -> {
            Future<Integer> future = getRunningLoop().createFuture();
            Future<List<Integer>> gathered = gather(awaiting(future));
            await(sleep(0)); // the child awaits the future, so that its callback is the first
            List<Object> events = new ArrayList<>();
            future.addDoneCallback(done -> events.add(List.of(gathered.isDone(), gathered.cancel())));
            future.setResult(42);
            events.add(await(gathered));
            assertEquals(List.of(List.of(false, false), List.of(42)), events);
            return Coroutine.done();
        });
    }

    /** Gathers one sleep after the other, without end. */
    @Async
    private static Coroutine<Void> gathering() {
        while (true) {
            await(gatherSettled(after(0.05, "slept")));
        }
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_cancel_gather_2",
            adapted = "messages are strings, and an exception has no implicit context")
    void cancellationComesToWhoAwaitsWithItsMessage() throws Exception {
        for (@Nullable String message : Arrays.asList(null, "my message")) {
            run(() -> {
                Task<Void> task = createTask(gathering());
                await(sleep(0.2));
                task.cancel(message);
                assertEquals(message, await(raised(CancelledError.class, task)).getMessage());
                return Coroutine.done();
            });
        }
    }
}
