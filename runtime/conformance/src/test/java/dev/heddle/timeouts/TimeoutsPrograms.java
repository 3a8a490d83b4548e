package dev.heddle.timeouts;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.message;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.cancelAll;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.failing;
import static dev.heddle.traces.Steps.states;
import static dev.heddle.traces.Steps.step;
import static dev.heddle.traces.Steps.stubborn;
import static dev.heddle.traces.Steps.text;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Task;
import dev.heddle.Timeout;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Programs of time-outs and of asCompleted: the counterpart of {@code timeouts.py}. */
public final class TimeoutsPrograms {

    private static final Duration HALF = Duration.ofMillis(500);
    private static final Duration ONE = Duration.ofSeconds(1);

    private TimeoutsPrograms() {}

    @Async
    static Coroutine<Void> inTimeAndTooLate(Events log) throws Exception {
        await(timeout(ONE, limit -> {
            log.at(await(sleep(0.5, "in time")));
            return Coroutine.done();
        }));
        try {
            await(timeout(ONE, limit -> {
                await(sleep(2));
                return Coroutine.done();
            }));
        } catch (TimeoutException failure) {
            log.at(failure);
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> timeoutCancelledAtEveryTurn(Events log) throws Exception {
        List<Timeout> limits = new ArrayList<>();
        try {
            await(timeout(ONE, limit -> {
                limits.add(limit);
                log.add(await(cleaning(log, "a", 2, 0.5)));
                return Coroutine.done();
            }));
        } catch (TimeoutException failure) {
            log.at(failure);
        } finally {
            log.add(List.of(limits.get(0).expired(), state(currentTask())));
        }
        log.add(await(sleep(0, "goes on")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> limited(Events log, String name, Duration limit, Coroutine<String> inner)
            throws Exception {
        try {
            return Coroutine.of(await(timeout(limit, entered -> inner)));
        } catch (TimeoutException failure) {
            log.at(List.of(name, failure));
            throw failure;
        } finally {
            log.at(name + " leaves");
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> timeoutsInEachOther(Events log) throws Exception {
        Coroutine<String> first = limited(log, "inner", HALF, cleaning(log, "a", 2, 0.25));
        log.at(await(attempt(limited(log, "outer", ONE, first))));
        Coroutine<String> second = limited(log, "inner", ONE, cleaning(log, "b", 2, 0.25));
        log.at(await(attempt(limited(log, "outer", HALF, second))));
        Coroutine<String> third = limited(log, "inner", HALF, step(log, "c", 2));
        log.at(await(attempt(limited(log, "outer", HALF, third))));
        log.at(state(currentTask()));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> movingItsLimit(Events log, Timeout limit) {
        log.add(List.of(limit.when(), limit.expired()));
        await(sleep(0.5));
        limit.reschedule(ONE);
        log.at(limit.when());
        await(sleep(0.75));
        limit.reschedule(null);
        log.at(limit.when() == Double.POSITIVE_INFINITY ? "None" : limit.when());
        await(sleep(5));
        limit.reschedule(ONE.negated());
        log.at("in the past");
        await(sleep(1));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> limitIsMoved(Events log) throws Exception {
        List<Timeout> limits = new ArrayList<>();
        try {
            await(timeout(ONE, limit -> {
                limits.add(limit);
                return movingItsLimit(log, limit);
            }));
        } catch (TimeoutException failure) {
            log.at(failure);
        }
        log.add(limits.get(0).expired());
        try {
            limits.get(0).reschedule(ONE);
        } catch (IllegalStateException failure) {
            log.add(message(failure));
        }
        return Coroutine.done();
    }

    private static Coroutine<Boolean> turnsWithin(int delay, int turns) {
        return timeout(Duration.ofSeconds(delay), limit -> {
            for (int i = 0; i < turns; i++) {
                await(sleep(0));
            }
            return Coroutine.of(limit.expired());
        });
    }

    @Async
    static Coroutine<Void> limitsOfZero(Events log) {
        for (int delay = 0; delay >= -1; delay--) {
            for (int turns = 0; turns < 4; turns++) {
                log.turn(await(attempt(turnsWithin(delay, turns))));
            }
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> bodySwallowsTheTimeout(Events log) throws Exception {
        Timeout entered = await(timeout(HALF, limit -> {
            try {
                await(step(log, "a", 1));
            } catch (CancelledError error) {
                log.at("swallowed " + text(error));
                log.add(state(currentTask()));
            }
            return Coroutine.of(limit);
        }));
        log.at(List.of(entered.expired(), state(currentTask())));
        await(sleep(0.5));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> bodyFailsAtTheTimeout(Events log) throws Exception {
        try {
            await(timeout(HALF, limit -> {
                try {
                    await(step(log, "a", 1));
                } catch (CancelledError error) {
                    await(sleep(0.25));
                    throw new IllegalArgumentException("instead");
                }
                return Coroutine.done();
            }));
        } catch (IllegalArgumentException failure) {
            log.at(failure);
        }
        log.add(state(currentTask()));
        await(sleep(0));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> timeoutAroundAGroup(Events log) throws Exception {
        try {
            await(timeout(
                    ONE,
                    limit -> taskGroup(group -> {
                        group.createTask(cleaning(log, "a", 2, 0.5));
                        group.createTask(step(log, "b", 0.5));
                        await(step(log, "body", 2));
                        return Coroutine.done();
                    })));
        } catch (TimeoutException failure) {
            log.at(failure);
        }
        log.add(state(currentTask()));
        return Coroutine.done();
    }

    private static Coroutine<String> cleaningWithin(Events log, String name, long millis) {
        return timeout(Duration.ofMillis(millis), limit -> cleaning(log, name, 1, 0.25));
    }

    @Sweep
    @Async
    static Coroutine<Void> timeoutsInAGroup(Events log) throws Exception {
        List<Task<String>> tasks = new ArrayList<>();
        try {
            await(timeout(
                    Duration.ofSeconds(3),
                    limit -> taskGroup(group -> {
                        tasks.add(group.createTask(cleaningWithin(log, "a", 2000)));
                        tasks.add(group.createTask(cleaningWithin(log, "b", 500)));
                        tasks.add(group.createTask(cleaningWithin(log, "c", 750)));
                        return Coroutine.done();
                    })));
        } catch (ExceptionGroup failures) {
            log.at(failures);
            log.add(tasks.stream().map(Events::outcome).toList());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> failingWhenCancelled() {
        try {
            await(sleep(5));
        } catch (CancelledError error) {
            throw new IllegalArgumentException("E");
        }
        return Coroutine.done();
    }

    private static Coroutine<Void> groupWithin(Events log, Duration duration) {
        return timeout(duration, limit -> {
            try {
                await(taskGroup(group -> {
                    group.createTask(failingWhenCancelled());
                    return Coroutine.done();
                }));
            } finally {
                log.at(List.of(limit.expired(), state(currentTask())));
            }
            return Coroutine.done();
        });
    }

    @Async
    static Coroutine<Void> groupFailsAtTheTimeout(Events log) {
        log.at(await(attempt(groupWithin(log, ONE))));
        log.at(state(currentTask()));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> resultsInTheOrderOfCompletion(Events log) {
        List<Task<String>> tasks =
                List.of(createTask(step(log, "a", 1)), createTask(step(log, "b", 0)), createTask(step(log, "c", 0.5)));
        for (Coroutine<String> earliest : asCompleted(tasks)) {
            log.at(await(earliest));
        }
        log.at("all");
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> asCompletedWithFailuresAndALimit(Events log) {
        List<Task<String>> tasks = List.of(
                createTask(failing(log, "a", 0.5)),
                createTask(step(log, "b", 0.25)),
                createTask(step(log, "c", 2)),
                createTask(stubborn(log, "d", 1)));
        tasks.get(1).addDoneCallback(task -> log.at("b is " + state(task)));
        try {
            for (Coroutine<String> earliest : asCompleted(tasks, Duration.ofMillis(1500))) {
                try {
                    log.at(await(earliest));
                } catch (IllegalArgumentException failure) {
                    log.at(failure);
                }
            }
        } catch (TimeoutException failure) {
            log.at(failure);
        } finally {
            log.add(states(tasks));
            cancelAll(tasks, "enough");
        }
        return Coroutine.done();
    }
}
