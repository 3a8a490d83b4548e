// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Place;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodNode;

/** The methods beside a compact body that read and write its frame, so that the body only has to call them. */
final class FrameMethods {

    /** A value that is passed to a writer, and its place in the frame, or null if it is not kept. */
    record Stored(Object type, @Nullable Place place) {}

    /** The most parameter slots of a method (JVMS 4.3.3), less one for the frame. */
    private static final int MOST_SLOTS = 254;

    /** The number of bits per character of {@link #kept}. Such a character takes one byte of a class file. */
    private static final int BITS = 6;

    private static final char NO_BITS = 1 << BITS;

    /** The longest string constant in bytes (JVMS 4.4.7). */
    private static final int LONGEST_CONSTANT = 65_535;

    /**
     * The parameter type of references, and of the frame: with a parameter of that type last, a method would look like
     * a body.
     */
    private static final Type OBJECT = Type.getObjectType("java/lang/Object");

    private static final Type FRAME = Type.getObjectType(RuntimeNames.FRAME);

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;
    private final List<MethodNode> methods;
    private final Map<Place, MethodNode> readers = new HashMap<>();
    private final Map<List<Stored>, MethodNode> writers = new HashMap<>();

    /**
     * The methods of one body.
     *
     * @param methods the list to which they are added; its size makes their names unique
     */
    FrameMethods(MethodPlan plan, FrameLayout layout, FrameAccess frames, List<MethodNode> methods) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
        this.methods = methods;
    }

    /** Pushes the value of {@code type} in {@code place} of the frame in the local {@code frame}. */
    Snippet read(int frame, Place place, Object type) {
        // Reflection needs the classes that a descriptor names, so references are passed as objects and cast in the
        // body.
        Object stored = TypeState.isPrimitive(type) ? type : "java/lang/Object";
        MethodNode reader = readers.computeIfAbsent(place, key -> reader(place, stored));
        Snippet code = new Snippet().aload(frame).add(FrameAccess.call(plan, reader));
        return stored.equals(type) ? code : code.type(Opcodes.CHECKCAST, (String) type);
    }

    private MethodNode reader(Place place, Object type) {
        Snippet code = new Snippet()
                .aload(0)
                .type(Opcodes.CHECKCAST, layout.frameClass())
                .astore(1)
                .add(frames.read(1, place, type))
                .op(returned(type));
        return method("get", Type.getMethodDescriptor(typeOf(type), OBJECT), code);
    }

    /**
     * Moves {@code values} from the stack, the last of them on top, into the frame in the local {@code frame}, which is
     * created if null.
     */
    Snippet write(int frame, List<Stored> values) {
        Snippet code = new Snippet();
        int end = values.size();
        while (end > 0) {
            int start = end;
            int slots = 0;
            while (start > 0 && slots + width(values.get(start - 1)) <= MOST_SLOTS) {
                start--;
                slots += width(values.get(start));
            }
            List<Stored> part = List.copyOf(values.subList(start, end));
            MethodNode writer = writers.computeIfAbsent(part, this::writer);
            code.aload(frame).add(FrameAccess.call(plan, writer)).astore(frame);
            end = start;
        }
        return code;
    }

    private static int width(Stored value) {
        return TypeState.isWide(value.type()) ? 2 : 1;
    }

    private MethodNode writer(List<Stored> values) {
        List<Type> parameters = new ArrayList<>();
        int frame = 0;
        for (Stored value : values) {
            // The classes of references are not looked up.
            parameters.add(TypeState.isPrimitive(value.type()) ? typeOf(value.type()) : OBJECT);
            frame += width(value);
        }
        parameters.add(FRAME);
        Snippet code = new Snippet().add(frames.large(frame)).astore(frame + 1); // stack: -
        int slot = 0;
        for (Stored value : values) {
            if (value.place() != null) {
                Object type = TypeState.isPrimitive(value.type()) ? value.type() : "java/lang/Object";
                code.add(frames.write(frame + 1, new Saved(slot, type, value.place())));
            }
            slot += width(value);
        }
        // The cast keeps the verifier from loading the class of the frame, which another runtime may not have.
        code.aload(frame + 1).type(Opcodes.CHECKCAST, RuntimeNames.FRAME).op(Opcodes.ARETURN);
        return method("put", Type.getMethodDescriptor(FRAME, parameters.toArray(Type[]::new)), code);
    }

    /**
     * Returns from the body, suspended at the await that the runtime has recorded. The values are in the frame already.
     */
    Snippet suspend(BodySlots slots) {
        List<Type> parameters = new ArrayList<>(List.of(OBJECT));
        Snippet call = new Snippet().aload(slots.frame()); // stack: frame?
        Snippet code = new Snippet()
                .aload(0)
                .type(Opcodes.CHECKCAST, RuntimeNames.FRAME)
                .astore(0)
                .add(frames.large(0))
                .astore(2); // stack: -
        if (!plan.isStatic()) {
            parameters.add(OBJECT);
            call.aload(slots.receiver()); // stack: frame? receiver
            code.add(frames.write(2, new Place(true, 0), new Snippet().aload(1), "java/lang/Object"));
        }
        code.aload(2)
                .constant(layout.firstState())
                .constant(kept()) // stack: frame int String
                .invokeVirtual(
                        RuntimeNames.LARGE_FRAME, RuntimeNames.SUSPEND_KEEPING, RuntimeNames.SUSPEND_KEEPING_DESCRIPTOR)
                .op(Opcodes.ARETURN);
        MethodNode method = method("suspend", Type.getMethodDescriptor(OBJECT, parameters.toArray(Type[]::new)), code);
        return call.add(FrameAccess.call(plan, method)).op(Opcodes.ARETURN);
    }

    /** The references that each await keeps, encoded as {@code LargeFrame.suspendKeeping} reads them. */
    private String kept() {
        int chars = (layout.referenceFields() + layout.extraReferences() + BITS - 1) / BITS;
        StringBuilder text = new StringBuilder();
        for (AwaitPoint await : plan.awaits()) {
            char[] bits = new char[chars];
            Arrays.fill(bits, NO_BITS);
            FrameLayout.Kept kept = layout.keptAtAwait(await);
            if (!plan.isStatic()) {
                set(bits, new Place(true, 0));
            }
            kept.locals().forEach(saved -> set(bits, saved.place()));
            kept.stack().values().forEach(place -> set(bits, place));
            text.append(bits);
        }
        if (text.length() > LONGEST_CONSTANT) {
            throw new MethodTooLargeException(
                    plan.owner(), plan.method().name, FrameAccess.bodyDescriptor(plan.method().desc), text.length());
        }
        return text.toString();
    }

    private static void set(char[] bits, Place place) {
        if (place.isReference()) {
            bits[place.index() / BITS] |= (char) (1 << place.index() % BITS);
        }
    }

    private MethodNode method(String what, String descriptor, Snippet code) {
        int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        String name = plan.method().name + "$" + what + "$" + methods.size();
        MethodNode method = new MethodNode(access, name, descriptor, null, null);
        method.instructions = code.instructions();
        methods.add(method);
        return method;
    }

    private static int returned(Object type) {
        return typeOf(type).getOpcode(Opcodes.IRETURN);
    }

    private static Type typeOf(Object type) {
        if (type.equals(Opcodes.INTEGER)) {
            return Type.INT_TYPE;
        }
        if (type.equals(Opcodes.FLOAT)) {
            return Type.FLOAT_TYPE;
        }
        if (type.equals(Opcodes.LONG)) {
            return Type.LONG_TYPE;
        }
        return type.equals(Opcodes.DOUBLE) ? Type.DOUBLE_TYPE : Type.getObjectType((String) type);
    }
}
