package dev.heddle;

import java.util.Set;

/**
 * The result of {@link Asyncio#wait}, the pair of sets of Python's {@code asyncio.wait}. Both sets iterate in the order of the
 * argument.
 *
 * @param done those that had finished, failed or been cancelled
 * @param pending those that a timeout or {@link ReturnWhen} left unfinished; they are not cancelled
 * @param <F> the type of the futures
 */
public record Waited<F extends Future<?>>(Set<F> done, Set<F> pending) {}
