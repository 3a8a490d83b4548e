// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/**
 * Decides when a loop that has work polls for events: after {@value #TURNS} turns, or {@value #NANOS} nanoseconds after the last poll. A system call
 * costs as much as a hundred switches, and an event that waits 50 microseconds is still on time. A turn of many steps counts as several. Used on the
 * loop's thread.
 */
final class PollSchedule {

    private static final int TURNS = 64;
    private static final long NANOS = 50_000;

    /** Between two turns at which the clock is read. Reading it costs as much as a switch. */
    private static final int TURNS_BETWEEN_LOOKS = 8;

    /** Before a turn of so many steps the clock is always read. */
    private static final int MANY_STEPS = 16;

    private final Clock clock;

    private int turnsLeft = TURNS;

    /** When the next poll is due. Valid while {@link #timed}. */
    private long deadline;

    private boolean timed;

    PollSchedule(Clock clock) {
        this.clock = clock;
    }

    /** Whether the loop has to poll before a turn that has {@code steps} steps to run. */
    boolean isDue(int steps) {
        turnsLeft -= 1 + steps / TURNS;
        if (turnsLeft <= 0) {
            return true;
        }
        if (timed && steps < MANY_STEPS && turnsLeft % TURNS_BETWEEN_LOOKS != 0) {
            return false;
        }
        long now = clock.nanos();
        if (!timed) { // the first turn since the last poll
            timed = true;
            deadline = now + NANOS;
        }
        return now - deadline >= 0;
    }

    /** Records that the loop has polled. */
    void polled() {
        turnsLeft = TURNS;
        timed = false;
    }
}
