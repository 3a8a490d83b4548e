/** What Heddle costs, beside plain Java in the same run. */
@NullMarked
package dev.heddle.benchmarks;

import org.jspecify.annotations.NullMarked;
