package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.call;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Handle;
import dev.heddle.InvalidStateException;
import dev.heddle.Task;
import dev.heddle.TimerHandle;
import dev.heddle.cpython.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Programs of futures and callbacks, and of tasks that cancel themselves: the counterpart of {@code callbacks.py}. */
public final class CallbacksPrograms {

    private CallbacksPrograms() {}

    @Async
    private static Coroutine<String> noted(Events log, String name, int turns) {
        for (int i = 0; i < turns; i++) {
            await(sleep(0));
        }
        log.turn(name);
        return Coroutine.of(name);
    }

    @Async
    static Coroutine<Void> callbacksAmongTasks(Events log) {
        EventLoop loop = getRunningLoop();
        Future<Integer> future = createFuture();
        List<Task<String>> tasks =
                List.of(createTask(noted(log, "a", 0)), createTask(noted(log, "b", 1)), createTask(noted(log, "c", 0)));
        tasks.forEach(task -> task.addDoneCallback(done -> log.turn("callback of " + outcome(done))));
        loop.callSoon(() -> log.turn("soon"));
        tasks.get(0).addDoneCallback(done -> future.setResult(7));
        future.addDoneCallback(done -> loop.callSoon(() -> log.turn("soon after " + outcome(done))));
        log.turn(await(future));
        await(Asyncio.wait(tasks));
        log.turn("waited");
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> timersRunInTheOrderOfTheirDeadlines(Events log) {
        EventLoop loop = getRunningLoop();
        List<TimerHandle> handles = new ArrayList<>();
        double[] delays = {1, 0.5, 1, 0, -1, 0.5};
        for (int i = 0; i < delays.length; i++) {
            String name = "abcdef".substring(i, i + 1);
            handles.add(loop.callLater(delays[i], () -> log.at(name)));
        }
        handles.add(loop.callAt(1, () -> log.at("g")));
        loop.callSoon(() -> log.at("soon"));
        loop.callLater(0.5, () -> {
            handles.get(2).cancel();
            log.add(List.of(handles.get(2).isCancelled(), handles.get(0).isCancelled()));
        });
        await(sleep(0));
        log.at("slept");
        await(sleep(1));
        log.at("slept again");
        return Coroutine.done();
    }

    private static void fail(String name) {
        throw new IllegalArgumentException(name);
    }

    @Async
    static Coroutine<Void> callbackThatFailsIsReported(Events log) {
        EventLoop loop = getRunningLoop();
        loop.callSoon(() -> fail("soon"));
        loop.callLater(0.5, () -> fail("later"));
        Future<Void> future = createFuture();
        future.addDoneCallback(done -> fail("first"));
        future.addDoneCallback(done -> log.turn("second"));
        future.setResult(null);
        await(future);
        log.turn("goes on");
        await(sleep(0.5));
        log.turn("and on");
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> cancelledHandleDoesNotRun(Events log) {
        EventLoop loop = getRunningLoop();
        List<Handle> handles = new ArrayList<>();
        handles.add(loop.callSoon(() -> handles.get(1).cancel()));
        handles.add(loop.callSoon(() -> log.add("never")));
        handles.add(loop.callSoon(() -> log.turn("third")));
        await(sleep(0));
        log.add(handles.stream().map(Handle::isCancelled).toList());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaiting(Events log, Future<String> future) {
        try {
            log.turn(await(future));
        } catch (CancelledError error) {
            log.turn(error);
            throw error;
        }
        return Coroutine.done();
    }

    private static void set(Future<String> future) {
        if (!future.isDone()) {
            future.setResult("set");
        }
    }

    @Async
    static Coroutine<Void> setAndCancelledInOneTurn(Events log) {
        String[][] orders = {{"set", "cancel"}, {"cancel", "set"}, {"set", "cancel future"}, {"cancel future", "cancel"}
        };
        for (String[] order : orders) {
            Future<String> future = createFuture();
            Task<Void> task = createTask(awaiting(log, future));
            await(sleep(0));
            Map<String, Runnable> actions = Map.of(
                    "set", () -> set(future),
                    "cancel", () -> log.add(task.cancel("task")),
                    "cancel future", () -> log.add(future.cancel("future")));
            getRunningLoop().callSoon(actions.get(order[0]));
            getRunningLoop().callSoon(actions.get(order[1]));
            log.add(await(attempt(task)));
            log.add(List.of(state(future), state(task)));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Integer> returning() {
        currentTask().cancel("self");
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Integer> failing() {
        currentTask().cancel("self");
        throw new IllegalArgumentException("E");
    }

    @Async
    private static Coroutine<Void> awaitingDone(Events log) {
        Future<String> done = doneFuture("done");
        currentTask().cancel("self");
        log.add(await(done));
        log.add(await(sleep(0, "not reached")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaitingTask(Events log) {
        Task<String> child = createTask(step(log, "child", 1));
        await(sleep(0));
        currentTask().cancel("self");
        try {
            await(child);
        } finally {
            log.add(state(child));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> cancelsOneself(Events log) {
        List<Coroutine<?>> coroutines = List.of(returning(), failing(), awaitingDone(log), awaitingTask(log));
        for (Coroutine<?> coroutine : coroutines) {
            Task<?> task = createTask(coroutine);
            log.turn(await(attempt(task)));
            log.add(state(task));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> changingItsMind(Events log, int cancels, int uncancels) {
        Task<?> task = currentTask();
        for (int i = 0; i < cancels; i++) {
            task.cancel("self");
        }
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < uncancels; i++) {
            left.add(task.uncancel());
        }
        log.add(left);
        await(sleep(0));
        return Coroutine.of("went on");
    }

    @Async
    static Coroutine<Void> uncancelTakesBackWhatIsNotDelivered(Events log) {
        for (int cancels = 0; cancels < 3; cancels++) {
            for (int uncancels = 0; uncancels < cancels + 2; uncancels++) {
                Task<String> task = createTask(changingItsMind(log, cancels, uncancels));
                log.add(List.of(cancels, uncancels, await(attempt(task)), state(task)));
            }
        }
        return Coroutine.done();
    }

    private static List<String> calls(Callable<?>... calls) {
        List<String> results = new ArrayList<>();
        for (Callable<?> each : calls) {
            results.add(call(each));
        }
        return results;
    }

    @Async
    static Coroutine<Void> futuresRefuse(Events log) {
        Future<Integer> future = createFuture();
        log.add(calls(future::result, future::exception));
        future.setException(new IllegalArgumentException("E"));
        log.add(calls(future::result, future::exception, future::cancel));
        Future<Integer> cancelled = createFuture();
        log.add(List.of(cancelled.cancel("M"), cancelled.cancel("N")));
        log.add(calls(cancelled::result, cancelled::exception));
        for (Future<Integer> done : List.of(future, cancelled)) {
            try {
                done.setResult(1);
            } catch (InvalidStateException failure) {
                log.add(failure);
            }
        }
        Task<String> task = createTask(step(log, "a", 0));
        log.add(calls(task::result, task::exception));
        log.add(List.of(await(task), call(task::result), call(task::exception)));
        return Coroutine.done();
    }

    private static void branch(Events log, String name, int depth) {
        log.turn(name + depth);
        if (depth > 0) {
            getRunningLoop().callLater(0, () -> branch(log, name + "t", depth - 1));
            getRunningLoop().callSoon(() -> branch(log, name + "s", depth - 1));
        }
    }

    @Async
    static Coroutine<Void> timersThatAreDueWaitForTheNextTurn(Events log) {
        getRunningLoop().callSoon(() -> branch(log, "a", 3));
        getRunningLoop().callAt(0, () -> branch(log, "b", 2));
        for (int i = 0; i < 6; i++) {
            log.turn(await(sleep(0, "slept")));
        }
        return Coroutine.done();
    }
}
