// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

/** What is awaited by awaiting a coroutine that it returns. Programs implement {@link dev.heddle.ToCoroutine}. */
public interface Convertible {

    /** Returns the coroutine to await. Called at each await. */
    Suspendable toCoroutine();
}
