package dev.heddle.internal.loop;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows a loop to the outside, by JMX for example, until the loop is closed. Registering may take long, so the loop itself never waits for it, except
 * when it is closed. Used on any thread.
 */
public final class Registration {

    /** Takes the loop out again, null while it is not registered. */
    private @Nullable Runnable removal;

    private boolean closed;

    Registration() {}

    /**
     * Registers the loop: {@code registering} does it, and returns what undoes it.
     *
     * @throws IllegalStateException if the loop is closed or registered already, and so cannot be registered as {@code name}
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
            registered.run(); // without the lock, which a reader of the registration may wait for
        }
    }
}
