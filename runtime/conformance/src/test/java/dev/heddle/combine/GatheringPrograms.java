package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.shown;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.cancelAll;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.failing;
import static dev.heddle.traces.Steps.step;
import static dev.heddle.traces.Steps.stubborn;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.Waited;
import dev.heddle.cpython.Events;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Programs around gather, wait, waitFor and shield: the counterpart of {@code gathering.py}. */
public final class GatheringPrograms {

    private static final Duration HALF = Duration.ofMillis(500);
    private static final Duration ONE = Duration.ofSeconds(1);

    private GatheringPrograms() {}

    @Async
    static Coroutine<Void> twoLiner(Events log) {
        log.add(await(gather(step(log, "a", 1), step(log, "b", 1))));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> gatherCancelledAtEveryTurn(Events log) {
        log.add(await(gather(step(log, "a", 0), step(log, "b", 1), step(log, "c", 0.5))));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> gatherOfGathersOneOfWhichFails(Events log) {
        Future<List<String>> left = gather(step(log, "a", 0), cleaning(log, "b", 1, 0.5));
        Future<List<String>> right = gather(failing(log, "c", 0.5), step(log, "d", 1));
        try {
            log.add(await(Asyncio.<Object>gather(left, right, step(log, "e", 0.5))));
        } catch (IllegalArgumentException failure) {
            log.at(failure);
            log.add(List.of(outcome(right), state(left)));
            log.add(await(left));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> settledGatherOfEveryKind(Events log) {
        List<Task<String>> tasks = List.of(
                createTask(step(log, "a", 0.5)),
                createTask(failing(log, "b", 0)),
                createTask(cleaning(log, "c", 1, 0)),
                createTask(stubborn(log, "d", 0.5)));
        try {
            await(gatherSettled(tasks));
        } finally {
            log.add(tasks.stream().map(Steps::outcomeOrState).toList());
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> gatherOfOneTaskThreeTimes(Events log) {
        Task<String> task = createTask(step(log, "a", 1));
        Task<String> other = createTask(failing(log, "b", 2));
        log.add(await(Asyncio.<Object>gather(task, task, gather(task))));
        log.at(await(attempt(gather(other, task, other))));
        Future<List<Future<String>>> both = gatherSettled(other, other);
        log.add(List.of(
                both.isDone(), shown(await(both).stream().map(Events::outcome).toList())));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<List<String>> hedgedRequests(Events log) {
        List<Task<String>> requests = new ArrayList<>();
        double[] delays = {2, 1, 0.5};
        try {
            Set<Task<String>> done = Set.of();
            for (int i = 0; i < 3 && done.isEmpty(); i++) {
                requests.add(createTask(step(log, "abc".substring(i, i + 1), delays[i])));
                done = await(Asyncio.wait(requests, HALF, ReturnWhen.FIRST_COMPLETED))
                        .done();
            }
            if (done.isEmpty()) {
                done = await(Asyncio.wait(requests, ReturnWhen.FIRST_COMPLETED)).done();
            }
            return Coroutine.of(
                    requests.stream().filter(done::contains).map(Task::result).toList());
        } finally {
            log.at(cancelAll(requests, "lost"));
            if (!requests.isEmpty()) {
                await(Asyncio.wait(requests));
            }
            log.at("all over");
        }
    }

    @Sweep
    @Async
    static Coroutine<String> firstSuccessOfSeveral(Events log) {
        List<Task<String>> tasks = List.of(
                createTask(failing(log, "a", 0)),
                createTask(failing(log, "b", 0.5)),
                createTask(step(log, "c", 1)),
                createTask(stubborn(log, "d", 1.5)));
        Collection<Task<String>> pending = tasks;
        try {
            while (!pending.isEmpty()) {
                Waited<Task<String>> waited = await(Asyncio.wait(pending, ReturnWhen.FIRST_COMPLETED));
                pending = waited.pending();
                for (Task<String> task : tasks) {
                    if (waited.done().contains(task)) {
                        log.at(outcome(task));
                        if (task.exception() == null) {
                            return Coroutine.of(task.result());
                        }
                    }
                }
            }
        } finally {
            log.add(cancelAll(tasks, "enough"));
        }
        return Coroutine.of(null);
    }

    @Async
    private static Coroutine<String> request(Events log, int number) {
        if (number == 0) {
            throw new IllegalArgumentException("refused");
        }
        return step(log, "request " + number, number == 1 ? 2 : 0.5);
    }

    @Sweep
    @Async
    static Coroutine<String> retryWithBackoff(Events log) {
        double delay = 0.5;
        for (int number = 0; number < 4; number++) {
            try {
                return Coroutine.of(await(waitFor(request(log, number), ONE)));
            } catch (IllegalArgumentException | TimeoutException failure) {
                log.at(failure);
                await(sleep(delay));
                delay *= 2;
            }
        }
        throw new IllegalArgumentException("given up");
    }

    @Sweep
    @Async
    static Coroutine<Void> timeLimitOfAGather(Events log) {
        Future<List<String>> slow = gather(step(log, "a", 0.5), cleaning(log, "b", 2, 0.5), step(log, "c", 1));
        try {
            log.add(await(waitFor(slow, ONE)));
        } catch (TimeoutException failure) {
            log.at(failure);
            log.add(state(slow));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> limitedTwice(Events log) {
        try {
            return Coroutine.of(await(waitFor(cleaning(log, "a", 3, 1), HALF)));
        } catch (TimeoutException failure) {
            log.at(failure);
            return Coroutine.of(await(waitFor(step(log, "b", 2), ONE)));
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> timeLimitsInEachOther(Events log) {
        log.at(await(attempt(waitFor(limitedTwice(log), Duration.ofSeconds(2)))));
        return Coroutine.done();
    }

    @Sweep(again = 2)
    @Async
    static Coroutine<Void> timeLimitOfATaskThatIsStubborn(Events log) {
        Task<String> task = createTask(stubborn(log, "a", 1.5));
        try {
            log.at(await(waitFor(task, HALF)));
        } finally {
            log.at(state(task));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> commit(Events log) {
        await(step(log, "write", 0.5));
        return Coroutine.of(await(step(log, "sync", 0.5)));
    }

    @Sweep
    @Async
    static Coroutine<Void> commitIsShielded(Events log) {
        Task<String> committing = createTask(commit(log));
        try {
            log.at(await(shield(committing)));
        } catch (CancelledError error) {
            log.at("waits for the commit");
            log.at(await(committing));
            throw error;
        }
        return Coroutine.done();
    }

    @Sweep(again = 1)
    @Async
    static Coroutine<Void> shieldsInAGather(Events log) {
        Task<String> inner = createTask(failing(log, "a", 0.5));
        try {
            List<Future<String>> settled = await(gatherSettled(shield(inner), shield(step(log, "b", 1))));
            log.add(settled.stream().map(Events::outcome).toList());
        } finally {
            log.at(state(inner));
            log.at(await(attempt(shield(inner))));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> progressOfTasks(Events log) {
        Collection<Task<String>> pending = List.of(
                createTask(step(log, "a", 0.25)), createTask(step(log, "b", 1.25)), createTask(step(log, "c", 1.5)));
        while (!pending.isEmpty()) {
            Waited<Task<String>> waited = await(Asyncio.wait(pending, HALF, ReturnWhen.ALL_COMPLETED));
            pending = waited.pending();
            log.at(waited.done().size() + " done, " + pending.size() + " to go");
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> waitUntilOneFails(Events log) {
        List<Task<String>> tasks = List.of(
                createTask(step(log, "a", 0)),
                createTask(failing(log, "b", 1)),
                createTask(step(log, "c", 0.5)),
                createTask(step(log, "d", 2)));
        tasks.get(2).addDoneCallback(task -> log.at("c is " + state(task)));
        Waited<Task<String>> waited = await(Asyncio.wait(tasks, ReturnWhen.FIRST_EXCEPTION));
        log.at(tasks.stream().map(waited.done()::contains).toList());
        waited.pending().forEach(Task::cancel);
        waited = await(Asyncio.wait(waited.pending()));
        log.at(List.of(waited.done().size(), waited.pending().size()));
        return Coroutine.done();
    }
}
