// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.Set;

/**
 * The result of {@link Asyncio#wait}: the futures that were done, and the futures that were not. Both sets iterate in the order of the
 * argument. Corresponds to the pair of sets that {@code asyncio.wait} returns.
 *
 * @param done the futures that had finished, failed or been cancelled
 * @param pending the futures that were not done because of the timeout or {@link ReturnWhen}; they are not cancelled
 * @param <F> the type of the futures
 */
public record Waited<F extends Future<?>>(Set<F> done, Set<F> pending) {}
