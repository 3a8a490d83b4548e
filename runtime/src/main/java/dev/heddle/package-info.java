/** The API for programs: coroutines, tasks, futures and the event loop. {@link dev.heddle.Asyncio} is the entry point. */
@NullMarked
package dev.heddle;

import org.jspecify.annotations.NullMarked;
