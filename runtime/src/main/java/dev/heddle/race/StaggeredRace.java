// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.race;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines as tasks with staggered starts until one returns a result. Each starts when the one before it has failed, or after a
 * delay. When one has won, the others are cancelled and awaited. Use it for example to try several addresses of one host (RFC 8305).
 * Corresponds to the internal {@code staggered_race} of CPython 3.14.
 *
 * @param <T> the type of the result
 */
public final class StaggeredRace<T> {

    /**
     * The outcome of a race.
     *
     * @param result the result of the winner, or null if there is no winner
     * @param winner the index of the winner, or -1 if all have failed
     * @param failures the failures of the coroutines that have started; null for the winner
     */
    public record Outcome<T>(@Nullable T result, int winner, List<@Nullable Throwable> failures) {}

    private final List<? extends AsyncSupplier<T>> entrants;
    private final @Nullable Duration delay;

    private final Set<Task<?>> running = new LinkedHashSet<>();
    private final List<@Nullable Throwable> failures = new ArrayList<>();

    /** The failures of the race itself. */
    private final List<Throwable> unexpected = new ArrayList<>();

    private final Consumer<Future<?>> whenDone = this::done;

    private @Nullable T result;
    private int winner = -1;

    /** The future that the race awaits until no task runs. */
    private @Nullable Future<@Nullable Void> completion;

    private StaggeredRace(List<? extends AsyncSupplier<T>> entrants, @Nullable Duration delay) {
        this.entrants = entrants;
        this.delay = delay;
    }

    /** Runs a race of {@code entrants}. Each starts {@code delay} after the one before it; null means only when that one has failed. */
    public static <T> Coroutine<Outcome<T>> run(List<? extends AsyncSupplier<T>> entrants, @Nullable Duration delay) {
        return new StaggeredRace<>(List.copyOf(entrants), delay).run();
    }

    @Async
    private Coroutine<Outcome<T>> run() {
        CancelledError cancellation = null;
        begin(null);
        while (!running.isEmpty()) {
            Future<@Nullable Void> all = Asyncio.getRunningLoop().createFuture();
            completion = all;
            try {
                await(all);
            } catch (CancelledError error) {
                cancellation = error;
                running.forEach(task -> task.cancel(error.getMessage()));
            }
        }
        if (!unexpected.isEmpty()) {
            throw new ExceptionGroup("staggered race failed", unexpected);
        }
        if (cancellation != null) {
            throw cancellation;
        }
        return Coroutine.of(new Outcome<>(result, winner, Collections.unmodifiableList(failures)));
    }

    /** Creates the task in which the next entrant waits for its start. */
    private void begin(@Nullable Future<@Nullable Void> previousFailed) {
        Future<@Nullable Void> registered = Asyncio.getRunningLoop().createFuture();
        Task<Void> task = Asyncio.createTask(entrant(registered, previousFailed));
        running.add(task);
        task.addDoneCallback(whenDone);
        registered.setResult(null);
    }

    private void done(Future<?> task) {
        running.remove((Task<?>) task);
        Future<@Nullable Void> all = completion;
        if (all != null && running.isEmpty() && !all.isDone()) {
            all.setResult(null);
        }
        Throwable failure = task.isCancelled() ? null : task.exception();
        if (failure != null) {
            unexpected.add(failure);
        }
    }

    /**
     * The coroutine of one task. It waits for its start, creates the task of the next entrant, and runs its own.
     *
     * @param registered done as soon as the task is in {@link #running}. An eager task, which begins while it is created, has to wait for that
     * @param previousFailed done if the entrant before this one fails; null for the first entrant
     */
    @Async
    private Coroutine<Void> entrant(
            Future<@Nullable Void> registered, @Nullable Future<@Nullable Void> previousFailed) {
        await(registered);
        if (previousFailed != null) {
            try {
                await(Asyncio.waitFor(waiting(previousFailed), delay));
            } catch (TimeoutException over) {
                // The delay has passed, so this entrant starts although the one before it has not failed.
            }
        }
        int index = failures.size();
        if (index == entrants.size()) {
            return Coroutine.done();
        }
        Future<@Nullable Void> failed = Asyncio.getRunningLoop().createFuture();
        begin(failed);
        failures.add(null);
        T value;
        try {
            value = await(entrants.get(index).get());
        } catch (InternalError | UnknownError | InterruptError fatal) {
            throw fatal;
        } catch (Throwable failure) {
            failures.set(index, failure);
            if (!failed.isDone()) {
                failed.setResult(null);
            }
            return Coroutine.done();
        }
        won(index, value);
        return Coroutine.done();
    }

    /** Awaits a future. If the delay is 0, this is cancelled before it begins, which takes one turn more than with the future itself. */
    @Async
    private static Coroutine<@Nullable Void> waiting(Future<@Nullable Void> future) {
        return Coroutine.of(await(future));
    }

    private void won(int index, @Nullable T value) {
        winner = index;
        result = value;
        Task<?> current = Asyncio.currentTask();
        for (Task<?> task : running) {
            if (task != current) {
                task.cancel();
            }
        }
    }
}
