// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import org.jspecify.annotations.Nullable;

/** The least possible suspended method: an object that knows the frame that awaits it, and where it continues. */
final class PlainFrame {

    private final @Nullable PlainFrame awaiting;
    private final int suspensions;
    private int suspended;
    private Integer result = 0;

    private PlainFrame(@Nullable PlainFrame awaiting, int suspensions) {
        this.awaiting = awaiting;
        this.suspensions = suspensions;
    }

    /** Runs {@code depth} frames that await each other, the innermost of which suspends {@code suspensions} times. */
    static int run(int depth, int suspensions) {
        PlainFrame outermost = new PlainFrame(null, 0);
        PlainFrame innermost = outermost;
        for (int i = 1; i < depth; i++) {
            innermost = new PlainFrame(innermost, 0);
        }
        innermost = new PlainFrame(innermost.awaiting, suspensions);
        Ring<PlainFrame> ready = new Ring<>(1);
        ready.add(innermost);
        while (!ready.isEmpty()) {
            PlainFrame frame = ready.remove();
            if (frame.suspended < frame.suspensions) {
                frame.suspended++;
                ready.add(frame);
            } else {
                return finish(frame);
            }
        }
        throw new IllegalStateException("no frame finished");
    }

    /** Finishes the innermost frame, then those that await it; returns the result of the outermost. */
    private static Integer finish(PlainFrame innermost) {
        innermost.result = innermost.suspended + 1;
        PlainFrame frame = innermost;
        while (frame.awaiting != null) {
            frame.awaiting.result = frame.result + 1;
            frame = frame.awaiting;
        }
        return frame.result;
    }
}
