// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.internal.loop.DebugWatch;
import dev.heddle.internal.loop.LoopOwner;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.report.ErrorReports;
import dev.heddle.woven.Driver;
import java.lang.System.Logger.Level;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Connects the kernel of a loop to its {@link EventLoop}. */
final class LoopHooks extends LoopOwner {

    /**
     * The watchdog, looked up before the first turn in debug mode. It is found by its name, because it is built on the loop; a constant name is
     * what shrinkers and native images follow.
     */
    private static final class Watching {

        /** Null if the watchdog is not there. */
        private static final @Nullable DebugWatch WATCH = find();

        private static @Nullable DebugWatch find() {
            try {
                Constructor<?> constructor =
                        Class.forName("dev.heddle.monitor.DebugModeWatch").getDeclaredConstructor();
                constructor.setAccessible(true);
                return (DebugWatch) constructor.newInstance();
            } catch (ReflectiveOperationException | LinkageError missing) {
                ErrorReports.logger()
                        .log(
                                Level.WARNING,
                                "steps that block a loop are not reported in debug mode, because the package"
                                        + " dev.heddle.monitor is missing; keep it in the program",
                                missing);
                return null;
            }
        }
    }

    private final EventLoop loop;

    /** Handles an interrupt. If it is null, an interrupt leaves the loop. */
    @Nullable
    Runnable interruptAction;

    /** The loop inside which this one runs, as a guest; null if there is none. */
    private @Nullable Driver outer;

    LoopHooks(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    protected void enter() {
        outer = Driver.currentOrNull();
        loop.chain.enter();
    }

    @Override
    protected void exit() {
        loop.chain.exit();
        if (outer != null) {
            outer.enter();
            outer = null;
        }
    }

    @Override
    protected void refusedByHost(Throwable failure) {
        loop.errors.report(
                "The host of " + loop + " refuses to run it; " + loop.tasks.size() + " tasks are left",
                failure,
                "loop",
                loop);
    }

    @Override
    protected void leave() {
        loop.maker.eager = null;
        loop.context = null;
    }

    @Override
    protected int tasks() {
        return loop.tasks.size();
    }

    @Override
    protected void interrupted() {
        Runnable action = interruptAction;
        if (action != null) {
            action.run();
        } else {
            Thread.currentThread().interrupt();
            throw new InterruptError("the thread that runs " + loop + " was interrupted");
        }
    }

    @Override
    protected IllegalStateException deadlock() {
        String waiting = loop.tasks.all().stream().map(LoopHooks::describe).collect(Collectors.joining(", "));
        return new IllegalStateException("deadlock in " + loop
                + ": nothing is ready, no timer runs and no other thread is expected to answer; waiting tasks: "
                + (waiting.isEmpty() ? "none" : waiting));
    }

    private static String describe(Task<?> task) {
        List<StackTraceElement> stack = task.stack();
        return stack.isEmpty() ? task.name() : task.name() + " at " + stack.get(0);
    }

    @Override
    protected IllegalStateException wrongThread() {
        return RunningLoop.wrongThread(loop);
    }

    @Override
    protected void requireOpen() {
        loop.requireOpen();
    }

    // Observation

    @Override
    protected boolean isDebug() {
        return loop.debug;
    }

    @Override
    protected void observedTurnBegins() {
        if (loop.debug && !loop.clock.isVirtual()) {
            DebugWatch watch = Watching.WATCH;
            if (watch != null) {
                watch.watch(loop, loop.core.slowSteps.limit());
            }
        }
    }

    @Override
    protected @Nullable Step task() {
        return loop.current();
    }

    @Override
    protected List<StackTraceElement> awaiting() {
        return loop.chain.awaiting();
    }

    /** Drops everything that is queued or waits. {@code reason} says why. */
    void drop(IllegalStateException reason) {
        loop.core.refuse(reason);
        Set<Task<?>> pending = loop.tasks.all();
        loop.core.dropReady(reason);
        for (Task<?> task : pending) {
            task.dropWaiters(reason);
        }
        loop.views.drop(reason);
        loop.core.close();
    }

    // Reports

    /** Calls {@code handler} in the context of the task or the handle that {@code report} is about. */
    static void callInContext(Map<String, Object> report, Runnable handler) {
        Context own = contextIn(report);
        if (own == null) {
            handler.run();
        } else {
            own.call(() -> {
                handler.run();
                return true;
            });
        }
    }

    private static @Nullable Context contextIn(Map<String, Object> report) {
        Object future = report.getOrDefault("task", report.get("future"));
        if (future instanceof Task<?> task) {
            return task.context();
        }
        Object handle = report.get("handle");
        if (handle instanceof Handle soon) {
            return soon.context();
        }
        return handle instanceof TimerHandle timer ? timer.context() : null;
    }

    @Override
    protected boolean hasReports() {
        return loop.debug || loop.unretrieved.isWatching();
    }

    @Override
    protected void report() {
        reportCollected();
        if (loop.unretrieved.isDelayRunning()) {
            loop.unretrieved.reportDue(loop.clock.nanos());
        }
    }

    @Override
    protected void reportCollected() {
        loop.unretrieved.reportCollected();
        loop.lost.reportCollected();
    }

    @Override
    protected long nextReport() {
        return loop.unretrieved.nextDeadline();
    }
}
