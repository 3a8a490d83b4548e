/**
 * The kernel of an event loop. {@link dev.heddle.internal.loop.LoopCore} runs {@link dev.heddle.internal.loop.Step}s in turns. The package
 * contains the ready queue, the timers, the inbox, the clocks and the step timing. It does not depend on tasks, futures or the event loop.
 */
@NullMarked
package dev.heddle.internal.loop;

import org.jspecify.annotations.NullMarked;
