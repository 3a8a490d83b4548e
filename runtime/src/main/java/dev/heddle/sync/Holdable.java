package dev.heddle.sync;

import dev.heddle.Asyncio;
import dev.heddle.Task;
import org.jspecify.annotations.Nullable;

/**
 * A primitive that is acquired and released.
 *
 * <p>An acquisition allocates nothing where its {@link Hold} can be one that is over. That is a matter of who may still close
 * it: a {@code try} statement closes it once more after the program has done so, and then it must not stand for the acquisition of
 * another task. So a task gets only holds that it had itself, and not the last one but the one before.
 */
abstract class Holdable extends LoopBound {

    /** The hold given out last, and the one before. */
    private @Nullable Hold last;

    private @Nullable Hold beforeLast;

    /** Gives {@code hold} back if it is open. */
    abstract void close(Hold hold);

    /** An open hold for the running task. */
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

    /** Takes note that the running task has given something back without a hold: if it has one, that will not be closed. */
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
