/** Small programs, one for each thing that {@code asyncio} users write first; each has a {@code main} method. */
@NullMarked
package dev.heddle.samples;

import org.jspecify.annotations.NullMarked;
