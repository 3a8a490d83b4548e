/**
 * The state of the functions that combine awaitables: {@code wait}, {@code waitFor}, {@code asCompleted} and the staggered race. The async
 * methods that wait are in {@code Asyncio}, whose names programs see; the classes of this package decide what is awaited and what comes of it.
 */
@NullMarked
package dev.heddle.internal.combine;

import org.jspecify.annotations.NullMarked;
