/** Calls that other threads make for a loop: the default executor and its jobs. Not exported. */
@NullMarked
package dev.heddle.internal.threads;

import org.jspecify.annotations.NullMarked;
