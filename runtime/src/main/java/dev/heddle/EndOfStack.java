// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.frames.Chain;
import java.util.List;

/**
 * The classes that end a step in which the stack has overflowed. They are loaded before the first loop is made: to load a class takes more stack than
 * {@link dev.heddle.internal.loop.StackRoom} makes sure of, and a class whose initialisation overflows the stack is unusable for the rest of the process.
 */
final class EndOfStack {

    /** The names of the classes below this package, whose nested classes are loaded, too. Names, because these classes make loops. */
    static final List<String> NAMES = List.of(
            "CancelledError",
            "CancelRequest",
            "Cancellation",
            "ExternalFuture",
            "Future",
            "GatherFuture",
            "Handle",
            "InterruptError",
            "Outcomes",
            "Sleep",
            "Task",
            "TaskGroup",
            "Timeout",
            "TimerHandle",
            "Waiters",
            "coroutines.LoopStage",
            "coroutines.Sneaky",
            "internal.loop.StackRoom",
            "internal.report.LeavesLoop",
            "internal.report.Text",
            "internal.report.Throwables");

    private EndOfStack() {}

    /** Loads and initialises the classes. */
    static void load() {
        ClassLoader loader = EndOfStack.class.getClassLoader();
        for (String name : NAMES) {
            try {
                for (Class<?> member :
                        Class.forName("dev.heddle." + name, true, loader).getNestMembers()) {
                    Class.forName(member.getName(), true, loader);
                }
            } catch (ClassNotFoundException removed) {
                // a shrinker has found that the program does not need it
            }
        }
        Chain.load();
    }
}
