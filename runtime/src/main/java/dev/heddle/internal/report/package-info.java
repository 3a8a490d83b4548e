/** Failures that nobody handles: how they are kept, described and passed to the exception handler of their loop. Not exported. */
@NullMarked
package dev.heddle.internal.report;

import org.jspecify.annotations.NullMarked;
