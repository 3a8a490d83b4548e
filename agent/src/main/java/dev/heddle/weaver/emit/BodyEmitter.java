// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.Loop;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Turns a method into its body. The code stays as compiled, in its place; each await becomes a call and one comparison.
 * The code that suspends, resumes and finds the way back is out of line, after the last instruction:
 *
 * <pre>
 *   body(args, frame):  if (frame != null) goto dispatch
 *   start:              ... x; Suspension.await(x); if (SUSPENDED) goto suspend_k
 *   join_k:             ... the rest of the method
 *   dispatch:           switch (frame.state) restore arguments, goto start | enter a loop | goto resume_k
 *   suspend_k:          store the live values into the frame; return SUSPENDED
 *   resume_k:           load them; take the result; goto join_k
 * </pre>
 *
 * A method that would be too long for the JIT compiler gets a compact body, whose awaits share the code that stores and
 * loads values.
 */
final class BodyEmitter {

    private final MethodPlan plan;
    private final MethodNode body;
    private final InsnList instructions;
    private final BodySlots slots;
    private final SuspensionEmitter suspensions;
    private final @Nullable SharedSuspensions shared;
    private final DispatchEmitter dispatch;

    /** The labels of each await, by its number minus one. */
    private final List<AwaitLabels> labels;

    /** The labels at the headers of the loops that contain an await. */
    private final Map<Loop, LabelNode> headers = new LinkedHashMap<>();

    /**
     * Creates an emitter for the body of {@code plan}.
     *
     * @param outlined the methods beside a compact body; null for an ordinary one
     */
    BodyEmitter(MethodPlan plan, FrameLayout layout, FrameAccess frames, @Nullable FrameMethods outlined) {
        this.plan = plan;
        this.body = plan.method();
        this.instructions = body.instructions;
        this.labels = plan.awaits().stream().map(await -> new AwaitLabels()).toList();
        for (AwaitPoint await : plan.awaits()) {
            for (Loop loop = await.loop(); loop != null; loop = loop.outer()) {
                headers.computeIfAbsent(loop, key -> new LabelNode());
            }
        }
        this.slots = new BodySlots(plan, outlined != null || !headers.isEmpty());
        this.suspensions = new SuspensionEmitter(plan, layout, frames, slots);
        @Nullable SharedDispatch sharedDispatch = null;
        if (outlined == null) {
            this.shared = null;
        } else {
            this.shared = new SharedSuspensions(plan, layout, slots, outlined);
            List<LabelNode> joins = labels.stream().map(AwaitLabels::join).toList();
            sharedDispatch = new SharedDispatch(
                    plan, layout, slots, outlined, new SharedResumption(plan, layout, slots, outlined, joins), headers);
        }
        this.dispatch = new DispatchEmitter(plan, layout, frames, slots, labels, headers, sharedDispatch);
    }

    /** Rewrites the method of the plan in place. */
    void emit() {
        adaptFrames();
        completeTracesInHandlers();
        new ConstructionEmitter(plan, slots).emit();
        plan.results().forEach(this::returnResult);
        plan.awaits().forEach(this::emitAwait);
        OutOfLineCode outOfLine = new OutOfLineCode(plan.firstLine());
        headers.forEach((loop, label) -> outOfLine.add(loop.line(), dispatch.intoLoop(loop, guardHeader(loop, label))));
        prependPrologue();
        outOfLine.add(plan.firstLine(), dispatch.onEntry());
        if (shared == null) {
            suspendAndResume(outOfLine);
        } else {
            suspend(outOfLine, shared);
        }
        instructions.add(outOfLine.instructions());
        becomeBody();
    }

