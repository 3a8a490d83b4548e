// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.emit.FrameLayout.Place;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** The instructions that create a method's frame, and read and write the values in it. */
final class FrameAccess {

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final MethodNode entry;

    /**
     * Creates the access to the frames of one method.
     *
     * @param entry the method that returns its entry
     */
    FrameAccess(MethodPlan plan, FrameLayout layout, MethodNode entry) {
        this.plan = plan;
        this.layout = layout;
        this.entry = entry;
    }

    /** Returns the descriptor of the body of a method. It has the frame as an additional parameter, and returns any object. */
    static String bodyDescriptor(String descriptor) {
        return descriptor.substring(0, descriptor.indexOf(')')) + RuntimeNames.BODY_DESCRIPTOR_END;
    }

    /** Calls {@code method}, a static method of the same class. */
    static Snippet call(MethodPlan plan, MethodNode method) {
        return new Snippet()
                .add(new MethodInsnNode(
                        Opcodes.INVOKESTATIC, plan.owner(), method.name, method.desc, plan.inInterface()));
    }

    /** Replaces the frame on the stack with the entry of the body if the frame is null, and otherwise with null. */
    private Snippet entry() {
        return call(plan, entry);
    }

    /** Pushes a new frame that has not started. */
    Snippet create() {
        Snippet code = new Snippet()
                .type(Opcodes.NEW, layout.frameClass()) // stack: frame
                .op(Opcodes.DUP, Opcodes.ACONST_NULL)
                .add(entry()); // stack: frame frame entry
        if (layout.isLarge()) {
            return code.push(layout.extraReferences())
                    .push(layout.extraPrimitives()) // stack: frame frame entry int int
                    .invokeConstructor(layout.frameClass(), RuntimeNames.LARGE_FRAME_CONSTRUCTOR); // stack: frame
        }
        return code.invokeConstructor(layout.frameClass(), RuntimeNames.FRAME_CONSTRUCTOR); // stack: frame
    }

    /**
     * Stores {@code values}, which are in locals, leaves the other places of the frame empty, and returns from the body.
     *
     * @param awaited pushes the awaited object, or null
     */
    Snippet suspend(FrameSlots slots, List<Saved> values, int state, Snippet awaited) {
        return layout.isLarge()
                ? suspendLarge(slots, values, state, awaited)
                : suspendByFields(slots, values, state, awaited);
    }

    /** Suspends with one call that passes a value for every field, which takes only a few bytes of bytecode for each. */
    private Snippet suspendByFields(FrameSlots slots, List<Saved> values, int state, Snippet awaited) {
        Map<Place, Saved> byPlace = new HashMap<>();
        values.forEach(saved -> byPlace.put(saved.place(), saved));
        Snippet code = new Snippet().aload(slots.frame()).op(Opcodes.DUP).add(entry()); // stack: frame? entry?
        for (int i = 0; i < layout.referenceFields(); i++) {
            Saved saved = byPlace.get(new Place(true, i));
            if (saved != null) {
                code.load(saved.type(), saved.slot());
            } else if (i == 0 && !plan.isStatic()) {
                code.aload(slots.receiver());
            } else {
                code.op(Opcodes.ACONST_NULL);
            }
        }
        for (int i = 0; i < layout.primitiveFields(); i++) {
            Saved saved = byPlace.get(new Place(false, i));
            if (saved != null) {
                toBits(code.load(saved.type(), saved.slot()), saved.type());
            } else {
                code.op(Opcodes.LCONST_0);
            }
        }
        // stack: frame? entry? references primitives
        String descriptor = RuntimeNames.suspendDescriptor(layout.referenceFields(), layout.primitiveFields());
        return code.push(state)
                .add(awaited) // stack: frame? entry? references primitives state awaited
                .invokeStatic(layout.frameClass(), RuntimeNames.SUSPEND, descriptor) // stack: SUSPENDED
                .op(Opcodes.ARETURN);
    }

