/** Coroutines, tasks, futures and the event loop: what a program calls. */
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
