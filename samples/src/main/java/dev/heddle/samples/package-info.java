/** Small programs with a {@code main} method, one for each task that {@code asyncio} users solve first. */
@NullMarked
package dev.heddle.samples;

import org.jspecify.annotations.NullMarked;
