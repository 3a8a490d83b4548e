/** Bridges between {@link dev.heddle.AsyncIterator} and the reactive streams of {@link java.util.concurrent.Flow}. Not exported. */
@NullMarked
package dev.heddle.internal.flow;

import org.jspecify.annotations.NullMarked;
