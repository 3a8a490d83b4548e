/**
 * Connections, servers and datagrams on the loop's own thread. {@link dev.heddle.net.Net} is the beginning. Corresponds to the streams of
 * {@code asyncio}.
 *
 * <p>Every operation that can wait returns a coroutine, and fails with an {@link java.io.IOException} at the await. Everything here is used on the
 * thread of the loop on which it was made; another thread is refused with an {@code IllegalStateException}.
 */
@NullMarked
package dev.heddle.net;

import org.jspecify.annotations.NullMarked;
