package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Kept;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * The suspensions of a compact body: a method beside it for each await, which takes the values as parameters and stores them,
 * so that the body is left with loading them.
 */
final class OutlinedSuspensions {

    /** JVMS 4.3.3. */
    private static final int MOST_PARAMETER_SLOTS = 255;

    /** The receiver, the frame and what is awaited. */
    private static final int OWN_PARAMETERS = 3;

    private static final String OBJECT = "java/lang/Object";

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;
    private final List<MethodNode> methods;

    /**
     * The suspensions of the method.
     *
     * @param methods takes the methods; how many there are already makes the names differ
     */
    OutlinedSuspensions(MethodPlan plan, FrameLayout layout, FrameAccess frames, List<MethodNode> methods) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
        this.methods = methods;
    }

    /** Whether the values of {@code await} fit into the parameters of a method. */
    boolean accepts(AwaitPoint await) {
        int slots = OWN_PARAMETERS;
        for (Object type : parameterTypes(await)) {
            slots += TypeState.isWide(type) ? 2 : 1;
        }
        return slots <= MOST_PARAMETER_SLOTS;
    }

    /**
     * Entered with the operands of {@code await} on the stack; returns from the body.
     *
     * @param awaited pushes what is awaited, or null
     */
    Snippet suspend(AwaitPoint await, BodySlots slots, Snippet awaited) {
        Snippet code = new Snippet(); // stack: operands
        for (Saved saved : layout.keptAtAwait(await).locals()) {
            code.load(saved.type(), saved.slot());
        }
        if (!plan.isStatic()) {
            code.aload(slots.receiver());
        }
        MethodNode method = method(await);
        methods.add(method);
        return code.aload(slots.frame())
                .add(awaited) // stack: operands locals receiver? frame? awaited?
                .add(FrameAccess.call(plan, method)) // stack: SUSPENDED
                .op(Opcodes.ARETURN);
    }

    private List<Object> parameterTypes(AwaitPoint await) {
        List<Object> types = new ArrayList<>(await.state().stack());
        layout.keptAtAwait(await).locals().forEach(saved -> types.add(saved.type()));
        return types;
    }

    private MethodNode method(AwaitPoint await) {
        Kept kept = layout.keptAtAwait(await);
        int operands = await.state().stack().size();
        StringBuilder descriptor = new StringBuilder("(");
        List<Saved> values = new ArrayList<>();
        List<Object> types = parameterTypes(await);
        int slot = 0;
        for (int i = 0; i < types.size(); i++) {
            Object type = types.get(i);
            // Of the types of references nothing is asked here: their classes are not looked up.
            Object stored = TypeState.isPrimitive(type) ? type : OBJECT;
            FrameLayout.Place place = i < operands
                    ? kept.stack().get(i)
                    : kept.locals().get(i - operands).place();
            if (place != null) {
                values.add(new Saved(slot, stored, place));
            }
            descriptor.append(descriptor(stored));
            slot += TypeState.isWide(type) ? 2 : 1;
        }
        int receiver = slot;
        if (!plan.isStatic()) {
            descriptor.append(descriptor(OBJECT));
            slot++;
        }
        descriptor
                .append(RuntimeNames.FRAME_DESCRIPTOR)
                .append(descriptor(OBJECT))
                .append(")Ljava/lang/Object;");
        int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
        String name = plan.method().name + "$suspend$" + methods.size();
        MethodNode method = new MethodNode(access, name, descriptor.toString(), null, null);
        FrameSlots inMethod = new FrameSlots(slot, receiver, slot + 2);
        method.instructions = frames.suspend(inMethod, values, layout.state(await), new Snippet().aload(slot + 1))
                .instructions();
        return method;
    }

    private static String descriptor(Object type) {
        if (type.equals(Opcodes.INTEGER)) {
            return "I";
        }
        if (type.equals(Opcodes.FLOAT)) {
            return "F";
        }
        if (type.equals(Opcodes.LONG)) {
            return "J";
        }
        return type.equals(Opcodes.DOUBLE) ? "D" : "Ljava/lang/Object;";
    }
}
