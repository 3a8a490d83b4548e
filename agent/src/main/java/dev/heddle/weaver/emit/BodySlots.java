// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * The locals of a body. Those of the method keep their slots, and the weaver's own follow after them. The frame is the
 * last parameter and is moved to another slot first, so that no local has to be renumbered.
 */
final class BodySlots {

    private final MethodPlan plan;
    private final boolean hasState;
    private final int first;

    /**
     * Assigns the slots.
     *
     * @param hasState whether the body has the local that leads a resumed method to its awaits
     */
    BodySlots(MethodPlan plan, boolean hasState) {
        this.plan = plan;
        this.hasState = hasState;
        this.first = Math.max(plan.method().maxLocals, incomingFrame() + 1);
    }

    boolean hasState() {
        return hasState;
    }

    /** The parameter that passes the frame. */
    int incomingFrame() {
        return plan.onEntry().locals().size();
    }

    /** The frame, or null until a body that was called directly has suspended. Part of every stack map frame. */
    int frame() {
        return first;
    }

    /**
     * The state of the frame that is being resumed, or in a compact body the number of its await, from the entry of the
     * body until its locals are restored; 0 at every other time. Part of every stack map frame of a method with an
     * await in a loop, and of every one of a compact body.
     */
    int state() {
        return first + 1;
    }

    /** The receiver: slot 0, where compilers keep it, or else a copy. */
    int receiver() {
        return plan.receiverIsStable() ? 0 : first + 2;
    }

    /** The awaited object, from just before the await until it is known whether the await suspends. */
    int awaited() {
        return first + 3;
    }

    /** The frame with its own class as the type, while values are moved into it or out of it. */
    int typedFrame() {
        return first + 4;
    }

    /** The slots that suspending uses. */
    FrameSlots forFrame() {
        return new FrameSlots(frame(), receiver(), typedFrame());
    }

    /** The first of any number of slots for values that are moved between two adjacent instructions. */
    int scratch() {
        return first + 5;
    }

    /** The types {@code state} of the method, with the weaver's own locals added. */
    TypeState inBody(TypeState state) {
        List<Object> own = new ArrayList<>();
        own.add(RuntimeNames.FRAME);
        own.add(hasState ? Opcodes.INTEGER : Opcodes.TOP);
        own.add(plan.isStatic() || plan.receiverIsStable() ? Opcodes.TOP : plan.owner());
        while (own.get(own.size() - 1).equals(Opcodes.TOP)) {
            own.remove(own.size() - 1);
        }
        return state.with(first, own.toArray());
    }
}
