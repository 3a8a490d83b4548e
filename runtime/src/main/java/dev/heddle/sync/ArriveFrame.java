// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.sync;

import dev.heddle.internal.loop.StackRoom;
import org.jspecify.annotations.Nullable;

/**
 * An arrival at a barrier. Whenever the state changes, all waiting tasks check it. If the state is not the one that a task waits for, the
 * task waits again, at the end of the queue. CPython uses a condition. Its lock, which is free whenever no task runs, needs no counterpart
 * here.
 */
final class ArriveFrame extends Waiter<Integer> {

    private static final Native ENTRY = new Native(Barrier.class, "arrive");

    /** Waits until the tasks of the previous round have left. */
    private static final int OUTSIDE = 1;

    /** Waits until all tasks have arrived. */
    private static final int INSIDE = 2;

    private final Barrier barrier;
    private int index;

    ArriveFrame(Barrier barrier) {
        super(ENTRY);
        this.barrier = barrier;
    }

    @Override
    protected @Nullable Object start() {
        StackRoom.require();
        return enter();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        leave();
        try {
            take();
        } catch (Throwable cancelled) {
            barrier.waiters.wakeNext(); // as CPython's condition does; it changes the order of the waiting tasks
            if (await == INSIDE) {
                barrier.leave();
            }
            throw cancelled;
        }
        return await == OUTSIDE ? enter() : goOn();
    }

    private @Nullable Object enter() {
        switch (barrier.state()) {
            case DRAINING, RESETTING -> {
                return waitIn(barrier.waiters, OUTSIDE);
            }
            case BROKEN -> throw barrier.broken("Barrier aborted");
            default -> {
                index = barrier.enter();
                return barrier.state() == Barrier.State.FILLING ? waitInside() : left();
            }
        }
    }

    private @Nullable Object waitInside() {
        try {
            return waitIn(barrier.waiters, INSIDE);
        } catch (Throwable ofOtherLoop) {
            barrier.leave();
            throw ofOtherLoop;
        }
    }

    private @Nullable Object goOn() {
        return switch (barrier.state()) {
            case FILLING -> waitInside();
            case DRAINING -> left();
            default -> {
                barrier.leave();
                throw barrier.broken("Abort or reset of barrier");
            }
        };
    }

    private Integer left() {
        barrier.leave();
        return index;
    }
}