    /**
     * Lets each handler begin with a call that completes the trace of its exception. Handlers for any throwable are
     * left out: they belong to a {@code finally} or a monitor, come from a compiler, and only rethrow the exception.
     */
    private void completeTracesInHandlers() {
        Set<LabelNode> handlers = new LinkedHashSet<>();
        for (TryCatchBlockNode handler : body.tryCatchBlocks) {
            if (handler.type != null) {
                handlers.add(handler.handler);
            }
        }
        for (LabelNode handler : handlers) {
            AbstractInsnNode first = handler;
            while (first.getOpcode() < 0) {
                first = first.getNext();
            }
            Snippet call = new Snippet()
                    .op(Opcodes.DUP) // stack: throwable throwable
                    .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.CAUGHT, RuntimeNames.CAUGHT_DESCRIPTOR);
            instructions.insertBefore(first, call.instructions());
        }
    }

    private void suspendAndResume(OutOfLineCode outOfLine) {
        for (AwaitPoint await : plan.awaits()) {
            AwaitLabels at = labelsOf(await);
            outOfLine.add(await.line(), suspensions.resume(await, at, body.tryCatchBlocks));
            outOfLine.add(await.line(), suspensions.suspend(await, at.suspend()));
        }
    }

    private void suspend(OutOfLineCode outOfLine, SharedSuspensions all) {
        for (AwaitPoint await : plan.awaits()) {
            if (await.directCall() != null) {
                outOfLine.add(
                        await.line(), all.suspendDirect(await, labelsOf(await).suspend()));
            }
        }
        all.emit(outOfLine);
    }

    private AwaitLabels labelsOf(AwaitPoint await) {
        return labels.get(await.number() - 1);
    }

    /** Adds the weaver's own locals to every frame, and replaces uninitialised objects by nulls. */
    private void adaptFrames() {
        Map<LabelNode, LabelNode> creations = labelCreations();
        for (AbstractInsnNode instruction : instructions) {
            if (instruction instanceof FrameNode frame) {
                TypeState state = slots.inBody(TypeState.declaredBy(frame, plan.placeholderLabels()));
                frame.local = relabelled(Arrays.asList(state.frameLocals()), creations);
                frame.stack = relabelled(state.stack(), creations);
            }
        }
    }

    /**
     * Gives each {@code new} its own label, by which frames name its object. The old label may belong to a loop, in front
     * of which code is inserted. A frame must name the position of the instruction itself (JVMS 4.7.4).
     *
     * @return the new labels by the old ones
     */
    private Map<LabelNode, LabelNode> labelCreations() {
        Map<LabelNode, LabelNode> labels = new HashMap<>();
        for (AbstractInsnNode instruction : instructions.toArray()) {
            if (instruction.getOpcode() == Opcodes.NEW) {
                LabelNode label = new LabelNode();
                for (AbstractInsnNode node = instruction.getPrevious();
                        node != null && node.getOpcode() < 0;
                        node = node.getPrevious()) {
                    if (node instanceof LabelNode old) {
                        labels.put(old, label);
                    }
                }
                instructions.insertBefore(instruction, label);
            }
        }
        return labels;
    }

    private static List<Object> relabelled(List<Object> types, Map<LabelNode, LabelNode> labels) {
        List<Object> relabelled = new ArrayList<>();
        for (Object type : types) {
            LabelNode label = type instanceof LabelNode old ? labels.get(old) : null;
            relabelled.add(label == null ? type : label);
        }
        return relabelled;
    }

    /**
     * Makes the body return the value that the method passes to {@code Coroutine.of} or, for {@code Coroutine.done},
     * null.
     */
    private void returnResult(AbstractInsnNode call) {
        if (((MethodInsnNode) call).name.equals(RuntimeNames.DONE)) {
            instructions.set(call, new InsnNode(Opcodes.ACONST_NULL));
        } else {
            instructions.remove(call);
        }
    }

    private void emitAwait(AwaitPoint await) {
        AwaitLabels at = labelsOf(await);
        Snippet code = new Snippet();
        MethodInsnNode direct = await.directCall();
        if (direct != null) {
            instructions.insertBefore(direct, new InsnNode(Opcodes.ACONST_NULL)); // no frame: run from the start
            direct.desc = FrameAccess.bodyDescriptor(direct.desc);
        } else {
            if (await.kind() == AwaitPoint.Kind.STAGE) {
                code.invokeStatic(RuntimeNames.ASYNCIO, RuntimeNames.WRAP_FUTURE, RuntimeNames.WRAP_FUTURE_DESCRIPTOR);
            }
            code.add(begin(await)); // stack: .. result
        }
        LabelNode suspend = shared != null && direct == null ? shared.entry(await) : at.suspend();
        code.op(Opcodes.DUP) // stack: .. result result
                .field(Opcodes.GETSTATIC, RuntimeNames.SUSPENSION, RuntimeNames.SUSPENDED, "Ljava/lang/Object;")
                .jump(Opcodes.IF_ACMPEQ, suspend) // stack: .. result
                .label(at.join())
                .frame(slots.inBody(await.state().push("java/lang/Object")));
        if (isFollowedByFrame(await.instruction())) {
            code.op(Opcodes.NOP); // an instruction cannot have two frames
        }
        instructions.insertBefore(await.instruction(), code.instructions());
        instructions.remove(await.instruction());
    }

    /** Begins the awaitable on the stack. */
    private Snippet begin(AwaitPoint await) {
        if (shared != null) {
            return new Snippet()
                    .push(await.number()) // stack: .. awaitable int
                    .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.AWAIT, RuntimeNames.BEGIN_NUMBERED_DESCRIPTOR);
        }
        return new Snippet()
                .astore(slots.awaited())
                .aload(slots.awaited()) // stack: .. awaitable
                .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.AWAIT, RuntimeNames.BEGIN_DESCRIPTOR);
    }

    private static boolean isFollowedByFrame(AbstractInsnNode instruction) {
        AbstractInsnNode next = instruction.getNext();
        while (next != null && next.getOpcode() < 0) {
            if (next instanceof FrameNode) {
                return true;
            }
            next = next.getNext();
        }
        return false;
    }

    /**
     * Lets a resumed method enter {@code loop} through its header, as it did at first, so that the loop keeps a single
     * entry. An optimising compiler gives up on a loop with two.
     *
     * @return the label to which control goes from the header while the method is being resumed
     */
    private LabelNode guardHeader(Loop loop, LabelNode header) {
        LabelNode inside = new LabelNode();
        Snippet guard = new Snippet()
                .load(Opcodes.INTEGER, slots.state()) // stack: .. state
                .jump(Opcodes.IFNE, inside); // stack: ..
        instructions.insert(loop.header(), guard.instructions());
        instructions.insertBefore(loop.header(), header);
        return inside;
    }

    private void prependPrologue() {
        boolean startsWithFrame = instructions.getFirst() instanceof FrameNode
                || (instructions.getFirst().getOpcode() < 0 && isFollowedByFrame(instructions.getFirst()));
        Snippet prologue = new Snippet().aload(slots.incomingFrame()).astore(slots.frame());
        if (slots.hasState()) {
            prologue.op(Opcodes.ICONST_0).store(Opcodes.INTEGER, slots.state());
        }
        if (slots.receiver() != 0 && !plan.isStatic()) {
            prologue.aload(0).astore(slots.receiver());
        }
        prologue.aload(slots.frame())
                .jump(Opcodes.IFNONNULL, dispatch.label())
                .label(dispatch.start())
                .frame(slots.inBody(plan.onEntry()));
        if (startsWithFrame) {
            prologue.op(Opcodes.NOP); // an instruction cannot have two frames
        }
        instructions.insert(prologue.instructions());
    }

    /**
     * Makes the method private: outside its class only its entry calls it. Its annotations and its signature are on the
     * factory.
     */
    private void becomeBody() {
        int kept = body.access & (Opcodes.ACC_STATIC | Opcodes.ACC_STRICT);
        body.access = kept | Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
        body.desc = FrameAccess.bodyDescriptor(body.desc);
        body.signature = null;
        body.parameters = null;
        body.visibleAnnotations = null;
        body.invisibleAnnotations = null;
        body.visibleTypeAnnotations = null;
        body.invisibleTypeAnnotations = null;
        body.visibleParameterAnnotations = null;
        body.invisibleParameterAnnotations = null;
        body.attrs = null;
    }
}
