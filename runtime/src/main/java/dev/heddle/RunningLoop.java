// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.woven.Driver;
import org.jspecify.annotations.Nullable;

/** Knows the loops of each thread: the loop that the thread is running, and the loop that was set for it. */
final class RunningLoop {

    private static final ThreadLocal<@Nullable EventLoop> SET = new ThreadLocal<>();

    private RunningLoop() {}

    /** Returns the loop that runs on this thread, or null. */
    static @Nullable EventLoop orNull() {
        Driver driver = Driver.currentOrNull();
        return driver == null ? null : (EventLoop) driver.loop;
    }

    static EventLoop get() {
        EventLoop loop = orNull();
        if (loop == null) {
            throw new IllegalStateException("no running event loop on thread "
                    + Driver.nameOfThread()
                    + "; call this in a coroutine that Asyncio.run or EventLoop.runUntilComplete runs");
        }
        return loop;
    }

    /** Throws if {@code loop} cannot run on this thread now. In this case {@code refused} is discarded if it is a coroutine. */
    static void requireRunnable(EventLoop loop, @Nullable Awaitable<?> refused) {
        String problem = null;
        if (loop.isClosed()) {
            problem = "Event loop is closed: " + loop;
        } else if (loop.core.isGuest()) {
            problem = "Cannot run " + loop
                    + ": its host runs it; create a task, or use runCoroutineThreadsafe on another thread";
        } else if (loop.isRunning()) {
            problem = "This event loop is already running: " + loop;
        } else if (orNull() != null) {
            problem = "Cannot run the event loop while another loop is running: " + orNull();
        }
        if (problem != null) {
            if (refused instanceof Coroutine<?> coroutine) {
                coroutine.discard();
            }
            throw new IllegalStateException(problem);
        }
    }

    /** Creates the exception for this thread, which uses {@code loop} although another thread runs it. */
    static IllegalStateException wrongThread(EventLoop loop) {
        EventLoop own = orNull();
        return new IllegalStateException(
                "Non-thread-safe operation invoked on an event loop other than the current one: "
                        + loop + " runs on another thread than "
                        + Driver.nameOfThread()
                        + (own == null ? "" : ", which runs " + own)
                        + "; use callSoonThreadsafe, or runCoroutineThreadsafe for a coroutine");
    }

    /** Returns the loop that runs on this thread, or else the loop that was set or created for it, or else a new loop. */
    static EventLoop orThreads() {
        EventLoop loop = orNull();
        if (loop == null) {
            loop = SET.get();
        }
        if (loop == null) {
            loop = EventLoop.create();
            SET.set(loop);
        }
        return loop;
    }

    /** Sets the loop of this thread and returns the previous one. */
    static @Nullable EventLoop set(@Nullable EventLoop loop) {
        EventLoop before = SET.get();
        if (loop == null) {
            SET.remove();
        } else {
            SET.set(loop);
        }
        return before;
    }

    /** Sets the loop of this thread to {@code before}, if it currently is {@code loop}. */
    static void restore(EventLoop loop, @Nullable EventLoop before) {
        if (SET.get() == loop) {
            set(before);
        }
    }
}
