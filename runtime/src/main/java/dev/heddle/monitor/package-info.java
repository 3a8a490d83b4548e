/**
 * Observes event loops from any thread while they run. {@link dev.heddle.monitor.Watchdog} reports steps that block a loop, and
 * {@link dev.heddle.monitor.LoopStatistics} counts the work of a loop and exposes it through JMX. A program that uses neither pays nothing for
 * this package.
 */
@NullMarked
package dev.heddle.monitor;

import org.jspecify.annotations.NullMarked;
