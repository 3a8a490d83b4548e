package dev.heddle.groups;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.failing;
import static dev.heddle.traces.Steps.outcomeOrState;
import static dev.heddle.traces.Steps.states;
import static dev.heddle.traces.Steps.step;
import static dev.heddle.traces.Steps.stubborn;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.cpython.Events;
import dev.heddle.traces.Sweep;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs of task groups: the counterpart of {@code groups.py}. */
public final class GroupsPrograms {

    private GroupsPrograms() {}

    @Async
    static Coroutine<Void> groupOfTwo(Events log) throws Exception {
        List<Task<String>> tasks = await(taskGroup(group ->
                Coroutine.of(List.of(group.createTask(step(log, "a", 1)), group.createTask(step(log, "b", 1))))));
        log.at(tasks.stream().map(Task::result).toList());
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> groupCancelledAtEveryTurn(Events log) throws Exception {
        await(taskGroup(group -> {
            group.createTask(step(log, "a", 0));
            group.createTask(cleaning(log, "b", 1, 0.5));
            log.at(await(sleep(0.5, "body goes on")));
            group.createTask(step(log, "c", 0.5));
            log.at("body ends");
            return Coroutine.done();
        }));
        log.at("group ends");
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> groupWithATaskThatFails(Events log) throws Exception {
        try {
            await(taskGroup(group -> {
                group.createTask(cleaning(log, "a", 1, 0.5));
                group.createTask(failing(log, "b", 0.5));
                try {
                    await(step(log, "body", 2));
                } finally {
                    log.at("body leaves " + state(currentTask()));
                }
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            log.at(failures);
        }
        log.add(state(currentTask()));
        log.at(await(sleep(0.5, "goes on")));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> tasksThatFailInOneTurn(Events log) {
        for (double delay : new double[] {0, 1}) {
            log.at(await(attempt(taskGroup(group -> {
                group.createTask(failing(log, "a", delay));
                group.createTask(failing(log, "b", delay));
                group.createTask(step(log, "c", delay));
                return Coroutine.done();
            }))));
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> failingBody(Events log, double awaiting) {
        return taskGroup(group -> {
            group.createTask(failing(log, "a", 0));
            Task<String> waiting = group.createTask(stubborn(log, "b", 1));
            try {
                await(sleep(awaiting));
            } catch (CancelledError error) {
                log.at("leaves " + state(waiting));
                throw new IllegalArgumentException("body");
            }
            log.at("leaves " + state(waiting));
            throw new IllegalArgumentException("body");
        });
    }

    @Async
    static Coroutine<Void> bodyFailsAfterItsTasks(Events log) {
        log.at(await(attempt(failingBody(log, 0))));
        log.at(await(attempt(failingBody(log, 2))));
        return Coroutine.done();
    }

    private static Coroutine<Void> inner(Events log) {
        return taskGroup(group -> {
            group.createTask(cleaning(log, "a", 0.5, 0.5));
            group.createTask(failing(log, "b", 1));
            await(step(log, "inner", 0.25));
            return Coroutine.done();
        });
    }

    @Sweep
    @Async
    static Coroutine<Void> groupInAGroup(Events log) throws Exception {
        List<Task<Void>> tasks = new ArrayList<>();
        try {
            await(taskGroup(group -> {
                tasks.add(group.createTask(inner(log)));
                group.createTask(step(log, "c", 2));
                await(inner(log));
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            log.at(failures);
            log.add(outcomeOrState(tasks.get(0)));
            throw failures;
        }
        return Coroutine.done();
    }

    @Sweep(again = 2)
    @Async
    static Coroutine<Void> groupWithAStubbornTask(Events log) throws Exception {
        List<Task<String>> tasks = await(taskGroup(group ->
                Coroutine.of(List.of(group.createTask(stubborn(log, "a", 1)), group.createTask(step(log, "b", 0.5))))));
        log.at(states(tasks));
        await(sleep(0));
        log.add("not reached if cancelled");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> failingWhenCancelled(Events log, String name) {
        try {
            await(step(log, name, 1));
        } catch (CancelledError error) {
            await(sleep(0));
            throw new IllegalArgumentException(name);
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> groupFailsWhileItIsCancelled(Events log) throws Exception {
        try {
            await(taskGroup(group -> {
                group.createTask(failingWhenCancelled(log, "a"));
                group.createTask(step(log, "b", 0.5));
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            log.at(failures);
            log.add(state(currentTask()));
            await(sleep(0));
            log.add("not cancelled again");
        }
        return Coroutine.done();
    }

    private static void refused(Events log, TaskGroup group) {
        try {
            group.createTask(step(log, "refused", 0));
        } catch (IllegalStateException failure) {
            String reason = Pattern.compile("is [a-z ]+")
                    .matcher(String.valueOf(failure.getMessage()))
                    .results()
                    .map(MatchResult::group)
                    .findFirst()
                    .orElseThrow();
            log.add(reason);
        }
    }

    @Async
    private static Coroutine<Void> late(Events log, TaskGroup group) {
        await(sleep(1));
        group.createTask(step(log, "late", 1));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> cleaningUp(Events log, TaskGroup group) {
        try {
            await(createFuture());
        } finally {
            refused(log, group);
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> groupRefusesTasks(Events log) throws Exception {
        List<TaskGroup> groups = new ArrayList<>();
        await(taskGroup(group -> {
            groups.add(group);
            group.createTask(late(log, group));
            return Coroutine.done();
        }));
        log.at("ends");
        refused(log, groups.get(0));
        try {
            await(taskGroup(group -> {
                groups.add(group);
                group.createTask(cleaningUp(log, group));
                group.createTask(failing(log, "a", 0));
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            log.at(failures);
        }
        refused(log, groups.get(1));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> cancelledTaskDoesNotHarmTheGroup(Events log) throws Exception {
        List<Task<String>> tasks = new ArrayList<>();
        await(taskGroup(group -> {
            Stream.of("a", "b", "c").forEach(name -> tasks.add(group.createTask(step(log, name, 1))));
            tasks.get(0).cancel("unstarted");
            await(sleep(0));
            tasks.get(1).cancel("started");
            log.add(await(attempt(tasks.get(1))));
            return Coroutine.done();
        }));
        log.at(tasks.stream().map(Events::outcome).toList());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> making(Events log, TaskGroup group, int turns) {
        for (int i = 0; i < turns; i++) {
            await(sleep(0));
        }
        group.createTask(step(log, "made after " + turns, 0));
        log.turn("made");
        return Coroutine.done();
    }

    private static Coroutine<Void> groupOfThree(Events log, int turns, boolean first) {
        return taskGroup(group -> {
            if (first) {
                group.createTask(making(log, group, turns));
            }
            group.createTask(failing(log, "a", 0));
            if (!first) {
                group.createTask(making(log, group, turns));
            }
            return Coroutine.done();
        });
    }

    @Async
    static Coroutine<Void> taskMadeInTheTurnInWhichTheGroupFails(Events log) {
        for (int turns = 0; turns < 4; turns++) {
            for (boolean first : new boolean[] {true, false}) {
                log.turn(await(attempt(groupOfThree(log, turns, first))));
            }
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> bodySwallowsTheCancellation(Events log) throws Exception {
        Task<String> task = await(taskGroup(group -> {
            Task<String> made = group.createTask(step(log, "a", 1));
            try {
                await(sleep(0.5));
            } catch (CancelledError error) {
                log.at(error);
                log.add(state(made));
            }
            return Coroutine.of(made);
        }));
        log.at(List.of(Events.outcome(task), state(currentTask())));
        return Coroutine.done();
    }
}
