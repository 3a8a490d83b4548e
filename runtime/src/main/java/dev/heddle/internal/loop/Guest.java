// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a loop on the thread of another loop, its host. The guest asks the host for a turn when it has something to do: when the first step is ready in a
 * guest that sleeps, at the next deadline, and at the end of a turn whose time was up. While it sleeps it asks for nothing.
 *
 * <p>Before the first turn, the thread of the host is not known. What becomes ready until then goes through the inbox, since the caller's thread may be another
 * one.
 *
 * <p>Used on the host's thread, unless a method says otherwise.
 */
public final class Guest implements Parking {

    /** What a guest asks of its host. */
    public interface Turns {

        /** Runs {@code turn} on the host's thread, later and not within this call. Thread-safe. */
        void soon(Runnable turn);

        /** Runs {@code turn} on the host's thread after {@code nanos} nanoseconds. The result cancels that. Called on the host's thread. */
        Runnable later(long nanos, Runnable turn);
    }

    /** How long a turn may take: as long as a host with other work hardly notices. A step that takes longer is not cut off. */
    private static final long MOST_NANOS = 500_000;

    private final LoopCore core;
    private final Inbox<Step> inbox;
    private final Turns host;
    private final Runnable turn = this::turn;
    private final Runnable timerTurn = this::timerTurn;
    private final Consumer<Step> wakeForStep = this::wakeFor;

    /** The thread of the host; null before the first turn, and when the loop is closed. Written by that thread, read by all. */
    private volatile @Nullable Thread home;

    /** Cancels the host's timer; null if none runs. */
    private @Nullable Runnable timer;

    /** When the timer fires. Valid while there is one. */
    private long timerDeadline;

    private boolean closed;

    /** Why the host has refused a turn. Null if it has not. After a refusal, no turn runs, and nothing more is taken. */
    private volatile @Nullable Throwable refusal;

    /** Whether the host is being asked for a turn, on its own thread. */
    private boolean asking;

    /** Creates the guest of a loop that has not been used. */
    Guest(LoopCore core, Inbox<Step> inbox, Turns host) {
        this.core = core;
        this.inbox = inbox;
        this.host = host;
        inbox.fallAsleep();
        core.ready.divert(this::sendBeforeFirstTurn);
    }

    /** Returns the thread of the host. Null before the first turn, and once that thread has ended: then any thread may close the loop. Thread-safe. */
    @Nullable
    Thread home() {
        Thread thread = home;
        return thread != null && thread.isAlive() ? thread : null;
    }

    private void sendBeforeFirstTurn(Step step) {
        if (!inbox.send(step)) {
            core.requireOpen();
            requireHost();
        }
    }

    // Turns

    private void timerTurn() {
        timer = null;
        turn();
    }

    private void turn() {
        if (closed || refusal != null || core.isRunning()) {
            return; // a step that runs a loop of the host inside it, as a dialog does, lets the other steps wait
        }
        if (asking) {
            throw new IllegalStateException("the host runs a guest's turn within Host.execute; it must run it later");
        }
        home = Thread.currentThread();
        inbox.wakeUp();
        core.ready.endDiversion();
        boolean more = true;
        try {
            more = core.visit(MOST_NANOS);
        } finally {
            if (!closed) {
                rest(more);
            }
        }
    }

    /** Arranges the next turn. {@code more} says whether something is ready. */
    private void rest(boolean more) {
        try {
            if (!more) {
                armTimer();
                core.ready.divert(wakeForStep);
                if (inbox.fallAsleep()) {
                    return;
                }
                core.ready.endDiversion();
            }
            ask();
        } catch (Throwable refused) {
            core.reportRefusal(refused);
            giveUp(refused);
        }
    }

    /** Refuses what other threads send from now on, as no turn will take it. Thread-safe. */
    private IllegalStateException giveUp(Throwable refused) {
        refusal = refused;
        IllegalStateException gone = gone(refused);
        core.refuse(gone);
        return gone;
    }

    /** Returns the exception for those who schedule something after a refusal. Null if there was none. Thread-safe. */
    @Nullable
    IllegalStateException gone() {
        Throwable refused = refusal;
        return refused == null ? null : gone(refused);
    }

    private void requireHost() {
        IllegalStateException gone = gone();
        if (gone != null) {
            throw gone;
        }
    }

    private static IllegalStateException gone(Throwable refused) {
        return new IllegalStateException("the host of this loop refuses to run it", refused);
    }

    private void ask() {
        asking = true;
        try {
            host.soon(turn);
        } finally {
            asking = false;
        }
    }

    /** Takes the first step that has become ready outside a turn, on the host's thread. If the host refuses a turn, the step is not taken. */
    private void wakeFor(Step step) {
        requireHost();
        try {
            ask();
        } catch (Throwable refused) {
            giveUp(refused);
            throw refused;
        }
        core.ready.endDiversion();
        core.ready.add(step);
        inbox.wakeUp(); // the turn that is asked for takes what other threads send
    }

    // Timers

    /** Called when a timer was armed. */
    void timerArmed() {
        requireHost();
        if (home == null) {
            sendBeforeFirstTurn(new Wakeup());
        } else if (!core.isRunning() && !closed) {
            armTimer();
        }
    }

    private void armTimer() {
        long deadline = core.nextDeadline();
        if (deadline == Long.MAX_VALUE || (timer != null && timerDeadline <= deadline)) {
            return; // a timer that fires in vain costs less than replacing it each time
        }
        if (timer != null) {
            timer.run();
            timer = null;
        }
        timerDeadline = deadline;
        timer = host.later(Math.max(0, Math.max(0, deadline) - core.clock.nanos()), timerTurn);
    }

    /** A step without effect, for its turn. */
    private static final class Wakeup extends Step {

        @Override
        protected void step() {}
    }

    // Parking

    @Override
    public void block(long nanos) {
        throw new IllegalStateException("a guest does not block the thread of its host");
    }

    /** Asks for a turn, on the thread that has sent the first step to the sleeping loop. */
    @Override
    public void wake() {
        try {
            host.soon(turn);
        } catch (Throwable refused) {
            throw giveUp(refused);
        }
    }

    /** Called when the loop is closed. */
    void close() {
        closed = true;
        home = null;
        Runnable cancelling = timer;
        timer = null;
        if (cancelling != null) {
            try {
                cancelling.run();
            } catch (RuntimeException refused) {
                // The host has ended. Otherwise the timer does nothing when it fires.
            }
        }
    }
}
