// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

/**
 * The locals that suspending uses.
 *
 * @param frame the frame, null if there is none yet
 * @param receiver the receiver of an instance method
 * @param typedFrame receives the frame with its own class as the type
 */
record FrameSlots(int frame, int receiver, int typedFrame) {}
