// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

/** An action to run if the JVM ends before this is closed, mostly because of Ctrl-C. */
final class EndingHook implements AutoCloseable {

    private final Thread thread;

    EndingHook(Runnable action) {
        thread = new Thread(action);
        Runtime.getRuntime().addShutdownHook(thread);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException ending) {
            // The JVM ends, and the action is done or on its way.
        }
    }
}
