// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

/** Marks the throwables of the library that propagate out of a loop, whichever task or callback throws them. */
public interface LeavesLoop {}
