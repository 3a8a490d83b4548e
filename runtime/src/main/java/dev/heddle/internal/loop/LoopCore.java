package dev.heddle.internal.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop proper: it takes turns until it is stopped. One turn is these steps, the order of asyncio's:
 *
 * <ol>
 *   <li>If nothing is ready, report failures that were collected, and wait until a timer is due or another thread sends something. A
 *       virtual clock is set to the earliest timer instead.
 *   <li>Append what other threads have sent to the ready queue, {@value #MOST_FROM_OUTSIDE} entries at most. The rest waits for the next turns, so
 *       that a burst from outside does not hold up the loop's own timers and tasks; asyncio takes everything.
 *   <li>Append the timers that are due.
 *   <li>Report failures that nobody has looked at, if there may be some.
 *   <li>Run as many entries as are in the queue now; the entries they append run in the next turn.
 * </ol>
 *
 * <p>Used on the loop's thread, except for the methods that say otherwise.
 */
public final class LoopCore {

    /** The end of a run, beside {@link #stop}. */
    public enum Until {
        /** Nothing else. */
        STOPPED,
        /** A future, whose callback stops the run: it makes no sense to wait where that cannot happen any more. */
        COMPLETE,
        /** That nothing can happen before the horizon. */
        IDLE
    }

    /** How many entries of other threads a turn takes. */
    private static final int MOST_FROM_OUTSIDE = 256;

    /** The entries that run next. */
    public final ReadyQueue<Step> ready = new ReadyQueue<>();

    /** The steps that sleep, and those that run at a given time. */
    public final TimerHeap timers = new TimerHeap();

    /** The time that the timers follow. */
    public final Clock clock;

    /** Counts the work of the loop. */
    public final LoopMeter meter;

    /** The work of others that the loop waits for. */
    public final OutsideWork outside;

    /** Shows the loop to the outside. */
    public final Registration registration = new Registration();

    private final LoopOwner owner;
    private final Parker parker = new Parker();
    private final Inbox<Step> inbox = new Inbox<>(parker);
    private final Consumer<Step> intoReady = ready::add;

    /** The thread that runs the loop, null while none does. Written by that thread, read by all. */
    private volatile @Nullable Thread thread;

    private boolean stopping;

    private Until until = Until.STOPPED;

    /** The time beyond which a run {@link Until#IDLE} does not look. */
    private long horizon;

    /** Observes each step, null for nobody. Written by any thread. */
    private volatile @Nullable Probe probe;

    /** The loop of {@code owner}, whose timers follow {@code clock}; {@code stopwatch} measures how long it is busy and idle. */
    public LoopCore(LoopOwner owner, Clock clock, Clock stopwatch) {
        this.owner = owner;
        this.clock = clock;
        this.outside = new OutsideWork(clock, stopwatch);
        this.meter = new LoopMeter(stopwatch);
    }

    /** Whether a thread runs the loop. Called on any thread. */
    public boolean isRunning() {
        return thread != null;
    }

    /** The thread that runs the loop, null while none does. Called on any thread. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** Sets what observes each step from the next turn on, null for nothing. Called on any thread. */
    public void setProbe(@Nullable Probe probe) {
        this.probe = probe;
    }

    /** Whether the caller is on the thread that runs the loop. Called on any thread. */
    public boolean isOnThread() {
        return thread == Thread.currentThread();
    }

    /** Whether the loop runs on another thread than the caller's. Called on any thread. */
    public boolean isOnOtherThread() {
        Thread running = thread;
        return running != null && running != Thread.currentThread();
    }

    /**
     * Throws if another thread runs the loop. Called before a future is completed, cancelled or given a callback, or a waiting coroutine is
     * woken: done on two threads at once, that would lose a wake-up in silence. While no thread runs the loop, this makes ready what was sent before.
     */
    public void requireThread() {
        Thread running = thread;
        if (running == null) {
            takeInbox();
        } else if (running != Thread.currentThread()) {
            throw owner.wrongThread();
        }
    }

    /**
     * Lets {@code step}, which waits no more, run in the next turn.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public void wake(Step step) {
        owner.requireOpen();
        ready.add(step);
    }

    /** Sends {@code step} to the ready queue; false if the loop is closed. Called on any thread. */
    public boolean send(Step step) {
        if (isOnThread()) {
            ready.add(step);
            return true;
        }
        return inbox.send(step);
    }

    /** Ends the run after the present turn, or after one turn if the loop does not run. */
    public void stop() {
        stopping = true;
    }

    /** Drops what other threads have sent, for the reason {@code closed}, and refuses what they send from now on. */
    public void refuse(IllegalStateException closed) {
        inbox.close(step -> step.dropped(closed));
    }

    /** Drops what is ready, for the reason {@code closed}. */
    public void dropReady(IllegalStateException closed) {
        ready.forEach(step -> step.dropped(closed));
        ready.clear();
    }

    /** Drops the timers, and no longer shows the loop to the outside. */
    public void close() {
        timers.clear();
        registration.close();
    }

    /** Sets the time beyond which a run {@link Until#IDLE} does not look. */
    public void setHorizon(long horizon) {
        this.horizon = horizon;
    }

    /** Takes turns until {@link #stop}, until something throws that leaves the loop, or as {@code until} says. */
    public void run(Until until) {
        this.until = until;
        takeInbox();
        parker.own();
        thread = Thread.currentThread();
        meter.change(true, false);
        owner.enter();
        try {
            do {
                turn();
            } while (!stopping);
        } finally {
            Probe observer = probe;
            if (observer != null) {
                observer.turnEnded(); // something may have thrown in the middle of a step
            }
            stopping = false;
            leave();
            owner.exit();
            meter.change(false, false);
            thread = null;
        }
    }

    private void turn() {
        if (ready.isEmpty() && !stopping) {
            leave();
            owner.reportCollected();
            leave(); // the handler of the reports may have set something
            if (!stopping) { // by the handler of the reports
                idle();
            }
        }
        inbox.take(intoReady, MOST_FROM_OUTSIDE);
        if (!timers.isEmpty()) {
            expireTimers(clock.nanos());
        }
        if (owner.hasReports()) {
            leave();
            owner.report();
            leave();
        }
        Probe observer = probe;
        int count = ready.size();
        boolean timed = meter.turn(count, owner.tasks(), timers.size());
        if (observer != null) {
            runObserved(count, observer);
        } else if (timed) {
            runTimed(count);
        } else {
            runAll(count);
        }
        if (timed) { // not in every turn, which may be as short as a step
            leave();
            heedInterrupt();
        }
    }

    /** Most turns are not timed, and as short as a step or two: in a method with both, what begins and ends the timing made those slower. */
    private void runAll(int count) {
        for (int left = count; left > 0; left--) {
            ready.remove().step();
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
                ready.remove().step();
            }
            timer.ran();
        }
        timer.endTurn(count, meter.lastStep());
    }

    private void runObserved(int count, Probe observer) {
        observer.turnBegins();
        StepTimer timer = meter.timer;
        timer.beginTurn(count, meter.lastStep());
        for (int left = count; left > 0; left--) {
            Step step = ready.remove();
            observer.stepBegins(step);
            timer.take(1);
            step.step();
            observer.stepEnded(step);
            timer.ran();
        }
        timer.endTurn(count, meter.lastStep());
        observer.turnEnded();
    }

    /** Says that nothing runs at this moment: before the loop calls a handler or an action, and before it waits. */
    private void leave() {
        ready.drop();
        owner.leave();
    }

    /** Appends all that was sent while no thread ran the loop. Called before something else is appended then, and before it runs, to keep the order. */
    public void takeInbox() {
        inbox.take(intoReady, Integer.MAX_VALUE);
    }

    private void expireTimers(long now) {
        while (!timers.isEmpty() && timers.firstDeadline() <= now) {
            ready.add(timers.removeFirst());
        }
    }

    /** Waits until there may be something to do. Returning for no reason is harmless: the turn then runs nothing. */
    private void idle() {
        if (!inbox.isEmpty()) {
            return;
        }
        if (Thread.interrupted()) {
            owner.interrupted();
            return;
        }
        long wait = timeToWait();
        if (wait > 0 && inbox.fallAsleep()) {
            meter.change(true, true);
            if (clock.isVirtual()) {
                blockInVirtualTime(wait);
            } else {
                parker.block(wait);
                inbox.wakeUp();
            }
            meter.change(true, false);
            if (Thread.interrupted()) {
                owner.interrupted();
            }
        }
    }

    private void blockInVirtualTime(long wait) {
        long blocked = outside.block(parker, wait);
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
        long deadline = Math.min(nextTimer(), owner.nextReport());
        // A deadline before the clock's origin may be so long ago that the difference overflows.
        return deadline == Long.MAX_VALUE ? Parking.FOREVER : Math.max(0, deadline) - clock.nanos();
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
                throw owner.deadlock();
            }
            return Parking.FOREVER;
        }
        return outside.timeToWait(deadline);
    }

    /** Looks for an interrupt, for loops that never wait. */
    private void heedInterrupt() {
        if (!stopping && Thread.interrupted()) {
            owner.interrupted();
        }
    }
}
