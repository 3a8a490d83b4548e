// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.Construction;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Moves the creation of objects that are uninitialised at an await to the call of their constructor. Until then a null
 * takes their place. The class is still initialised where the program says (JVMS 5.5), by a {@code new} whose object is
 * dropped.
 */
final class ConstructionEmitter {

    private final MethodPlan plan;
    private final BodySlots slots;
    private final InsnList instructions;

    ConstructionEmitter(MethodPlan plan, BodySlots slots) {
        this.plan = plan;
        this.slots = slots;
        this.instructions = plan.method().instructions;
    }

    void emit() {
        for (TypeInsnNode creation : plan.creations()) {
            Snippet placeholder = new Snippet().op(Opcodes.POP, Opcodes.ACONST_NULL); // stack: .. null
            instructions.insert(creation, placeholder.instructions());
        }
        plan.constructions().forEach(this::emit);
    }

    private void emit(Construction construction) {
        String type = construction.creation().desc;
        List<Object> above = construction.aboveCopies();
        Spill arguments = Spill.of(argumentTypes(construction), slots.scratch());
        Snippet before = new Snippet()
                .add(arguments.store()) // stack: .. above receiver
                .op(Opcodes.POP); // stack: .. above
        Snippet after = new Snippet();
        boolean isUsual = above.size() == 1 && construction.locals().isEmpty();
        if (isUsual) {
            before.op(Opcodes.POP).type(Opcodes.NEW, type).op(Opcodes.DUP); // stack: .. object object
        } else {
            spillAbove(construction, arguments.end(), before, after);
        }
        before.add(arguments.load()); // stack: .. object object arguments
        instructions.insertBefore(construction.constructor(), before.instructions());
        instructions.insert(construction.constructor(), after.instructions()); // stack: .. above
    }

    /** Handles the general case: any number of copies, also in locals and between other values. */
    private void spillAbove(Construction construction, int scratch, Snippet before, Snippet after) {
        List<Object> above = construction.aboveCopies();
        Spill operands = Spill.of(above, scratch);
        int object = operands.end();
        before.add(operands.store()) // stack: ..
                .type(Opcodes.NEW, construction.creation().desc)
                .op(Opcodes.DUP); // stack: .. object object
        after.astore(object); // stack: ..
        for (int i = 0; i < above.size(); i++) {
            after.add(construction.copies().get(i) ? new Snippet().aload(object) : operands.load(i));
        }
        construction.locals().stream().forEach(slot -> after.aload(object).astore(slot));
    }

    private static List<Object> argumentTypes(Construction construction) {
        TypeState parameters = TypeState.onEntry("", true, construction.constructor().desc);
        return List.of(parameters.frameLocals());
    }
}
