/**
 * The coroutines of the library that are not async methods. {@link dev.heddle.coroutines.ParkingFrame} is written by hand for the waits of
 * locks and queues. It is both the awaiting frame and the awaited object, so that waiting allocates nothing else and takes one line in a
 * stack trace. {@link dev.heddle.coroutines.LoopStage} represents the outcome of a coroutine to other threads. Not exported.
 */
@NullMarked
package dev.heddle.coroutines;

import org.jspecify.annotations.NullMarked;
