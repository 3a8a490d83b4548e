package dev.heddle;

import static dev.heddle.Asyncio.await;

import dev.heddle.internal.loop.StackRoom;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the tasks of a loop. Used on the loop's thread. */
final class TaskMaker {

    private final EventLoop loop;

    /** Null for what {@link #begin} does. */
    @Nullable
    TaskFactory factory;

    /** The eager task that takes its first step inside what was taken from the ready queue, null if there is none. */
    @Nullable
    Task<?> eager;

    TaskMaker(EventLoop loop) {
        this.loop = loop;
    }

    /** Makes a task by the factory if there is one; see {@link TaskOptions}, without which common tasks are made. */
    <T> Task<T> make(Coroutine<T> coroutine, @Nullable String name, @Nullable Context given, @Nullable Boolean eager) {
        Objects.requireNonNull(coroutine, "coroutine");
        requireUsableFor(coroutine);
        return factory == null
                ? begin(coroutine, name, given, Boolean.TRUE.equals(eager))
                : checked(factory.newTask(loop, coroutine, new TaskOptions(name, given, eager)), coroutine);
    }

    /** {@code awaitable} if it is a future, which has to be of this loop, otherwise a new task. */
    <T> Future<T> ensure(Awaitable<T> awaitable) {
        if (awaitable instanceof Future<T> future) {
            requireOwn(future);
            return future;
        }
        Coroutine<T> coroutine = awaitable instanceof Coroutine<T> given ? given : wrapAwaitable(awaitable);
        return make(coroutine, null, null, null);
    }

    /** Awaits {@code awaitable}, which makes a task of a sleep possible. */
    @Async
    static <T> Coroutine<T> wrapAwaitable(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    /** Throws if {@code future} is of another loop. */
    void requireOwn(Future<?> future) {
        if (future.loop != loop) {
            throw new IllegalArgumentException("The future belongs to a different loop than the one specified: "
                    + future + " of " + future.loop + ", not of " + loop);
        }
    }

    /** Checks the task that the factory has made for {@code coroutine}, before the caller relies on it. */
    private <T> Task<T> checked(@Nullable Task<T> made, Coroutine<T> coroutine) {
        if (made == null || made.loop != loop) {
            coroutine.discard();
            throw new IllegalStateException("the task factory " + Text.of(factory) + " of " + loop + " gave "
                    + (made == null ? "no task" : made + " of " + made.loop) + " for " + coroutine
                    + "; it has to give what Task.of makes in its loop");
        }
        return made;
    }

    /** Makes a task that begins in the next turn, or now if it is {@code eager} and the loop runs. */
    <T> Task<T> begin(Coroutine<T> coroutine, @Nullable String name, @Nullable Context given, boolean eager) {
        Task<T> task = new Task<>(loop, coroutine, name, given == null ? Context.capture() : given);
        if (eager && loop.core.isOnThread()) {
            stepInside(task);
        } else {
            if (!loop.core.isRunning()) {
                loop.core.takeInbox(); // what was sent before is scheduled before
            }
            loop.ready.add(task);
            loop.tasks.size++;
        }
        return task;
    }

    /**
     * Takes the first step of {@code task} inside that of another task, or a callback, which then goes on. The chain need not be
     * restored: what it holds is used only while a stack unwinds, and then nothing is made.
     */
    private void stepInside(Task<?> task) {
        Task<?> outer = eager;
        Context outerContext = loop.context;
        StackRoom.require(); // to end the step, whatever the coroutine does with the stack
        eager = task;
        loop.context = null;
        loop.tasks.keep(task); // nobody else has it
        loop.tasks.size++;
        try {
            task.step();
        } finally {
            eager = outer;
            loop.context = outerContext;
        }
    }

    /** Throws if another thread runs the loop, or the loop is closed: then {@code coroutine} never runs. */
    void requireUsableFor(Coroutine<?> coroutine) {
        loop.checkThread();
        if (loop.isClosed()) {
            coroutine.discard();
            loop.requireOpen();
        }
    }
}
