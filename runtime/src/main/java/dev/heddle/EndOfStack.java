package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import dev.heddle.internal.frames.Chain;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.internal.report.LeavesLoop;
import dev.heddle.internal.report.Text;
import dev.heddle.internal.report.Throwables;

/**
 * The classes that end a step in which the stack has overflowed. They are loaded before the first loop is made: to load a class takes more stack than
 * {@link StackRoom} makes sure of, and a class whose initialisation overflows the stack is unusable for the rest of the process.
 */
final class EndOfStack {

    private static final Class<?>[] CLASSES = {
        CancelledError.class,
        CancelRequest.class,
        Cancellation.class,
        Future.class,
        GatherFuture.class,
        Handle.class,
        InterruptError.class,
        LeavesLoop.class,
        Sleep.class,
        Sneaky.class,
        StackRoom.class,
        Task.class,
        TaskGroup.class,
        Text.class,
        Throwables.class,
        Timeout.class,
        TimerHandle.class,
        Waiters.class,
    };

    private EndOfStack() {}

    /** Loads and initialises the classes, and those nested in them. */
    static void load() {
        try {
            for (Class<?> type : CLASSES) {
                for (Class<?> member : type.getNestMembers()) {
                    Class.forName(member.getName(), true, member.getClassLoader());
                }
            }
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible); // each has been found already
        }
        Chain.load();
    }
}