    private Snippet suspendLarge(FrameSlots slots, List<Saved> values, int state, Snippet awaited) {
        int frame = slots.typedFrame();
        Snippet code = large(slots.frame()).astore(frame); // stack: -
        if (!plan.isStatic()) {
            code.add(write(frame, new Place(true, 0), new Snippet().aload(slots.receiver()), plan.owner()));
        }
        values.forEach(saved -> code.add(write(frame, saved)));
        layout.referencesBesides(values)
                .forEach(place -> code.add(write(frame, place, new Snippet().op(Opcodes.ACONST_NULL), Opcodes.NULL)));
        return code.aload(frame)
                .push(state)
                .add(awaited) // stack: frame state awaited
                .invokeVirtual(layout.frameClass(), RuntimeNames.SUSPEND_AT, RuntimeNames.SUSPEND_AT_DESCRIPTOR)
                .op(Opcodes.ARETURN);
    }

    /** Pushes the frame in the local {@code frame} with its type, a large frame. If it is null, pushes a new frame. */
    Snippet large(int frame) {
        return new Snippet()
                .aload(frame)
                .op(Opcodes.DUP)
                .add(entry())
                .push(layout.extraReferences())
                .push(layout.extraPrimitives()) // stack: frame? entry? int int
                .invokeStatic(layout.frameClass(), RuntimeNames.LARGE_FRAME_OF, RuntimeNames.LARGE_FRAME_OF_DESCRIPTOR);
    }

    /** Writes a local into the frame in the local {@code frame}. */
    Snippet write(int frame, Saved saved) {
        return write(frame, saved.place(), new Snippet().load(saved.type(), saved.slot()), saved.type());
    }

    /** Writes the value that {@code value} pushes into the frame in the local {@code frame}. */
    Snippet write(int frame, Place place, Snippet value, Object type) {
        Snippet code = new Snippet().aload(frame); // stack: frame
        int index = layout.indexBeyondFields(place);
        if (index >= 0) {
            array(code, place).push(index).add(value); // stack: array int value
            return toBits(code, type).op(place.isReference() ? Opcodes.AASTORE : Opcodes.LASTORE); // stack: -
        }
        code.add(value); // stack: frame value
        return toBits(code, type).field(Opcodes.PUTFIELD, layout.frameClass(), name(place), descriptor(place));
    }

    /** Pushes a value of {@code type} from the frame in the local {@code frame}. */
    Snippet read(int frame, Place place, Object type) {
        Snippet code = new Snippet().aload(frame); // stack: frame
        int index = layout.indexBeyondFields(place);
        if (index >= 0) {
            array(code, place).push(index).op(place.isReference() ? Opcodes.AALOAD : Opcodes.LALOAD);
        } else {
            code.field(Opcodes.GETFIELD, layout.frameClass(), name(place), descriptor(place));
        }
        return fromBits(code, type); // stack: value
    }

    private Snippet array(Snippet code, Place place) {
        return place.isReference()
                ? code.field(Opcodes.GETFIELD, layout.frameClass(), RuntimeNames.REFERENCES, "[Ljava/lang/Object;")
                : code.field(Opcodes.GETFIELD, layout.frameClass(), RuntimeNames.PRIMITIVES, "[J");
    }

    private static String name(Place place) {
        return (place.isReference() ? RuntimeNames.REFERENCE_FIELD : RuntimeNames.PRIMITIVE_FIELD) + place.index();
    }

    private static String descriptor(Place place) {
        return place.isReference() ? "Ljava/lang/Object;" : "J";
    }

    private static Snippet toBits(Snippet code, Object type) {
        if (type.equals(Opcodes.INTEGER)) {
            return code.op(Opcodes.I2L);
        }
        if (type.equals(Opcodes.FLOAT)) {
            return code.invokeStatic("java/lang/Float", "floatToRawIntBits", "(F)I")
                    .op(Opcodes.I2L);
        }
        return type.equals(Opcodes.DOUBLE)
                ? code.invokeStatic("java/lang/Double", "doubleToRawLongBits", "(D)J")
                : code;
    }

    private static Snippet fromBits(Snippet code, Object type) {
        if (type.equals(Opcodes.INTEGER)) {
            return code.op(Opcodes.L2I);
        }
        if (type.equals(Opcodes.FLOAT)) {
            return code.op(Opcodes.L2I).invokeStatic("java/lang/Float", "intBitsToFloat", "(I)F");
        }
        if (type.equals(Opcodes.DOUBLE)) {
            return code.invokeStatic("java/lang/Double", "longBitsToDouble", "(J)D");
        }
        boolean needsCast = type instanceof String name && !name.equals("java/lang/Object");
        return needsCast ? code.type(Opcodes.CHECKCAST, (String) type) : code;
    }
}
