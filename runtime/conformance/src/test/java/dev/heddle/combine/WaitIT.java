package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of wait, with what {@code combining.py} prints. */
class WaitIT {

    private static <T> Task<T> taskAfter(double delay, T outcome) {
        return createTask(after(delay, outcome));
    }

    private static String shown(Map<String, Task<Object>> named, Waited<Task<Object>> waited) {
        return "done " + names(named, waited.done()) + " pending " + names(named, waited.pending());
    }

    private static String names(Map<String, Task<Object>> named, Collection<Task<Object>> tasks) {
        return named.keySet().stream()
                .filter(name -> tasks.contains(named.get(name)))
                .sorted()
                .collect(Collectors.joining());
    }

    @Test
    void waitForAll() {
        check("done abc pending @3, [1 IllegalArgumentException: E 2]", log -> {
            Map<String, Task<Object>> tasks = Map.of(
                    "a", taskAfter(2, 1), "b", taskAfter(1, new IllegalArgumentException("E")), "c", taskAfter(3, 2));
            log.at(shown(tasks, await(Asyncio.wait(tasks.values()))));
            log.add(List.of(outcome(tasks.get("a")), outcome(tasks.get("b")), outcome(tasks.get("c"))));
            return Coroutine.done();
        });
    }

    @Test
    void waitForTheFirst() {
        check("done bc pending ad@1", log -> {
            Map<String, Task<Object>> tasks =
                    Map.of("a", taskAfter(2, 1), "b", taskAfter(1, 2), "c", taskAfter(1, 3), "d", taskAfter(3, 4));
            log.at(shown(tasks, await(Asyncio.wait(tasks.values(), ReturnWhen.FIRST_COMPLETED))));
            return Coroutine.done();
        });
    }

    @Test
    void waitForTheFirstFailure() {
        check("done ab pending c@2, IllegalArgumentException: E", log -> {
            Map<String, Task<Object>> tasks = Map.of(
                    "a", taskAfter(1, 1), "b", taskAfter(2, new IllegalArgumentException("E")), "c", taskAfter(3, 2));
            log.at(shown(tasks, await(Asyncio.wait(tasks.values(), ReturnWhen.FIRST_EXCEPTION))));
            log.add(outcome(tasks.get("b")));
            return Coroutine.done();
        });
    }

    @Test
    void cancelledTaskIsNoFailureForWait() {
        check("done ab pending @2", log -> {
            Map<String, Task<Object>> tasks = Map.of("a", taskAfter(4, 1), "b", taskAfter(2, 2));
            await(sleep(0));
            tasks.get("a").cancel();
            log.at(shown(tasks, await(Asyncio.wait(tasks.values(), ReturnWhen.FIRST_EXCEPTION))));
            return Coroutine.done();
        });
    }

    @Test
    void waitWithoutFailureWaitsForAll() {
        check("done ab pending @4", log -> {
            Map<String, Task<Object>> tasks = Map.of("a", taskAfter(4, 1), "b", taskAfter(2, 2));
            log.at(shown(tasks, await(Asyncio.wait(tasks.values(), ReturnWhen.FIRST_EXCEPTION))));
            return Coroutine.done();
        });
    }

    @Test
    void waitGivesUpWithoutCancelling() {
        check("done a pending b@2, 2@4", log -> {
            Map<String, Task<Object>> tasks = Map.of("a", taskAfter(1, 1), "b", taskAfter(4, 2));
            Duration limit = Duration.ofSeconds(2);
            log.at(shown(tasks, await(Asyncio.wait(tasks.values(), limit, ReturnWhen.ALL_COMPLETED))));
            log.at(await(tasks.get("b")));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> waiting(Task<?> child) {
        await(Asyncio.wait(List.of(child)));
        return Coroutine.done();
    }

    @Test
    void cancelledWaitLeavesTheTasksAlone() {
        check("begins, CancelledError: M, pending 0, finally, 1@2", log -> {
            Task<Integer> child = createTask(body(log, sleep(2, 1)));
            Task<Void> task = await(started(waiting(child)));
            task.cancel("M");
            log.add(await(attempt(task)));
            log.add(state(child));
            log.at(await(child));
            return Coroutine.done();
        });
    }

    @Test
    void waitForNothingIsRefused() {
        check("IllegalArgumentException: Set of Tasks/Futures is empty.", log -> {
            log.add(await(attempt(Asyncio.wait(List.<Task<?>>of()))));
            return Coroutine.done();
        });
    }
}
