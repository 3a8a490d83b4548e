package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Kept;
import dev.heddle.weaver.emit.FrameLayout.Place;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** The two blocks of each await that run only when it suspends: one stores the live values, the other loads them. */
final class SuspensionEmitter {

    private static final String OBJECT = "java/lang/Object";

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;
    private final BodySlots slots;
    private final @Nullable OutlinedSuspensions outlined;

    /**
     * Emits the blocks of the method.
     *
     * @param outlined takes the code that stores values out of a compact body; null for any other
     */
    SuspensionEmitter(
            MethodPlan plan,
            FrameLayout layout,
            FrameAccess frames,
            BodySlots slots,
            @Nullable OutlinedSuspensions outlined) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
        this.slots = slots;
        this.outlined = outlined;
    }

    /** Entered with {@code SUSPENDED} on top of the stack; returns it from the body. */
    Snippet suspend(AwaitPoint await, LabelNode start) {
        boolean direct = await.directCall() != null;
        TypeState state = slots.inBody(await.state().push(OBJECT));
        Snippet code = new Snippet()
                .label(start)
                .frame(direct ? state : state.with(slots.awaited(), OBJECT)) // stack: .. SUSPENDED
                .op(Opcodes.POP); // stack: ..
        Snippet awaited = direct ? new Snippet().op(Opcodes.ACONST_NULL) : new Snippet().aload(slots.awaited());
        if (outlined != null && outlined.accepts(await)) {
            return code.add(outlined.suspend(await, slots, awaited));
        }
        List<Object> stack = await.state().stack();
        Spill operands = Spill.of(stack, slots.scratch());
        code.add(operands.store()); // stack: -
        Kept kept = layout.keptAtAwait(await);
        List<Saved> values = new ArrayList<>(kept.locals());
        kept.stack().forEach((i, place) -> values.add(new Saved(operands.slot(i), stack.get(i), place)));
        return code.add(frames.suspend(slots.forFrame(), values, layout.state(await), awaited));
    }

    /**
     * Entered with nothing on the stack and no local but the weaver's own; goes to the join of the await that is resumed with
     * the values of the await on the stack and its result above them. A failure is thrown inside the handlers of the await,
     * which are added to {@code exceptionTable} for just the instruction that throws it: every local is restored by then.
     *
     * @param joins by the number of the await, less one
     */
    Snippet resume(ResumeGroup group, List<AwaitLabels> joins, List<TryCatchBlockNode> exceptionTable) {
        TypeState nothing = new TypeState(plan.receiverIsStable() ? List.of(plan.owner()) : List.of(), List.of());
        Snippet code = new Snippet().label(group.label()).frame(slots.inBody(nothing)); // stack: -
        restoreLocals(code, group);
        if (slots.hasState()) {
            code.op(Opcodes.ICONST_0).store(Opcodes.INTEGER, slots.state());
        }
        AwaitPoint first = group.awaits().get(0);
        List<Object> stack = group.state().stack();
        for (int i = 0; i < stack.size(); i++) {
            Place place = layout.keptAtAwait(first).stack().get(i);
            code.add(
                    place == null
                            ? new Snippet().op(Opcodes.ACONST_NULL)
                            : frames.read(slots.typedFrame(), place, stack.get(i)));
        }
        LabelNode takeStart = new LabelNode();
        LabelNode takeEnd = new LabelNode();
        code.aload(slots.frame()) // stack: .. frame
                .label(takeStart)
                .invokeVirtual(RuntimeNames.FRAME, RuntimeNames.TAKE, RuntimeNames.TAKE_DESCRIPTOR) // stack: .. result
                .label(takeEnd);
        for (TryCatchBlockNode handler : first.handlers()) {
            exceptionTable.add(new TryCatchBlockNode(takeStart, takeEnd, handler.handler, handler.type));
        }
        return code.add(toJoin(group, joins));
    }

    /** From where the result is on the stack to the await that is resumed. */
    private Snippet toJoin(ResumeGroup group, List<AwaitLabels> joins) {
        SortedMap<Integer, LabelNode> targets = new TreeMap<>();
        for (AwaitPoint await : group.awaits()) {
            targets.put(layout.state(await), joins.get(await.number() - 1).join());
        }
        LabelNode last = Objects.requireNonNull(targets.get(targets.lastKey()));
        Snippet code = new Snippet(); // stack: .. result
        if (targets.size() == 1) {
            return code.jump(Opcodes.GOTO, last);
        }
        return code.aload(slots.frame())
                .field(Opcodes.GETFIELD, RuntimeNames.FRAME, RuntimeNames.STATE, "I") // stack: .. result state
                .select(targets, last); // stack: .. result
    }

    private void restoreLocals(Snippet code, ResumeGroup group) {
        SortedMap<Integer, Saved> kept = new TreeMap<>();
        for (AwaitPoint await : group.awaits()) {
            layout.keptAtAwait(await).locals().forEach(saved -> kept.put(saved.slot(), saved));
        }
        boolean keepsOperands = group.awaits().stream()
                .anyMatch(await -> !layout.keptAtAwait(await).stack().isEmpty());
        if (!kept.isEmpty() || keepsOperands) {
            code.aload(slots.frame())
                    .type(Opcodes.CHECKCAST, layout.frameClass())
                    .astore(slots.typedFrame());
        }
        BitSet restored = new BitSet();
        restored.set(0, plan.receiverIsStable());
        for (Saved saved : kept.values()) {
            code.add(frames.read(slots.typedFrame(), saved.place(), saved.type()))
                    .store(saved.type(), saved.slot());
            restored.set(saved.slot());
        }
        // The other locals are not read again, but the frames of the method demand their types.
        code.storeDefaults(group.state(), slot -> !restored.get(slot));
    }
}
