/**
 * Processes of the operating system, whose pipes are streams of the loop, and the program's own standard input. {@link dev.heddle.process.Subprocess}
 * is the beginning. Corresponds to the subprocesses of {@code asyncio}.
 *
 * <p>Every operation that can wait returns a coroutine, and fails with an {@link java.io.IOException} at the await. Everything here is used on the
 * thread of the loop on which it was made; another thread is refused with an {@code IllegalStateException}.
 */
@NullMarked
package dev.heddle.process;

import org.jspecify.annotations.NullMarked;
