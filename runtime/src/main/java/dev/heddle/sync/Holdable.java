// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.Asyncio;
import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/**
 * A primitive that is acquired and released.
 *
 * <p>An acquisition allocates nothing if it can reuse the {@link Hold} of an acquisition that has ended. Such a hold may still be closed: a
 * {@code try} statement closes it once more after the program has done so, and then it must not represent the acquisition of another task.
 * A task therefore reuses only its own holds, and not the last one but the one before it.
 */
abstract class Holdable extends LoopBound {

    /** The hold that was returned last, and the one before it. */
    private @Nullable Hold last;

    private @Nullable Hold beforeLast;

    /** Releases {@code hold} if it is open. */
    abstract void close(Hold hold);

    /** Returns an open hold for the running task. */
    final Hold newHold() {
        Task<?> task = Asyncio.currentTask();
        Hold hold = beforeLast;
        if (hold == null || hold.owner != task || (hold.open && !hold.abandoned)) {
            hold = new Hold(this, task);
        }
        hold.open = true;
        hold.abandoned = false;
        beforeLast = last;
        last = hold;
        return hold;
    }

    /** Records that the running task has released something without a hold. If it has a hold, that will not be closed. */
    final void abandonHold() {
        Hold hold = last;
        if (hold == null || !hold.open || hold.abandoned) {
            hold = beforeLast;
        }
        Task<?> owner = hold == null ? null : hold.owner;
        if (hold != null && owner != null && owner.loop().isRunning() && owner == Asyncio.currentTask()) {
            hold.abandoned = true;
        }
    }
}
