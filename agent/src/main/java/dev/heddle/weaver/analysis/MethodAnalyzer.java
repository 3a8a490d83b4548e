// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Finds the facts of one method to weave. */
final class MethodAnalyzer {

    private final ClassNode owner;
    private final MethodNode method;
    private final Predicate<MethodInsnNode> callsWovenBody;
    private final ControlFlow flow;
    private final Loops loops;
    private final Liveness liveness;
    private final TypeFlow types;

    /**
     * Prepares the analysis of {@code method}.
     *
     * @param callsWovenBody whether a call that is awaited at once can call the body of a woven method of this class
     *     directly
     */
    MethodAnalyzer(ClassNode owner, MethodNode method, Predicate<MethodInsnNode> callsWovenBody) {
        this.owner = owner;
        this.method = method;
        this.callsWovenBody = callsWovenBody;
        ReturnedCoroutines.await(owner.name, method);
        this.flow = new ControlFlow(method);
        this.loops = new Loops(flow, method.instructions);
        this.liveness = new Liveness(flow, method.instructions);
        this.types = new TypeFlow(owner.name, method, this::isInteresting);
    }

    MethodPlan analyze() {
        List<AwaitPoint> awaits = awaitPoints();
        Set<TypeInsnNode> creations = creationsUninitializedAt(awaits);
        Set<Label> labels = types.labelsOf(creations);
        return new MethodPlan(
                owner.name,
                (owner.access & Opcodes.ACC_INTERFACE) != 0,
                owner.sourceFile,
                method,
                Code.firstLine(method),
                awaits,
                creations,
                constructions(creations),
                placeholderLabels(labels),
                results(),
                receiverIsStable());
    }

    private boolean isInteresting(AbstractInsnNode instruction) {
        return Code.isAwait(instruction) || Code.isConstructorCall(instruction);
    }

    private List<AwaitPoint> awaitPoints() {
        List<AwaitPoint> awaits = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            AwaitPoint.Kind kind = flow.isReachable(instruction) ? kind(instruction) : null;
            if (kind != null) {
                awaits.add(awaitPoint(awaits.size() + 1, kind, instruction));
            }
        }
        return awaits;
    }

    private static AwaitPoint.@Nullable Kind kind(AbstractInsnNode instruction) {
        if (Code.isAwaitAwaitable(instruction)) {
            return AwaitPoint.Kind.AWAITABLE;
        }
        return Code.isAwaitStage(instruction) ? AwaitPoint.Kind.STAGE : null;
    }

    /** The calls of {@code Coroutine.of} and {@code done} just before a return instruction. */
    private Set<AbstractInsnNode> results() {
        Set<AbstractInsnNode> results = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            AbstractInsnNode previous =
                    instruction.getOpcode() == Opcodes.ARETURN ? Code.executedBefore(instruction) : null;
            if (previous != null && Code.isResult(previous)) {
                results.add(previous);
            }
        }
        return results;
    }

    private AwaitPoint awaitPoint(int number, AwaitPoint.Kind kind, AbstractInsnNode instruction) {
        TypeFlow.Snapshot before = snapshot(instruction);
        TypeState state = before.toState().pop(1); // without the awaited value
        AbstractInsnNode previous = kind == AwaitPoint.Kind.STAGE ? null : Code.executedBefore(instruction);
        MethodInsnNode directCall = previous instanceof MethodInsnNode call && callsWovenBody.test(call) ? call : null;
        return new AwaitPoint(
                number,
                kind,
                instruction,
                directCall,
                Code.line(instruction),
                state,
                liveness.after(instruction),
                loops.around(instruction),
                flow.handlersAt(instruction));
    }

    private TypeFlow.Snapshot snapshot(AbstractInsnNode instruction) {
        TypeFlow.Snapshot snapshot = types.before(instruction);
        if (snapshot == null) {
            throw new IllegalStateException("no stack map frame leads to an instruction that is reachable");
        }
        return snapshot;
    }

    /**
     * The {@code new} instructions whose objects are uninitialised at an await, or at the header of a loop that
     * contains one.
     */
    private Set<TypeInsnNode> creationsUninitializedAt(List<AwaitPoint> awaits) {
        Set<TypeInsnNode> creations = new HashSet<>();
        for (AwaitPoint await : awaits) {
            creations.addAll(snapshot(await.instruction()).uninitialized());
            for (Loop loop = await.loop(); loop != null; loop = loop.outer()) {
                creations.addAll(types.declaredBy(loop.header()).uninitialized());
            }
        }
        return creations;
    }

    private List<Construction> constructions(Set<TypeInsnNode> creations) {
        List<Construction> constructions = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (Code.isConstructorCall(instruction) && types.before(instruction) != null) {
                MethodInsnNode call = (MethodInsnNode) instruction;
                TypeFlow.Snapshot before = snapshot(call);
                int receiver = before.stack().size() - 1 - Type.getArgumentTypes(call.desc).length;
                if (before.stack().get(receiver) instanceof TypeInsnNode creation && creations.contains(creation)) {
                    constructions.add(construction(creation, call, before, receiver));
                }
            }
        }
        return constructions;
    }

    private static Construction construction(
            TypeInsnNode creation, MethodInsnNode call, TypeFlow.Snapshot before, int receiver) {
        List<Object> below = before.stack().subList(0, receiver);
        int lowest = below.contains(creation) ? below.indexOf(creation) : receiver;
        BitSet copies = new BitSet();
        for (int i = lowest; i < receiver; i++) {
            copies.set(i - lowest, below.get(i) == creation);
        }
        BitSet locals = new BitSet();
        for (int slot = 0; slot < before.locals().size(); slot++) {
            locals.set(slot, before.locals().get(slot) == creation);
        }
        List<Object> above = before.toState().stack().subList(lowest, receiver);
        return new Construction(creation, call, above, copies, locals);
    }

    private Set<LabelNode> placeholderLabels(Set<Label> labels) {
        Set<LabelNode> nodes = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof LabelNode label && labels.contains(label.getLabel())) {
                nodes.add(label);
            }
        }
        return nodes;
    }

    /**
     * Whether slot 0 always holds {@code this}. Compilers keep it there, but the class file format does not require it.
     */
    private boolean receiverIsStable() {
        if ((method.access & Opcodes.ACC_STATIC) != 0) {
            return false;
        }
        for (AbstractInsnNode instruction : method.instructions) {
            boolean isStore = instruction.getOpcode() >= Opcodes.ISTORE && instruction.getOpcode() <= Opcodes.ASTORE;
            if (isStore && ((VarInsnNode) instruction).var == 0) {
                return false;
            }
            if (instruction instanceof FrameNode frame
                    && (frame.local.isEmpty() || !owner.name.equals(frame.local.get(0)))) {
                return false;
            }
        }
        return true;
    }
}
