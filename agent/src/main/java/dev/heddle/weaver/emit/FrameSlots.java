package dev.heddle.weaver.emit;

/**
 * The locals that suspending uses.
 *
 * @param frame the frame, null if there is none yet
 * @param receiver the receiver of an instance method
 * @param typedFrame takes the frame by its own class
 */
record FrameSlots(int frame, int receiver, int typedFrame) {}
