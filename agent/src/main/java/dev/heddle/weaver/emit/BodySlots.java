package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * The locals of a body: those of the method keep their slots, and beyond them are the ones the weaver needs. The frame
 * comes in as the last parameter and is moved out of the way first, so that nothing has to be renumbered.
 */
final class BodySlots {

    private final MethodPlan plan;
    private final boolean hasState;
    private final int first;

    /**
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

    /** The parameter through which the frame comes in. */
    int incomingFrame() {
        return plan.onEntry().locals().size();
    }

    /** The frame, null as long as a body that was called directly has not suspended. In every stack map frame. */
    int frame() {
        return first;
    }

    /**
     * The state of the frame that is being resumed, in a compact body the number of its await, from the entry of the body until its
     * locals are restored; 0 at every other time. In every stack map frame of a method with an await in a loop, and of a compact one.
     */
    int state() {
        return first + 1;
    }

    /** The receiver: slot 0 as compilers have it, else a copy. */
    int receiver() {
        return plan.receiverIsStable() ? 0 : first + 2;
    }

    /** What is awaited, from just before the await until it is known whether it suspends. */
    int awaited() {
        return first + 3;
    }

    /** The frame by its own class, while values are moved into it or out of it. */
    int typedFrame() {
        return first + 4;
    }

    /** Those by which the body suspends. */
    FrameSlots forFrame() {
        return new FrameSlots(frame(), receiver(), typedFrame());
    }

    /** The first of any number of slots for values on their way between two neighbouring instructions. */
    int scratch() {
        return first + 5;
    }

    /** {@code state}, a state of the method, with the locals that the weaver keeps everywhere. */
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
