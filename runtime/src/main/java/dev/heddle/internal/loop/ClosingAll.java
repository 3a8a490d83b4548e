// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import org.jspecify.annotations.Nullable;

/** Closes one thing after another, even if some of them fail. The first failure is thrown at the end, with the others as suppressed ones. */
public final class ClosingAll {

    private @Nullable IllegalStateException failure;

    /** Creates the closing of nothing yet. */
    public ClosingAll() {}

    /** Closes {@code what} by {@code closing}. */
    public void close(Object what, AutoCloseable closing) {
        try {
            closing.close();
        } catch (Exception thrown) {
            IllegalStateException first = failure;
            if (first == null) {
                failure = new IllegalStateException("cannot close " + what + ": " + thrown, thrown);
            } else {
                first.addSuppressed(thrown);
            }
        }
    }

    /**
     * Called after everything is closed.
     *
     * @throws IllegalStateException if something has failed
     */
    public void end() {
        if (failure != null) {
            throw failure;
        }
    }
}
