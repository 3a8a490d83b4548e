/**
 * Reports failures that the program does not handle. {@link dev.heddle.internal.report.ErrorReports} passes reports to the exception handler
 * of a loop, {@link dev.heddle.internal.report.UnretrievedFailures} holds the failures of futures until they are retrieved or reported, and
 * {@link dev.heddle.internal.report.LostCoroutines} reports coroutines that were never awaited. Not exported.
 */
@NullMarked
package dev.heddle.internal.report;

import org.jspecify.annotations.NullMarked;
