// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the turns of a loop until it is stopped. A turn consists of these steps, in the order of asyncio:
 *
 * <ol>
 *   <li>If nothing is ready, report the failures of collected objects, then wait until a timer is due, another thread sends a step or a
 *       watched event occurs. A virtual clock is set to the earliest timer instead. If steps are ready, poll for events, but not in every turn.
 *   <li>Append the steps that other threads have sent to the ready queue, at most {@value #MOST_FROM_OUTSIDE} of them. The rest waits for
 *       the next turns, so that a burst from outside does not delay the loop's own timers and tasks. asyncio takes all of them.
 *   <li>Append the timers that are due.
 *   <li>Report unretrieved failures, if there may be some.
 *   <li>Run as many entries as are in the queue now. Entries that they append run in the next turn.
 * </ol>
 *
 * <p>Used on the loop's thread, except for methods that say otherwise.
 */
public final class LoopCore {

    /** The event, in addition to {@link #stop}, that ends a run. */
    public enum Until {
        /** No other event. */
        STOPPED,
        /** The callback of a future stops the run. In virtual time, it is an error to wait when nothing can complete the future. */
        COMPLETE,
        /** The run ends when nothing can happen before the horizon. */
        IDLE
    }

    /** After how many steps a guest looks whether its time is up. */
    private static final int GUEST_STEPS = 64;

    /** How many steps of other threads a turn takes. */
    private static final int MOST_FROM_OUTSIDE = 256;

    /** The entries that run next. */
    public final ReadyQueue<Step> ready = new ReadyQueue<>();

    /** The sleeping steps, and the steps that run at a given time. */
    public final TimerHeap timers = new TimerHeap();

    /** The clock that the timers follow. */
    public final Clock clock;

    /** Counts the work of the loop. */
    public final LoopMeter meter;

    /** The external work that the loop waits for. */
    public final OutsideWork outside;

    /** Exposes the loop to monitoring. */
    public final Registration registration = new Registration();

    /** Logs slow steps in debug mode. */
    public final SlowSteps slowSteps;

    private final LoopOwner owner;
    /** The place where the loop blocks. Until it polls, its thread parks. */
    private Parking parking = new Parker();

    /** The same object as {@link #parking} if that watches for events, or null. */
    private @Nullable Polling polling;

    /** When the loop polls next although it has work. */
    private final PollSchedule pollSchedule;

    /** The objects that packages above this one keep with the loop, one of each kind. */
    private final Map<Class<?>, AutoCloseable> resources = new HashMap<>(0);

    private final Inbox<Step> inbox = new Inbox<>(parking);
    private final Consumer<Step> intoReady = ready::add;

    /** The thread that runs the loop, or null. Written by that thread, read by all. */
    private volatile @Nullable Thread thread;

    private boolean stopping;

    private Until until = Until.STOPPED;

    /** The time at which a run {@link Until#IDLE} ends. */
    private long horizon;

    /** Asks the host for the turns of a guest. Null if this is no guest. */
    private @Nullable Guest guest;

    /** How many steps of a guest's turn have not run, because its time was up. */
    private int stepsLeft;

    /** The probes that observe each step. Replaced as a whole, by any thread. */
    private volatile Probe[] probes = {};

    /** Creates the loop of {@code owner}. Its timers follow {@code clock}; {@code stopwatch} measures busy and idle time. */
    public LoopCore(LoopOwner owner, Clock clock, Clock stopwatch) {
        this.owner = owner;
        this.clock = clock;
        this.outside = new OutsideWork(clock, stopwatch);
        this.meter = new LoopMeter(stopwatch);
        this.slowSteps = new SlowSteps(this, owner);
        this.pollSchedule = new PollSchedule(stopwatch);
    }

    /** Makes the loop watch for the events of {@code source} from now on, and block in it. Called on the loop's thread, or before it runs. */
    public void pollIn(Polling source) {
        source.own();
        polling = source;
        parking = source;
        inbox.blockIn(source);
    }

    /** Whether {@link #pollIn} may be called: whether the loop has no other way to wait. */
    public boolean canPoll() {
        return polling == null && guest == null;
    }

    /** Makes this loop a guest, whose turns {@code turns} runs. Called before it is used. */
    public void beGuest(Guest.Turns turns) {
        guest = new Guest(this, inbox, turns);
        inbox.blockIn(guest);
    }

    /** Whether the loop is a guest. Thread-safe. */
    public boolean isGuest() {
        return guest != null;
    }

    /** Returns why a guest accepts no more work although it is not closed. Null if that is not so. Thread-safe. */
    public @Nullable IllegalStateException refusedByHost() {
        Guest asking = guest;
        return asking == null ? null : asking.gone();
    }

    /** Returns what is kept with the loop as {@code kind}, or null. */
    public <R extends AutoCloseable> @Nullable R resource(Class<R> kind) {
        return kind.cast(resources.get(kind));
    }

    /** Keeps {@code made} with the loop, in place of what was kept as {@code kind} before, and closes it with the loop. */
    public <R extends AutoCloseable> void keep(Class<R> kind, R made) {
        resources.put(kind, made);
    }

    /** Whether a thread runs the loop. Thread-safe. */
    public boolean isRunning() {
        return thread != null;
    }

    /** Returns the thread that runs the loop, or null. Thread-safe. */
    public @Nullable Thread thread() {
        return thread;
    }

    /** Lets {@code probe} observe each step from the next turn on. Does nothing if it is a probe of the loop already. Thread-safe. */
    public synchronized void addProbe(Probe probe) {
        if (!List.of(probes).contains(probe)) {
            Probe[] more = Arrays.copyOf(probes, probes.length + 1);
            more[probes.length] = probe;
            probes = more;
        }
    }

    /** Undoes {@link #addProbe} from the next turn on. Thread-safe. */
    public synchronized void removeProbe(Probe probe) {
        probes = Arrays.stream(probes).filter(each -> each != probe).toArray(Probe[]::new);
    }

    /** Returns the first probe of the class {@code kind}, or null. Thread-safe. */
    public <P extends Probe> @Nullable P probe(Class<P> kind) {
        for (Probe each : probes) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
        }
        return null;
    }

    /** Returns the task whose step runs, or null for a callback. Thread-safe; on another thread the step may have ended meanwhile. */
    public @Nullable Step task() {
        return owner.task();
    }

    /** Returns the methods that await the running one, the innermost first. Thread-safe, with the same reservation as {@link #task}. */
    public List<StackTraceElement> awaiting() {
        return owner.awaiting();
    }

    /** Throws if the loop is closed. Thread-safe. */
    public void requireOpen() {
        owner.requireOpen();
    }

    /** Whether the calling thread runs the loop. Thread-safe. */
    public boolean isOnThread() {
        return thread == Thread.currentThread();
    }

    /** Whether a thread other than the calling one runs the loop, or the host of the guest. Thread-safe. */
    public boolean isOnOtherThread() {
        Thread running = guest != null ? guest.home() : thread;
        return running != null && running != Thread.currentThread();
    }

    /**
     * Throws if another thread runs the loop. Called before a future is completed, cancelled or given a callback, and before a waiting
     * coroutine is woken: two threads doing so at once could silently lose a wake-up. If no thread runs the loop, this method first appends
     * the steps sent by other threads to the ready queue.
     */
    public void requireThread() {
        Thread running = thread;
        if (running == null) {
            if (isOnOtherThread()) { // than the host's of a guest
                throw owner.wrongThread();
            }
            takeInbox();
        } else if (running != Thread.currentThread()) {
            throw owner.wrongThread();
        }
    }

    /**
     * Runs {@code step}, whose wait has ended, in the next turn.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public void wake(Step step) {
        owner.requireOpen();
        ready.add(step);
    }

    /** Adds {@code step} to the timers, as {@link TimerHeap#arm} does. */
    public void arm(Step step, long deadline) {
        timers.arm(step, deadline);
        if (guest != null) {
            guest.timerArmed();
        }
    }

    /** Sends {@code step} to the ready queue. Returns false if the loop is closed. Thread-safe. */
    public boolean send(Step step) {
        if (isOnThread()) {
            ready.add(step);
            return true;
        }
        return inbox.send(step);
    }

    /** Ends the run after the current turn. If the loop does not run, its next run ends after one turn. */
    public void stop() {
        stopping = true;
    }

    /** Drops the steps sent by other threads, with {@code closed} as the reason, and refuses further ones. */
    public void refuse(IllegalStateException closed) {
        inbox.close(step -> step.dropped(closed));
    }

    /** Drops the ready steps, with {@code closed} as the reason. */
    public void dropReady(IllegalStateException closed) {
        ready.forEach(step -> step.dropped(closed));
        ready.clear();
    }

    /** Drops the timers, and removes the loop from monitoring. */
    public void close() {
        timers.clear();
        if (guest != null) {
            guest.close();
        }
        registration.close();
        ClosingAll all = new ClosingAll();
        resources.values().forEach(resource -> all.close(resource, resource));
        all.end();
    }

    /** Sets the time at which a run {@link Until#IDLE} ends. */
    public void setHorizon(long horizon) {
        this.horizon = horizon;
    }

    /** Runs turns until {@link #stop} is called, the event {@code until} happens, or a throwable leaves the loop. */
    public void run(Until until) {
        this.until = until;
        takeInbox();
        parking.own();
        thread = Thread.currentThread();
        meter.change(true, false);
        owner.enter();
        try {
            do {
                turn();
            } while (!stopping);
        } finally {
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
            leave(); // the exception handler may have entered a context, for example
            if (!stopping) { // the exception handler may have stopped the loop
                idle();
            }
        } else if (polling != null && pollSchedule.isDue(ready.size())) {
            poll();
        }
        int count = collect();
        boolean timed = runSteps(count);
        if (timed) { // not in every turn, because a turn may be as short as one step
            leave();
            heedInterrupt();
        }
    }

    /** Appends what other threads have sent and what is due to the ready queue, reports failures, and returns how many steps the turn runs. */
    private int collect() {
        inbox.take(intoReady, MOST_FROM_OUTSIDE);
        if (!timers.isEmpty()) {
            expireTimers(clock.nanos());
        }
        if (owner.hasReports()) {
            leave();
            owner.report();
            leave();
        }
        return ready.size();
    }

    /** Runs {@code count} steps. Returns whether they were timed. */
    private boolean runSteps(int count) {
        boolean timed = meter.turn(count, owner.tasks(), timers.size());
        if (probes.length > 0) {
            runObserved(count);
        } else if (timed) {
            runTimed(count);
        } else {
            runAll(count);
        }
        return timed;
    }

    /**
     * Runs turns on the thread of a host, without waiting, until nothing is ready or {@code nanos} have passed. A turn whose time is up goes on in the next visit.
     *
     * @return whether something is ready
     */
    boolean visit(long nanos) {
        thread = Thread.currentThread();
        meter.change(true, false);
        owner.enter();
        try {
            long end = clock.nanos() + nanos;
            do {
                int left = stepsLeft > 0 ? stepsLeft : collect();
                int count = Math.min(left, GUEST_STEPS);
                stepsLeft = left - count;
                runSteps(count);
            } while (hasWork() && clock.nanos() - end < 0);
            leave();
            owner.reportCollected();
        } finally {
            stepsLeft = Math.min(stepsLeft, ready.size()); // a step may have thrown
            leave();
            owner.exit();
            meter.change(true, true);
            thread = null;
        }
        return hasWork();
    }

    private boolean hasWork() {
        return !ready.isEmpty() || !inbox.isEmpty() || (!timers.isEmpty() && timers.firstDeadline() <= clock.nanos());
    }

    /** Returns when a guest has something to do again if nothing happens before, in nanoseconds of {@link #clock}. {@code Long.MAX_VALUE} if never. */
    long nextDeadline() {
        return Math.min(nextTimer(), owner.nextReport());
    }

    /** Reports that the host has refused a turn. */
    void reportRefusal(Throwable failure) {
        owner.refusedByHost(failure);
    }

    /**
     * Runs {@code count} steps. Most turns are not timed and last only a step or two. A common method for timed and other turns made these
     * slower.
     */
    private void runAll(int count) {
        for (int left = count; left > 0; left--) {
            ready.remove().step();
        }
    }

    /** As {@link #runAll}, timed in blocks. The methods share no code, because a call would add a line to every stack trace. */
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

    private void runObserved(int count) {
        owner.observedTurnBegins();
        Probe[] observers = probes; // to the end of the turn, whatever is added and removed meanwhile
        StepTimer timer = meter.timer;
        timer.beginTurn(count, meter.lastStep());
        try {
            for (int left = count; left > 0; left--) {
                Step step = ready.remove();
                for (Probe observer : observers) {
                    observer.stepBegins(step);
                }
                timer.take(1);
                step.step();
                for (Probe observer : observers) {
                    observer.stepEnded(step);
                }
                timer.ran();
            }
        } finally {
            for (Probe observer : observers) {
                observer.turnEnded();
            }
        }
        timer.endTurn(count, meter.lastStep());
    }

    /** Records that no step runs. Called before the loop calls a handler or an action, and before it waits. */
    private void leave() {
        ready.drop();
        owner.leave();
    }

    /**
     * Appends the steps that were sent while no thread ran the loop. To keep the order, it is called before another step is appended then,
     * and before the loop runs. A guest takes them in its next turn.
     */
    public void takeInbox() {
        if (guest == null) {
            inbox.take(intoReady, Integer.MAX_VALUE);
        }
    }

    private void expireTimers(long now) {
        while (!timers.isEmpty() && timers.firstDeadline() <= now) {
            ready.add(timers.removeFirst());
        }
    }

    /** Waits until there may be work. A spurious return is harmless: the turn then runs nothing. */
    private void idle() {
        if (!inbox.isEmpty()) {
            poll();
            return;
        }
        if (Thread.interrupted()) {
            owner.interrupted();
            return;
        }
        long wait = timeToWait();
        if (wait <= 0) {
            poll();
        } else if (inbox.fallAsleep()) {
            meter.change(true, true);
            if (clock.isVirtual()) {
                blockInVirtualTime(wait);
            } else {
                parking.block(wait);
                inbox.wakeUp();
            }
            pollSchedule.polled();
            meter.change(true, false);
            if (Thread.interrupted()) {
                owner.interrupted();
            }
        }
    }

    private void poll() {
        if (polling != null) {
            polling.poll();
            pollSchedule.polled();
        }
    }

    private void blockInVirtualTime(long wait) {
        long blocked = outside.block(parking, wait);
        inbox.wakeUp();
        outside.pass(blocked, nextTimer(), inbox.isEmpty() && ready.isEmpty());
    }

    /** Returns how long to wait, in nanoseconds. If the result is 0, a virtual clock has been set forward instead. */
    private long timeToWait() {
        if (until == Until.IDLE && isIdle()) {
            stopping = true;
            return 0;
        }
        if (clock.isVirtual()) {
            return virtualTimeToWait();
        }
        long deadline = nextDeadline();
        // A negative deadline may be so far in the past that the difference would overflow.
        return deadline == Long.MAX_VALUE ? Parking.FOREVER : Math.max(0, deadline) - clock.nanos();
    }

    /** Whether nothing can happen before the horizon. */
    private boolean isIdle() {
        boolean timer = !timers.isEmpty() && timers.firstDeadline() <= horizon;
        return !timer && (!outside.isOutstanding() || horizon <= clock.nanos());
    }

    /** Returns the earliest deadline: of the next timer, or the horizon at which the run ends. {@code Long.MAX_VALUE} if there is none. */
    private long nextTimer() {
        long deadline = timers.isEmpty() ? Long.MAX_VALUE : timers.firstDeadline();
        return until == Until.IDLE ? Math.min(deadline, horizon) : deadline;
    }

    /** As {@link #timeToWait}. The clock does not jump to the time of the next report of a failure, because nothing waits for that. */
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

    /** Checks for an interrupt, for loops that never wait. */
    private void heedInterrupt() {
        if (!stopping && Thread.interrupted()) {
            owner.interrupted();
        }
    }
}
