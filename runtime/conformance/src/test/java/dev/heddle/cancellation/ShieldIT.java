package dev.heddle.cancellation;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.body;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static dev.heddle.cpython.Coroutines.started;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of shield, with what {@code combining.py} prints. */
class ShieldIT {

    @Test
    void cancelledShieldLeavesTheInnerAlone() {
        check("begins, True, [pending 0 CancelledError: M], finally, a@2", log -> {
            Task<String> inner = await(started(body(log, sleep(2, "a"))));
            Future<String> outer = shield(inner);
            log.add(outer.cancel("M"));
            log.add(List.of(state(inner), outcome(outer)));
            log.at(await(inner));
            return Coroutine.done();
        });
    }

    @Async
    private static <T> Coroutine<T> shielding(Task<T> inner) {
        return Coroutine.of(await(shield(inner)));
    }

    @Test
    void awaitingTaskIsCancelledBehindAShield() {
        check("begins, CancelledError: M@0, finally, a@2", log -> {
            Task<String> inner = await(started(body(log, sleep(2, "a"))));
            Task<String> task = await(started(shielding(inner)));
            task.cancel("M");
            log.at(await(attempt(task)));
            log.at(await(inner));
            return Coroutine.done();
        });
    }

    @Test
    void shieldPassesTheOutcomeOn() {
        check("a@1, IllegalArgumentException: E@2", log -> {
            log.at(await(attempt(shield(after(1, "a")))));
            log.at(await(attempt(shield(after(1, new IllegalArgumentException("E"))))));
            return Coroutine.done();
        });
    }

    @Test
    void cancelledInnerCancelsTheShield() {
        check("begins, CancelledError: M, finally, CancelledError, [cancelled 1 cancelled]", log -> {
            Task<Object> inner = await(started(body(log, createFuture())));
            Future<Object> outer = shield(inner);
            inner.cancel("M");
            log.add(await(attempt(outer)));
            log.add(List.of(state(inner), state(outer)));
            return Coroutine.done();
        });
    }

    @Test
    void shieldOfADoneFutureIsThatFuture() {
        check("True", log -> {
            Future<Integer> future = doneFuture(1);
            log.add(shield(future) == future);
            return Coroutine.done();
        });
    }

    @Test
    void shieldedCoroutineRunsOnAfterATimeout() {
        check("begins, TimeoutException@1, finally, a@3", log -> {
            Task<String> inner = createTask(body(log, sleep(3, "a")));
            log.at(await(attempt(waitFor(shield(inner), Duration.ofSeconds(1)))));
            log.at(await(inner));
            return Coroutine.done();
        });
    }
}
