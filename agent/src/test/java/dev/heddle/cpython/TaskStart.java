package dev.heddle.cpython;

import dev.heddle.AsyncSupplier;

/** How the tasks of a test start, as CPython runs some of its tests. */
enum TaskStart {
    /** In the turn after they were made. */
    LAZY {
        @Override
        void run(AsyncSupplier<Void> body) throws Exception {
            Loops.run(body);
        }
    };

    /** Runs {@code body} in a loop of its own, in virtual time. */
    abstract void run(AsyncSupplier<Void> body) throws Exception;
}
