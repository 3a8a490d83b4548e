// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/** The conditions on which {@link Asyncio#wait} returns. They correspond to the constants of the same names in {@code asyncio}. */
public enum ReturnWhen {

    /** As soon as one future is done, whether it has a result, has failed or was cancelled. */
    FIRST_COMPLETED,

    /** As soon as one future has failed. A cancellation does not count. If none fails, as {@link #ALL_COMPLETED}. */
    FIRST_EXCEPTION,

    /** When every future is done. */
    ALL_COMPLETED
}
