/** Channels on the thread of a loop: they are registered with its selector, and coroutines wait until they are ready. */
@NullMarked
package dev.heddle.internal.io;

import org.jspecify.annotations.NullMarked;
