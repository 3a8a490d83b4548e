/**
 * Coroutines of the library, which are written by hand because the runtime is not woven: {@link
 * dev.heddle.coroutines.NativeFrame}, and {@link dev.heddle.coroutines.ParkingFrame} for those that wait in a line; and {@link
 * dev.heddle.coroutines.LoopStage}, what other threads have of a coroutine. Not exported.
 */
@NullMarked
package dev.heddle.coroutines;

import org.jspecify.annotations.NullMarked;
