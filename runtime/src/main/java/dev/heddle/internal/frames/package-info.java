/**
 * Runs the frames of woven code and shows them as if awaits were plain calls. {@link dev.heddle.internal.frames.Chain} resumes frames, {@link
 * dev.heddle.internal.frames.LogicalTrace} puts the awaiting methods into stack traces, {@link dev.heddle.internal.frames.StackFilter} distinguishes the
 * runtime's methods from the program's, and {@link dev.heddle.internal.frames.UnawaitedCoroutines} finds coroutines that nobody awaited. Not exported.
 */
@NullMarked
package dev.heddle.internal.frames;

import org.jspecify.annotations.NullMarked;
