// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
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
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Emits the two blocks of an await that run only when it suspends: one stores the live values, the other loads them.
 */
final class SuspensionEmitter {

    private static final String OBJECT = "java/lang/Object";

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;
    private final BodySlots slots;

    SuspensionEmitter(MethodPlan plan, FrameLayout layout, FrameAccess frames, BodySlots slots) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
        this.slots = slots;
    }

    /** The code that suspends, with {@code SUSPENDED} on top of the stack, which it returns from the body. */
    Snippet suspend(AwaitPoint await, LabelNode start) {
        boolean direct = await.directCall() != null;
        TypeState state = slots.inBody(await.state().push(OBJECT));
        Snippet code = new Snippet()
                .label(start)
                .frame(direct ? state : state.with(slots.awaited(), OBJECT)) // stack: .. SUSPENDED
                .op(Opcodes.POP); // stack: ..
        Snippet awaited = direct ? new Snippet().op(Opcodes.ACONST_NULL) : new Snippet().aload(slots.awaited());
        List<Object> stack = await.state().stack();
        Spill operands = Spill.of(stack, slots.scratch());
        code.add(operands.store()); // stack: -
        Kept kept = layout.keptAtAwait(await);
        List<Saved> values = new ArrayList<>(kept.locals());
        kept.stack().forEach((i, place) -> values.add(new Saved(operands.slot(i), stack.get(i), place)));
        return code.add(frames.suspend(slots.forFrame(), values, layout.state(await), awaited));
    }

    /**
     * The code that resumes {@code await}, with nothing on the stack and only the weaver's own locals. It goes to the
     * join of the await with the operands of the await and its result on the stack. A failure is thrown inside the
     * handlers of the await: they are added to {@code exceptionTable} for just the instruction that throws, when every
     * local is restored.
     */
    Snippet resume(AwaitPoint await, AwaitLabels at, List<TryCatchBlockNode> exceptionTable) {
        TypeState nothing = new TypeState(plan.receiverIsStable() ? List.of(plan.owner()) : List.of(), List.of());
        Snippet code = new Snippet().label(at.resume()).frame(slots.inBody(nothing)); // stack: -
        Kept kept = layout.keptAtAwait(await);
        restoreLocals(code, await, kept);
        if (slots.hasState()) {
            code.op(Opcodes.ICONST_0).store(Opcodes.INTEGER, slots.state());
        }
        List<Object> stack = await.state().stack();
        for (int i = 0; i < stack.size(); i++) {
            Place place = kept.stack().get(i);
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
                .label(takeEnd)
                .jump(Opcodes.GOTO, at.join());
        for (TryCatchBlockNode handler : await.handlers()) {
            exceptionTable.add(new TryCatchBlockNode(takeStart, takeEnd, handler.handler, handler.type));
        }
        return code;
    }

    private void restoreLocals(Snippet code, AwaitPoint await, Kept kept) {
        if (!kept.locals().isEmpty() || !kept.stack().isEmpty()) {
            code.aload(slots.frame())
                    .type(Opcodes.CHECKCAST, layout.frameClass())
                    .astore(slots.typedFrame());
        }
        BitSet restored = new BitSet();
        restored.set(0, plan.receiverIsStable());
        for (Saved saved : kept.locals()) {
            code.add(frames.read(slots.typedFrame(), saved.place(), saved.type()))
                    .store(saved.type(), saved.slot());
            restored.set(saved.slot());
        }
        // The other locals are not read again, but the frames of the method require their types.
        code.storeDefaults(await.state(), slot -> !restored.get(slot));
    }
}
