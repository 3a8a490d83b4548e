package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.failing;
import static dev.heddle.traces.Steps.states;
import static dev.heddle.traces.Steps.step;
import static dev.heddle.traces.Steps.stubborn;
import static dev.heddle.traces.Steps.text;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of tasks that are cancelled: the counterpart of {@code tasks.py}. */
public final class TasksPrograms {

    private TasksPrograms() {}

    @Async
    static Coroutine<Void> sleepsInTurn(Events log) {
        log.turn(await(sleep(0, "a")));
        log.at(await(sleep(1, "b")));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> failingTwoLiner(Events log) {
        await(failing(log, "a", 0));
        log.add("never");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> link(Events log, int number) {
        try {
            if (number == 0) {
                return Coroutine.of(await(step(log, "end", 0.5)));
            }
            return Coroutine.of(await(createTask(link(log, number - 1))) + number);
        } finally {
            log.turn(number + " leaves");
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> chainOfTasks(Events log) {
        log.add(await(link(log, 3)));
        return Coroutine.done();
    }

    @Sweep(again = 1)
    @Async
    static Coroutine<Void> cleanUpIsCancelledToo(Events log) {
        try {
            await(step(log, "a", 0.5));
        } finally {
            try {
                await(cleaning(log, "b", 0.5, 0));
            } finally {
                log.at("over");
            }
        }
        return Coroutine.done();
    }

    @Sweep(again = 3)
    @Async
    static Coroutine<Void> firstCancelIsIgnored(Events log) {
        log.add(await(stubborn(log, "a", 0.5)));
        await(sleep(0));
        log.add(state(currentTask()));
        await(step(log, "b", 0.5));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> cancellationBecomesAFailure(Events log) {
        try {
            await(step(log, "a", 0.5));
        } catch (CancelledError error) {
            await(sleep(0));
            throw new IllegalArgumentException("instead of " + text(error));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<String> cancellationBecomesAResult(Events log) {
        try {
            return Coroutine.of(await(step(log, "a", 0.5)));
        } catch (CancelledError error) {
            return Coroutine.of("instead of " + text(error));
        }
    }

    @Async
    private static Coroutine<Void> heartbeat(Events log) {
        while (true) {
            log.at("beat");
            await(sleep(0.5));
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> backgroundTasksAreStopped(Events log) {
        List<Task<?>> tasks = new ArrayList<>(List.of(createTask(heartbeat(log), "heartbeat")));
        try {
            for (int number = 0; number < 2; number++) {
                tasks.add(createTask(cleaning(log, "request " + number, 0.5, 0.5)));
                await(sleep(0.25));
            }
            await(gather(tasks.subList(1, tasks.size())));
        } finally {
            tasks.forEach(task -> log.add("stops " + Events.shown(task.cancel("stop"))));
            await(Asyncio.wait(tasks));
            log.at(states(tasks));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> oneFutureForManyTasks(Events log) {
        Future<String> opened = createFuture();
        getRunningLoop().callLater(0.5, () -> opened.setResult("opened"));
        List<Task<Void>> tasks = Stream.of("a", "b", "c")
                .map(name -> createTask(opening(log, name, opened)))
                .toList();
        tasks.get(1).addDoneCallback(task -> log.turn("b is " + state(task)));
        try {
            for (Task<Void> task : tasks) {
                await(task);
            }
        } finally {
            tasks.get(2).cancel("c");
            log.add(tasks.stream().map(Steps::outcomeOrState).toList());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> opening(Events log, String name, Future<String> opened) {
        log.turn(name + " " + await(shield(opened)));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<String> treeOfTasksIsCancelledFromTheRoot(Events log) {
        return node(log, "", 2);
    }

    @Async
    private static Coroutine<String> node(Events log, String name, int height) {
        if (height == 0) {
            return Coroutine.of(
                    await(step(log, name, 0.5 * name.replace("a", "").length())));
        }
        List<Task<String>> children = Stream.of("a", "b")
                .map(letter -> createTask(node(log, name + letter, height - 1)))
                .toList();
        try {
            return Coroutine.of(String.join("", await(gather(children))));
        } catch (CancelledError error) {
            log.add(name + " " + String.join(" ", states(children)));
            throw error;
        }
    }

    @Async
    private static Coroutine<String> childOf(int turns) {
        for (int i = 0; i < turns; i++) {
            await(sleep(0));
        }
        return Coroutine.of("ended");
    }

    @Async
    static Coroutine<Void> cancelInTheTurnInWhichTheTaskEnds(Events log) {
        for (int turns = 0; turns < 3; turns++) {
            for (int delay = 0; delay < 4; delay++) {
                Task<String> task = createTask(childOf(turns));
                for (int i = 0; i < delay; i++) {
                    await(sleep(0));
                }
                boolean accepted = task.cancel("late");
                log.add(List.of(turns, delay, accepted, await(attempt(task)), state(task)));
            }
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> waiting(Future<?> future) {
        await(future);
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> messagesOfCancelledTasks(Events log) {
        Future<Void> future = createFuture();
        Task<Void> inner = createTask(waiting(future));
        Task<Void> outer = createTask(waiting(inner));
        for (int i = 0; i < 3; i++) {
            await(sleep(0));
        }
        log.add(outer.cancel("first"));
        log.add(outer.cancel("second"));
        log.add(List.of(state(future), state(inner), state(outer)));
        log.add(await(attempt(outer)));
        log.add(List.of(outcome(future), outcome(inner), outcome(outer), Events.call(outer::exception)));
        return Coroutine.done();
    }
}
