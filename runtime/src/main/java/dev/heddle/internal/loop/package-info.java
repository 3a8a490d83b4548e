/**
 * The kernel of an event loop: {@link dev.heddle.internal.loop.LoopCore} takes turns in which it runs {@link dev.heddle.internal.loop.Step}s. It
 * contains the ready queue, the timers, the inbox, the clocks and the measurement of steps, and knows no task, no future and no event loop.
 */
@NullMarked
package dev.heddle.internal.loop;

import org.jspecify.annotations.NullMarked;
