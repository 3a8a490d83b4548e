// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import static dev.heddle.Asyncio.await;

import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.report.Text;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates the tasks of a loop. Used on the loop's thread. */
final class TaskMaker {

    private final EventLoop loop;

    /** The factory of tasks; null means {@link #begin}. */
    @Nullable
    TaskFactory factory;

    /** The eager task that is taking its first step inside the current step of the loop, or null. */
    @Nullable
    Task<?> eager;

    TaskMaker(EventLoop loop) {
        this.loop = loop;
    }

    /** Creates a task, with the factory if there is one. See {@link TaskOptions}, which is not allocated for ordinary tasks. */
    <T> Task<T> make(Coroutine<T> coroutine, @Nullable String name, @Nullable Context given, @Nullable Boolean eager) {
        Objects.requireNonNull(coroutine, "coroutine");
        requireUsableFor(coroutine);
        return factory == null
                ? begin(coroutine, name, given, Boolean.TRUE.equals(eager))
                : checked(factory.newTask(loop, coroutine, new TaskOptions(name, given, eager)), coroutine);
    }

    /** Returns {@code awaitable} if it is a future, which must belong to this loop. Otherwise returns a new task. */
    <T> Future<T> ensure(Awaitable<T> awaitable) {
        if (awaitable instanceof Future<T> future) {
            requireOwn(future);
            return future;
        }
        Coroutine<T> coroutine = awaitable instanceof Coroutine<T> given ? given : wrapAwaitable(awaitable);
        return make(coroutine, null, null, null);
    }

    /** Awaits {@code awaitable}. This makes it possible to create a task from a sleep. */
    @Async
    static <T> Coroutine<T> wrapAwaitable(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    /** Throws if {@code future} belongs to another loop. */
    void requireOwn(Future<?> future) {
        if (future.loop != loop) {
            throw new IllegalArgumentException("The future belongs to a different loop than the one specified: "
                    + future + " of " + future.loop + ", not of " + loop);
        }
    }

    /** Checks the task that the factory has created for {@code coroutine}, before the caller relies on it. */
    private <T> Task<T> checked(@Nullable Task<T> made, Coroutine<T> coroutine) {
        if (made == null || made.loop != loop) {
            coroutine.discard();
            throw new IllegalStateException("the task factory " + Text.of(factory) + " of " + loop + " gave "
                    + (made == null ? "no task" : made + " of " + made.loop) + " for " + coroutine
                    + "; it has to give what Task.of makes in its loop");
        }
        return made;
    }

    /** Creates a task that begins in the next turn, or now if it is {@code eager} and the loop is running. */
    <T> Task<T> begin(Coroutine<T> coroutine, @Nullable String name, @Nullable Context given, boolean eager) {
        Task<T> task = new Task<>(loop, coroutine, name, given == null ? Context.capture() : given);
        if (eager && loop.core.isOnThread()) {
            stepInside(task);
        } else {
            if (!loop.core.isRunning()) {
                loop.core.takeInbox(); // callbacks that other threads sent before are scheduled first
            }
            loop.ready.add(task);
            loop.tasks.size++;
        }
        return task;
    }

    /**
     * Runs the first step of {@code task} inside the step of another task or callback, which then continues. The chain need not be
     * restored: its contents are used only while a stack unwinds, and no tasks are created then.
     */
    private void stepInside(Task<?> task) {
        Task<?> outer = eager;
        Context outerContext = loop.context;
        Context saved = Context.saveCurrentStates();
        StackRoom.require(); // for the end of the step, even if the coroutine overflows the stack
        eager = task;
        loop.context = null;
        loop.tasks.keep(task); // there is no other reference to it
        loop.tasks.size++;
        try {
            task.step();
        } finally {
            eager = outer;
            loop.context = outerContext;
            if (saved != null && saved == task.contextOrNull()) {
                saved.restoreStates();
            }
        }
    }

    /** Throws if another thread runs the loop, or if the loop is closed. In the latter case {@code coroutine} never runs. */
    void requireUsableFor(Coroutine<?> coroutine) {
        loop.checkThread();
        if (loop.isClosed()) {
            coroutine.discard();
            loop.requireOpen();
        }
    }
}
