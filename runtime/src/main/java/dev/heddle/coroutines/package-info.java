/**
 * The coroutines of the library that are not async methods. {@link dev.heddle.coroutines.ParkingFrame} is written by hand for the waits of
 * locks and queues: it is the awaiting frame and the awaited object in one, so that waiting allocates nothing else and shows one line in a
 * stack. {@link dev.heddle.coroutines.LoopStage} is the view that other threads have of a coroutine. Not exported.
 */
@NullMarked
package dev.heddle.coroutines;

import org.jspecify.annotations.NullMarked;
