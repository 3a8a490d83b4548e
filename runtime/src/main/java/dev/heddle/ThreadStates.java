// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mirrored states of a thread at one moment. Immutable. */
final class ThreadStates {

    private final List<Mirror> mirrors;
    private final @Nullable Object[] values;

    private ThreadStates(List<Mirror> mirrors, @Nullable Object[] values) {
        this.mirrors = mirrors;
        this.values = values;
    }

    /** Returns the states of the calling thread, or null if nothing is mirrored. Those that cannot be captured are taken from {@code before}. */
    static @Nullable ThreadStates capture(@Nullable ThreadStates before) {
        List<Mirror> mirrors = Mirror.open();
        if (mirrors.isEmpty()) {
            return null;
        }
        @Nullable Object[] values = new @Nullable Object[mirrors.size()];
        for (int i = 0; i < values.length; i++) {
            Mirror mirror = mirrors.get(i);
            values[i] = mirror.capture(before == null ? Mirror.UNKNOWN : before.of(mirror));
        }
        return new ThreadStates(mirrors, values);
    }

    private @Nullable Object of(Mirror mirror) {
        int index = mirrors.indexOf(mirror);
        return index < 0 ? Mirror.UNKNOWN : values[index];
    }

    /** Gives the calling thread these states. */
    void restore() {
        for (int i = 0; i < values.length; i++) {
            mirrors.get(i).restore(values[i]);
        }
    }
}
