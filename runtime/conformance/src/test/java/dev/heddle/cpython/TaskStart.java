package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.TaskFactory;
import org.jspecify.annotations.Nullable;

/** The ways in which the tasks of a test start. CPython runs some of its tests in both. */
public enum TaskStart {
    /** In the turn after their creation. */
    LAZY(null),

    /** Inside the call that creates them, if the loop is running. */
    EAGER(eagerTaskFactory());

    private final @Nullable TaskFactory factory;

    TaskStart(@Nullable TaskFactory factory) {
        this.factory = factory;
    }

    /** Lets the tasks of {@code loop} start in this way. */
    public void prepare(EventLoop loop) {
        loop.setTaskFactory(factory);
    }

    /** Runs {@code body} in a loop of its own, in virtual time. */
    public void run(AsyncSupplier<Void> body) throws Exception {
        Loops.run(() -> {
            prepare(getRunningLoop());
            await(body.get());
            return Coroutine.done();
        });
    }

    /** Returns an awaitable that is done when the tasks created so far have taken their first step. */
    public Awaitable<Void> begun() {
        return this == EAGER ? Coroutine.done() : sleep(0);
    }
}
