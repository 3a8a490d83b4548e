// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/** A resource whose release may have to wait, such as a connection that says goodbye. Corresponds to an object with {@code aclose} in Python. */
public interface AsyncCloseable {

    /** Releases the resource. Has no effect if it has been released already. */
    @CheckReturnValue
    Coroutine<Void> close();
}
