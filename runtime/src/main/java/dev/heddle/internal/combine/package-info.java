/**
 * The state of the functions that combine awaitables: {@code wait}, {@code waitFor} and {@code asCompleted}. The async
 * methods that wait are in {@code Asyncio}, because programs see their names. The classes of this package decide what is awaited, and
 * determine the outcome.
 */
@NullMarked
package dev.heddle.internal.combine;

import org.jspecify.annotations.NullMarked;
