package dev.heddle.sync;

import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/** One acquisition of a {@link Holdable}, or several by one task, one after the other. */
final class Hold implements Lock.Held {

    private final Holdable source;

    /** The task that acquires. */
    final @Nullable Task<?> owner;

    /** Whether this stands for an acquisition that is not over. */
    boolean open;

    /** Whether the acquisition was ended without this, by who called {@code release}, so that nobody closes this any more. */
    boolean abandoned;

    Hold(Holdable source, @Nullable Task<?> owner) {
        this.source = source;
        this.owner = owner;
    }

    @Override
    public void close() {
        source.close(this);
    }

    @Override
    public String toString() {
        return "<Held " + (open ? "open" : "closed") + " of " + source + ">";
    }
}
