// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exposes a loop to monitoring, for example through JMX, until the loop is closed. Registration may take long, so the loop never waits for
 * it, except when it is closed. Thread-safe.
 */
public final class Registration {

    /** Removes the loop from monitoring; null while the loop is not registered. */
    private @Nullable Runnable removal;

    private boolean closed;

    Registration() {}

    /**
     * Registers the loop by calling {@code registering}, which returns the action that undoes the registration.
     *
     * @throws IllegalStateException if the loop is closed or already registered, so that it cannot be registered as {@code name}
     */
    public synchronized void register(String name, Supplier<Runnable> registering) {
        if (closed || removal != null) {
            throw new IllegalStateException("an event loop is registered once, while it is open; this one is "
                    + (closed ? "closed" : "registered already") + ", and cannot be registered as " + name);
        }
        removal = registering.get();
    }

    void close() {
        Runnable registered;
        synchronized (this) {
            closed = true;
            registered = removal;
            removal = null;
        }
        if (registered != null) {
            registered.run(); // without the lock, for which a reader of the registration may be waiting
        }
    }
}
