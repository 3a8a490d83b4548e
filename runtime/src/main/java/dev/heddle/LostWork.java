package dev.heddle;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import java.lang.System.Logger.Level;
import java.util.List;

/** Reports what a loop loses when it is closed, and the coroutines that nobody awaits. Used on the loop's thread. */
final class LostWork {

    private final EventLoop loop;

    LostWork(EventLoop loop) {
        this.loop = loop;
    }

    /** Reports the coroutines that have been collected and were never awaited, if they are watched. */
    void reportCollected() {
        if (loop.chain.unawaited.isWatching()) {
            loop.chain.unawaited.takeCollected(this::reportCoroutine);
            UnawaitedCoroutines.OUTSIDE.takeCollected(LostWork::logCoroutine);
        }
    }

    /** Reports the tasks that never end and the coroutines that were never awaited, as the loop is about to be closed. */
    void reportAll() {
        for (Task<?> task : loop.tasks.all()) {
            if (!task.mayStayPending) {
                loop.errors.reportPending("Task was destroyed but it is pending!", task);
            }
        }
        if (loop.chain.unawaited.isWatching()) {
            loop.chain.unawaited.takeAll(this::reportCoroutine);
            UnawaitedCoroutines.OUTSIDE.takeCollected(LostWork::logCoroutine);
        }
    }

    private void reportCoroutine(String name, List<StackTraceElement> created) {
        loop.errors.reportUnawaited(message(name, created), created);
    }

    /** Where no loop ran there is no handler. */
    private static void logCoroutine(String name, List<StackTraceElement> created) {
        ErrorReports.logger().log(Level.ERROR, message(name, created));
    }

    private static String message(String name, List<StackTraceElement> created) {
        return "coroutine '" + name + "' was never awaited"
                + (created.isEmpty() ? "" : ", created at " + created.get(0));
    }
}
