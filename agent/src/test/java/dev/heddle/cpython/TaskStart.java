package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;

/** How the tasks of a test start, as CPython runs some of its tests. */
enum TaskStart {
    /** In the turn after they were made. */
    LAZY {
        @Override
        void run(AsyncSupplier<Void> body) throws Exception {
            Loops.run(body);
        }

        @Override
        Awaitable<Void> begun() {
            return sleep(0);
        }
    },

    /** Inside the call that makes them. */
    EAGER {
        @Override
        void run(AsyncSupplier<Void> body) throws Exception {
            Loops.run(() -> {
                getRunningLoop().setTaskFactory(eagerTaskFactory());
                await(body.get());
                return Coroutine.done();
            });
        }

        @Override
        Awaitable<Void> begun() {
            return Coroutine.done();
        }
    };

    /** Runs {@code body} in a loop of its own, in virtual time. */
    abstract void run(AsyncSupplier<Void> body) throws Exception;

    /** Is over when the tasks that were made have taken their first step. */
    abstract Awaitable<Void> begun();
}
