/**
 * Measures Heddle beside its peers and writes a table and charts; {@link dev.heddle.benchmarks.compare.Compare} is the program.
 */
@NullMarked
package dev.heddle.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
