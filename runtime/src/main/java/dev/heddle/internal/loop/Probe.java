// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.loop;

/** Observes the steps of a loop one by one, see {@link LoopCore#addProbe}. Every method is called on the thread of the loop, and throws nothing. */
public interface Probe {

    /** Called before {@code step} runs. */
    void stepBegins(Step step);

    /** Called after {@code step} has run. Not called if a throwable leaves the loop. */
    void stepEnded(Step step);

    /** Called after the last step of a turn, or when a throwable has left the loop, even if this probe has been removed during the turn. */
    void turnEnded();
}
