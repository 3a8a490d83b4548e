package dev.heddle.futures;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The ways in which a future may be waited for. */
enum WaiterKind {
    /** A done-callback, which is removed to leave. */
    CALLBACK(true, true, 1),

    /** A task that awaits the future itself, and so cannot leave without cancelling it. */
    AWAIT(false, false, 1),

    /** A task that awaits a shield created before the task. */
    SHIELD(true, true, 2),

    /** The same as {@link #SHIELD}, but the task creates the shield. */
    LATE_SHIELD(false, true, 2),

    /** Two tasks that await one shield: when one of them leaves, the shield leaves. */
    SHARED_SHIELD(true, true, 2),

    /** A task in {@code waitFor} of a shield. */
    WAIT_FOR(false, true, 2),

    /** A task that leaves when its timeout expires. */
    TIMEOUT(false, true, 2),

    /** A task in {@code Asyncio.wait}. */
    WAIT(false, true, 2),

    /** A gather that contains the future twice, and cannot leave without cancelling it. */
    GATHER(true, false, 2),

    /** A gather of two shields. */
    GATHER_OF_SHIELDS(true, true, 3),

    /** A task that takes the first of {@code asCompleted}, whose callback stays when it has left, as in asyncio. */
    COMPLETED(true, true, 2);

    /** Whether it waits as soon as it is created, and not only when its task begins. */
    final boolean atOnce;

    final boolean leaves;

    /** The number of turns after which it notices the end of the future. */
    final int turns;

    WaiterKind(boolean atOnce, boolean leaves, int turns) {
        this.atOnce = atOnce;
        this.leaves = leaves;
        this.turns = turns;
    }

    /** Waits for {@code future}, and passes the outcome to {@code seen}. Returns an action that leaves the wait. */
    Runnable join(Future<String> future, Consumer<String> seen) {
        Awaitable<?> awaited = switch (this) {
            case AWAIT -> future;
            case SHIELD, SHARED_SHIELD -> shield(future);
            case LATE_SHIELD -> shielding(future);
            case WAIT_FOR -> waitFor(shielding(future), Duration.ofSeconds(100));
            case WAIT -> waiting(future);
            case GATHER -> gather(future, future);
            case GATHER_OF_SHIELDS -> gather(shield(future), shield(future));
            case COMPLETED -> asCompleted(List.of(future)).iterator().next();
            case CALLBACK, TIMEOUT -> null;
        };
        if (this == CALLBACK) {
            Consumer<Future<String>> callback = done -> seen.accept(Events.outcome(done));
            future.addDoneCallback(callback);
            return () -> future.removeDoneCallback(callback);
        }
        if (this == TIMEOUT) {
            AtomicReference<Runnable> expire = new AtomicReference<>();
            Task<Void> task = createTask(seeing(timed(future, expire), seen));
            expire.set(task::cancel);
            return () -> expire.get().run();
        }
        Task<Void> task = createTask(seeing(awaited, seen));
        if (this == SHARED_SHIELD) {
            createTask(seeing(awaited, outcome -> {}));
        }
        return task::cancel;
    }

    @Async
    private static Coroutine<Void> seeing(Awaitable<?> awaited, Consumer<String> seen) {
        String outcome;
        try {
            Object result = await(awaited);
            outcome = Events.shown(result instanceof List<?> list ? list.get(1) : result);
        } catch (IllegalArgumentException | CancelledError | TimeoutException failure) {
            outcome = Events.shown(failure);
        }
        seen.accept(outcome);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> shielding(Future<String> future) {
        return Coroutine.of(await(shield(future)));
    }

    @Async
    private static Coroutine<String> timed(Future<String> future, AtomicReference<Runnable> expire) {
        return Coroutine.of(await(timeout(Duration.ofSeconds(100), limit -> {
            expire.set(() -> limit.reschedule(Duration.ZERO));
            return Coroutine.of(await(shield(future)));
        })));
    }

    @Async
    private static Coroutine<String> waiting(Future<String> future) {
        return Coroutine.of(Events.outcome(
                await(Asyncio.wait(List.of(future))).done().iterator().next()));
    }
}
