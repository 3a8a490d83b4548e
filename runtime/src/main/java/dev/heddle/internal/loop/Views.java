// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the views that other threads have of a loop's futures, except for tasks. The loop does not know these futures. Views are held
 * weakly, because no thread can wait for a view that was collected. Used on the loop's thread.
 */
public final class Views {

    /** The views, or null before the first. */
    private @Nullable Set<Droppable> pending;

    /** Adds {@code view}, which is not done. */
    public void add(Droppable view) {
        Set<Droppable> views = pending;
        if (views == null) {
            views = Collections.newSetFromMap(new WeakHashMap<>());
            pending = views;
        }
        views.add(view);
    }

    /** Removes {@code view}, which is done. */
    public void remove(Droppable view) {
        if (pending != null) {
            pending.remove(view);
        }
    }

    /** Notifies all views that the loop is closed. */
    public void drop(IllegalStateException closed) {
        if (pending != null) {
            List.copyOf(pending).forEach(view -> view.dropped(closed));
            pending = null;
        }
    }
}
