/** Races of coroutines, for the library itself: {@link dev.heddle.race.StaggeredRace}. Not exported. */
@NullMarked
package dev.heddle.race;

import org.jspecify.annotations.NullMarked;
