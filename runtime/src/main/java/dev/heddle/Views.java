package dev.heddle;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The views that other threads have of a loop's futures other than tasks, which the loop does not know. They are held weakly: nobody waits for one
 * that is gone. Used on the loop's thread.
 */
final class Views {

    /** Null until there is one. */
    private @Nullable Set<Droppable> pending;

    void add(Droppable view) {
        Set<Droppable> views = pending;
        if (views == null) {
            views = Collections.newSetFromMap(new WeakHashMap<>());
            pending = views;
        }
        views.add(view);
    }

    /** Forgets {@code view}, which is done. */
    void remove(Droppable view) {
        if (pending != null) {
            pending.remove(view);
        }
    }

    /** Tells all that the loop is closed. */
    void drop(IllegalStateException closed) {
        if (pending != null) {
            List.copyOf(pending).forEach(view -> view.dropped(closed));
            pending = null;
        }
    }
}
