// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/** Represents one acquisition of a {@link Holdable}, or successive acquisitions by the same task. */
final class Hold implements Lock.Held {

    private final Holdable source;

    /** The task that acquires. */
    final @Nullable Task<?> owner;

    /** Whether this object represents a current acquisition. */
    boolean open;

    /** Whether the acquisition was ended by a call of {@code release}, so that this object will not be closed any more. */
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
