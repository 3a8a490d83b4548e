package dev.heddle.race;

import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs coroutines in tasks of which each begins when the one before has failed or a delay is over, until one gives a result; the
 * others are cancelled and awaited. Addresses of one host are tried so (RFC 8305). CPython's internal {@code staggered_race}, as of
 * 3.14.
 *
 * @param <T> the type of the result
 */
public final class StaggeredRace<T> extends NativeFrame<StaggeredRace.Outcome<T>> {

    /**
     * How a race ended.
     *
     * @param result what the winner gave, null if there is none
     * @param winner its index, -1 if all have failed
     * @param failures of those that have begun, null for the winner
     */
    public record Outcome<T>(@Nullable T result, int winner, List<@Nullable Throwable> failures) {}

    private static final Native ENTRY = new Native(StaggeredRace.class, "run");

    private final List<? extends AsyncSupplier<T>> entrants;
    private final @Nullable Duration delay;

    private final Set<Task<?>> running = new LinkedHashSet<>();
    private final List<@Nullable Throwable> failures = new ArrayList<>();

    /** The failures of the race itself. */
    private final List<Throwable> unexpected = new ArrayList<>();

    private final Consumer<Future<?>> whenDone = this::done;

    private @Nullable T result;
    private int winner = -1;

    /** The future that this awaits until no task runs. */
    private @Nullable Future<@Nullable Void> completion;

    private @Nullable CancelledError cancellation;

    private StaggeredRace(List<? extends AsyncSupplier<T>> entrants, @Nullable Duration delay) {
        super(ENTRY);
        this.entrants = entrants;
        this.delay = delay;
    }

    /** A race of {@code entrants}, the next beginning {@code delay} after the last, null for not before that has failed. */
    public static <T> Coroutine<Outcome<T>> run(List<? extends AsyncSupplier<T>> entrants, @Nullable Duration delay) {
        return new StaggeredRace<>(List.copyOf(entrants), delay);
    }

    @Override
    protected @Nullable Object start() {
        begin(null);
        return awaitTasks();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        try {
            take();
        } catch (CancelledError error) {
            cancellation = error;
            running.forEach(task -> task.cancel(error.getMessage()));
        }
        return awaitTasks();
    }

    private @Nullable Object awaitTasks() {
        if (!running.isEmpty()) {
            Future<@Nullable Void> all = Asyncio.getRunningLoop().createFuture();
            completion = all;
            return await(1, all);
        }
        if (!unexpected.isEmpty()) {
            throw new ExceptionGroup("staggered race failed", unexpected);
        }
        if (cancellation != null) {
            throw cancellation;
        }
        return new Outcome<>(result, winner, Collections.unmodifiableList(failures));
    }

    /** Lets the next entrant wait for its time. */
    private void begin(@Nullable Future<@Nullable Void> previousFailed) {
        Future<@Nullable Void> registered = Asyncio.getRunningLoop().createFuture();
        Task<Void> task = Asyncio.createTask(new Entrant(registered, previousFailed));
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

    /** A coroutine that waits for a future. With no delay it is cancelled before it begins, which takes a turn more than a future. */
    private static final class Waiting extends NativeFrame<Void> {

        private static final Native ENTRY = new Native(StaggeredRace.class, "waiting");

        private final Future<@Nullable Void> future;

        Waiting(Future<@Nullable Void> future) {
            super(ENTRY);
            this.future = future;
        }

        @Override
        protected @Nullable Object start() {
            return await(1, future);
        }

        @Override
        protected @Nullable Object resumed(int await) {
            return take();
        }
    }

    /** The coroutine of one task: it waits for its time, lets the next one wait, and runs. */
    private final class Entrant extends NativeFrame<Void> {

        private static final Native ENTRY = new Native(StaggeredRace.class, "entrant");

        private static final int REGISTERED = 1;
        private static final int TIME = 2;
        private static final int RUN = 3;

        /** Done as soon as the task is among the running: one that begins inside the call that makes it waits for that. */
        private final Future<@Nullable Void> registered;

        /** Null for the first. */
        private final @Nullable Future<@Nullable Void> previousFailed;

        private final Future<@Nullable Void> failed = Asyncio.getRunningLoop().createFuture();

        private int index;

        Entrant(Future<@Nullable Void> registered, @Nullable Future<@Nullable Void> previousFailed) {
            super(ENTRY);
            this.registered = registered;
            this.previousFailed = previousFailed;
        }

        @Override
        protected @Nullable Object start() {
            return await(REGISTERED, registered) == Suspension.SUSPENDED ? Suspension.SUSPENDED : awaitTime();
        }

        private @Nullable Object awaitTime() {
            if (previousFailed != null) {
                Awaitable<?> wait = Asyncio.waitFor(new Waiting(previousFailed), delay);
                try {
                    if (await(TIME, wait) == Suspension.SUSPENDED) {
                        return Suspension.SUSPENDED;
                    }
                } catch (TimeoutException over) {
                    return enter();
                }
            }
            return enter();
        }

        @Override
        protected @Nullable Object resumed(int await) {
            switch (await) {
                case REGISTERED -> {
                    take();
                    return awaitTime();
                }
                case TIME -> {
                    try {
                        take();
                    } catch (TimeoutException over) {
                        return enter();
                    }
                    return enter();
                }
                default -> {
                    return finish();
                }
            }
        }

        private @Nullable Object enter() {
            index = failures.size();
            if (index == entrants.size()) {
                return null;
            }
            StaggeredRace.this.begin(failed);
            failures.add(null);
            Object outcome;
            try {
                outcome = await(RUN, entrants.get(index).get());
            } catch (InternalError | UnknownError | InterruptError fatal) {
                throw fatal;
            } catch (Throwable failure) {
                return lost(failure);
            }
            return outcome == Suspension.SUSPENDED ? outcome : won(outcome);
        }

        private @Nullable Object finish() {
            Object outcome;
            try {
                outcome = take();
            } catch (InternalError | UnknownError | InterruptError fatal) {
                throw fatal;
            } catch (Throwable failure) {
                return lost(failure);
            }
            return won(outcome);
        }

        private @Nullable Object lost(Throwable failure) {
            failures.set(index, failure);
            if (!failed.isDone()) {
                failed.setResult(null);
            }
            return null;
        }

        @SuppressWarnings("unchecked") // what an entrant gives is a T
        private @Nullable Object won(@Nullable Object outcome) {
            StaggeredRace.this.won(index, (T) outcome);
            return null;
        }
    }
}
