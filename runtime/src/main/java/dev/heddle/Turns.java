package dev.heddle;

import dev.heddle.coroutines.Waker;
import dev.heddle.internal.Clock;
import dev.heddle.internal.Inbox;
import dev.heddle.internal.Parker;
import dev.heddle.internal.Poller;
import dev.heddle.internal.ReadyQueue;
import dev.heddle.woven.Suspendable;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop proper: it takes turns until it is stopped. One turn is these steps, the order of asyncio's:
 *
 * <ol>
 *   <li>If nothing is ready, report failures that were collected, and wait until a timer is due or another thread sends something. A
 *       virtual clock is set to the earliest timer instead.
 *   <li>Append what other threads have sent to the ready queue, {@value #MOST_FROM_OUTSIDE} entries at most. The rest waits for the next turns, so
 *       that what comes from outside does not hold up the loop's own timers and tasks; asyncio takes everything.
 *   <li>Append the timers that are due.
 *   <li>Report failures that nobody has looked at, if there may be some.
 *   <li>Run as many entries as are in the queue now; what they append runs in the next turn.
 * </ol>
 *
 * <p>Everything here is used on the loop's thread, but for what says otherwise.
 */
final class Turns extends Waker {

    /** What ends a run, beside {@link #stop}. */
    enum Until {
        /** Nothing else. */
        STOPPED,
        /** A future, whose callback stops the run: it makes no sense to wait where that cannot happen any more. */
        COMPLETE,
        /** That nothing can happen before the horizon. */
        IDLE
    }

    /** How many entries of other threads a turn takes. */
    private static final int MOST_FROM_OUTSIDE = 256;

    private final EventLoop loop;
    private final ReadyQueue ready;
    private final TimerHeap timers;
    private final Clock clock;
    private final UnretrievedFailures unretrieved;
    private final Parker poller = new Parker();
    private final Inbox inbox = new Inbox(poller);
    private final Consumer<Object> intoReady;
    private final ObservedSteps observed;

    final LoopMeter meter;

    /** The thread that runs the loop, null while none does. Written by that thread, read by all. */
    private volatile @Nullable Thread thread;

    private boolean stopping;

    /** What the loop waits for that is not done on its thread. */
    final OutsideWork outside;

    private Until until = Until.STOPPED;

    /** The time beyond which a run {@link Until#IDLE} does not look. */
    private long horizon;

    /** What the steps are counted in while a {@link Watchdog} watches, null otherwise. Written by any thread. */
    private volatile @Nullable Progress progress;

    /** What is done about an interrupt instead of leaving the loop, null for nothing. */
    private @Nullable Runnable interruptAction;

    Turns(EventLoop loop, ReadyQueue ready, TimerHeap timers, Clock clock, Clock stopwatch) {
        this.loop = loop;
        this.ready = ready;
        this.intoReady = ready::add;
        this.timers = timers;
        this.clock = clock;
        this.outside = new OutsideWork(clock, stopwatch);
        this.unretrieved = loop.unretrieved;
        this.meter = new LoopMeter(stopwatch);
        this.observed = new ObservedSteps(loop, ready, meter);
    }

    /** Called on any thread. */
    boolean isRunning() {
        return thread != null;
    }

    /** The thread that runs the loop, null while none does. Called on any thread. */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** Whether a {@link Watchdog} watches. Called on any thread. */
    boolean isWatched() {
        return progress != null;
    }

    /** What the steps are counted in while a {@link Watchdog} watches, null otherwise. Called on any thread. */
    @Nullable
    Progress progress() {
        return progress;
    }

    /** Sets what the steps are counted in from the next turn on. Called on any thread. */
    void setProgress(@Nullable Progress progress) {
        this.progress = progress;
    }

    /** Whether the caller is on the thread that runs the loop. Called on any thread. */
    boolean isOnThread() {
        return thread == Thread.currentThread();
    }

    /** Whether the loop runs on another thread than the caller's. Called on any thread. */
    boolean isOnOtherThread() {
        Thread running = thread;
        return running != null && running != Thread.currentThread();
    }

    /**
     * Throws if another thread runs the loop. Called where a future is completed, cancelled or given a callback, or a coroutine that waits in a line is
     * woken: done on two threads at once that would lose a wake-up in silence. While no thread runs the loop, what was sent before comes before what that wakes.
     */
    @Override
    public void requireThread() {
        Thread running = thread;
        if (running == null) {
            takeInbox();
        } else if (running != Thread.currentThread()) {
            throw wrongThread();
        }
    }

    @Override
    public void wake(Suspendable task) {
        loop.requireOpen();
        ready.add(task);
    }

    /** What is thrown at a thread that does not run the loop while another does; it may run another loop. */
    IllegalStateException wrongThread() {
        return RunningLoop.wrongThread(loop);
    }

    /** Sends an entry to the ready queue; false if the loop is closed. Called on any thread. */
    boolean send(Object entry) {
        return inbox.send(entry);
    }

    void stop() {
        stopping = true;
    }

    void setInterruptAction(@Nullable Runnable action) {
        interruptAction = action;
    }

    /** Drops everything that is queued or waits, for the reason {@code closed}, and refuses what other threads send from now on. */
    void close(IllegalStateException closed) {
        inbox.close(entry -> drop(entry, closed));
        Set<Task<?>> pending = loop.tasks.all();
        ready.forEach(entry -> drop(entry, closed));
        ready.clear();
        for (Task<?> task : pending) {
            task.dropWaiters(closed);
        }
        loop.views.drop(closed);
        timers.clear();
        meter.close();
    }

    private static void drop(Object entry, IllegalStateException closed) {
        if (entry instanceof Handle handle) {
            handle.drop(closed);
        }
    }

    void setHorizon(long horizon) {
        this.horizon = horizon;
    }

    /** Takes turns until {@link #stop}, until something throws that leaves the loop, or as {@code until} says. */
    void run(Until until) {
        this.until = until;
        takeInbox();
        poller.own();
        thread = Thread.currentThread();
        meter.change(true, false);
        loop.chain.enter();
        try {
            do {
                turn();
            } while (!stopping);
        } finally {
            observed.end(progress); // something may have thrown in the middle of a step
            stopping = false;
            loop.leave();
            loop.chain.exit();
            meter.change(false, false);
            thread = null;
        }
    }

    private void turn() {
        if (ready.isEmpty() && !stopping) {
            reportCollected();
            if (!stopping) { // by the handler of the reports
                idle();
            }
        }
        inbox.take(intoReady, MOST_FROM_OUTSIDE);
        if (!timers.isEmpty()) {
            expireTimers(clock.nanos());
        }
        if (loop.debug || unretrieved.isWatching()) {
            reportFailures();
        }
        Progress watched = progress;
        int count = ready.size();
        boolean timed = meter.turn(count, loop.tasks.size(), timers.size());
        if (loop.debug || watched != null) {
            observed.run(count, watched);
        } else if (timed) {
            runTimed(count);
        } else {
            runAll(count);
        }
        if (timed) { // not in every turn, which may be as short as a step
            loop.leave();
            heedInterrupt();
        }
    }

    /** Most turns are not timed, and as short as a step or two: in a method with both, what begins and ends the timing made those slower. */
    private void runAll(int count) {
        for (int left = count; left > 0; left--) {
            Object entry = ready.remove();
            if (entry instanceof Task<?> task) { // no method of its own: it is in every trace
                task.step();
            } else {
                runCallback(entry);
            }
        }
    }

    /** As {@link #runAll}, block by block. Steps are run here as well as there: a call would be one more line in every trace. */
    private void runTimed(int count) {
        StepTimer timer = meter.timer;
        timer.beginTurn(count, meter.lastStep());
        for (int left = count; left > 0; ) {
            int block = timer.take(left);
            left -= block;
            for (; block > 0; block--) {
                Object entry = ready.remove();
                if (entry instanceof Task<?> task) {
                    task.step();
                } else {
                    runCallback(entry);
                }
            }
            timer.ran();
        }
        timer.endTurn(count, meter.lastStep());
    }

    private void reportFailures() {
        reportCollected();
        if (unretrieved.isDelayRunning()) {
            unretrieved.reportDue(clock.nanos());
        }
        loop.leave();
    }

    private void reportCollected() {
        loop.leave();
        unretrieved.reportCollected();
        loop.lost.reportCollected();
        loop.leave(); // the handler of the reports may have set something
    }

    /** Appends all that was sent while no thread ran the loop. Called before something else is appended then, and before it runs, to keep the order. */
    void takeInbox() {
        inbox.take(intoReady, Integer.MAX_VALUE);
    }

    private void expireTimers(long now) {
        while (!timers.isEmpty() && timers.firstDeadline() <= now) {
            Object timer = timers.removeFirst();
            ready.add(timer instanceof Task<?> task ? new Alarm(task) : ((TimerHandle) timer).due());
        }
    }

    static void runCallback(Object entry) {
        if (entry instanceof Handle handle) {
            handle.run();
        } else if (entry instanceof Alarm alarm) {
            alarm.run();
        } else {
            ((TimerHandle) entry).run();
        }
    }

    /** Waits until there may be something to do. Returning for no reason is harmless: the turn then runs nothing. */
    private void idle() {
        if (!inbox.isEmpty()) {
            return;
        }
        if (Thread.interrupted()) {
            interrupted();
            return;
        }
        long wait = timeToWait();
        if (wait > 0 && inbox.fallAsleep()) {
            meter.change(true, true);
            if (clock.isVirtual()) {
                blockInVirtualTime(wait);
            } else {
                poller.block(wait);
                inbox.wakeUp();
            }
            meter.change(true, false);
            if (Thread.interrupted()) {
                interrupted();
            }
        }
    }

    private void blockInVirtualTime(long wait) {
        long blocked = outside.block(poller, wait);
        inbox.wakeUp();
        outside.pass(blocked, nextTimer(), inbox.isEmpty());
    }

    /** How long to wait for the outside, 0 for not at all. A virtual clock has then been set forward. */
    private long timeToWait() {
        if (until == Until.IDLE && isIdle()) {
            stopping = true;
            return 0;
        }
        if (clock.isVirtual()) {
            return virtualTimeToWait();
        }
        long deadline = Math.min(nextTimer(), unretrieved.nextDeadline());
        // A deadline before the clock's origin may be so long ago that the difference overflows.
        return deadline == Long.MAX_VALUE ? Poller.FOREVER : Math.max(0, deadline) - clock.nanos();
    }

    /** Whether nothing can happen before the horizon. */
    private boolean isIdle() {
        boolean timer = !timers.isEmpty() && timers.firstDeadline() <= horizon;
        return !timer && (!outside.isOutstanding() || horizon <= clock.nanos());
    }

    /** When the next timer is due or, if that is earlier, a run ends at its horizon; the largest number if there is neither. */
    private long nextTimer() {
        long deadline = timers.isEmpty() ? Long.MAX_VALUE : timers.firstDeadline();
        return until == Until.IDLE ? Math.min(deadline, horizon) : deadline;
    }

    /** As {@link #timeToWait}. The clock does not jump to where a failure is to be reported, as nobody waits for that. */
    private long virtualTimeToWait() {
        long deadline = nextTimer();
        if (deadline == Long.MAX_VALUE && timers.isEmpty() && !outside.isOutstanding()) {
            if (until == Until.COMPLETE) {
                throw Deadlock.in(loop);
            }
            return Poller.FOREVER;
        }
        return outside.timeToWait(deadline);
    }

    /** Looks for an interrupt, for loops that never wait. */
    private void heedInterrupt() {
        if (!stopping && Thread.interrupted()) {
            interrupted();
        }
    }

    private void interrupted() {
        Runnable action = interruptAction;
        if (action != null) {
            action.run();
        } else {
            Thread.currentThread().interrupt();
            throw new InterruptError("the thread that runs " + loop + " was interrupted");
        }
    }
}
