// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.ControlFlow.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Rewrites {@code return c} of an async method to {@code return Coroutine.of(await(c))}, before the method is analysed.
 * The await is where the {@code return} stands: inside its {@code try}, before any {@code finally} block runs and any
 * resource is closed. In a {@code synchronized} block it comes just after the monitor has been released.
 */
final class ReturnedCoroutines {

    /** One step on the path of a returned value. If it is {@code due}, it is awaited as soon as no monitor is held. */
    private record Step(Edge edge, boolean due) {}

    private final MethodNode method;
    private final InsnList instructions;
    private final ControlFlow flow;
    private final @Nullable Monitors monitors;
    private final StackEffects effects;

    /** The awaits to insert, by the instructions before which they are inserted. */
    private final Map<AbstractInsnNode, InsertedAwait> awaits = new LinkedHashMap<>();

    /** The return instructions before which an awaited coroutine is unwrapped. */
    private final List<AbstractInsnNode> unwrapped = new ArrayList<>();

    private ReturnedCoroutines(MethodNode method) {
        this.method = method;
        this.instructions = method.instructions;
        this.flow = new ControlFlow(method);
        this.monitors = Monitors.of(method, flow);
        this.effects = new StackEffects(method);
    }

    /** Rewrites {@code method} of the class {@code owner}. */
    static void await(String owner, MethodNode method) {
        ReturnedCoroutines returned = new ReturnedCoroutines(method);
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.getOpcode() == Opcodes.ARETURN && returned.flow.isReachable(instruction)) {
                returned.find(instruction);
            }
        }
        new EscapingFinally(owner, method, returned.flow, returned.monitors)
                .awaits()
                .forEach(returned::add);
        returned.awaits.values().forEach(await -> await.insertInto(method));
        returned.unwrapped.forEach(returned::unwrap);
    }

    private void find(AbstractInsnNode areturn) {
        AbstractInsnNode previous = Code.executedBefore(areturn);
        if (previous != null && Code.isResult(previous)) {
            return;
        }
        List<TryCatchBlockNode> left = leftBy(areturn);
        if (left.isEmpty()) {
            add(InsertedAwait.before(areturn));
            return;
        }
        int index = instructions.indexOf(areturn);
        ReturnPath path = ReturnPath.to(method, flow, effects, index, left);
        boolean awaitsLater = follow(path, index);
        if (awaits.containsKey(areturn)) {
            return;
        }
        if (awaitsLater && previous != null && previous.getOpcode() == Opcodes.ACONST_NULL) {
            awaitNullBefore(instructions.indexOf(previous), left);
        }
        if (awaitsLater) {
            add(InsertedAwait.before(areturn));
        } else {
            unwrapped.add(areturn);
        }
    }

    /**
     * The entries of the exception table for {@code try} blocks that {@code areturn} leaves: their ranges end before
     * it, and their handlers follow after it.
     */
    private List<TryCatchBlockNode> leftBy(AbstractInsnNode areturn) {
        int index = instructions.indexOf(areturn);
        List<TryCatchBlockNode> left = new ArrayList<>();
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            if (instructions.indexOf(entry.end) <= index && index < instructions.indexOf(entry.handler)) {
                left.add(entry);
            }
        }
        flow.handlersAt(areturn).forEach(around -> left.removeIf(entry -> entry.handler == around.handler));
        return left;
    }

    /**
     * Finds the place on {@code path} at which the value is awaited.
     *
     * @return whether a value may reach the end of the path without having been awaited
     */
    private boolean follow(ReturnPath path, int end) {
        boolean awaitsLater = false;
        Set<Step> seen = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>();
        for (Edge start : path.starts()) {
            if (start.from() < 0 || !Code.isResult(instructions.get(start.from()))) {
                open.add(new Step(start, false));
            }
        }
        while (!open.isEmpty()) {
            Step step = open.pop();
            Edge edge = step.edge();
            List<TryCatchBlockNode> left = path.leftAlong(edge);
            boolean due = step.due() || !left.isEmpty();
            if (!seen.add(step)) {
                continue;
            }
            if (due && !isHeld(instructions.get(edge.to())) && path.isAtHand(edge.to())) {
                add(awaitAlong(path, edge, left));
                path.retype(RuntimeNames.COROUTINE);
            } else if (edge.to() == end) {
                awaitsLater = true;
            } else {
                path.edgesFrom(edge.to()).forEach(next -> open.add(new Step(next, due)));
            }
        }
        return awaitsLater;
    }

    /**
     * Awaits the null that Eclipse's compiler pushes. It does so only after it has run the {@code finally} blocks on
     * the way out, so the await goes where control leaves the ranges of their {@code try}. If the {@code finally} block
     * itself returns null, nothing is awaited.
     */
    private void awaitNullBefore(int index, List<TryCatchBlockNode> left) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(index));
        while (!open.isEmpty()) {
            int to = open.pop();
            for (int from : seen.add(to) ? flow.before(to) : List.<Integer>of()) {
                Edge edge = new Edge(from, to);
                List<TryCatchBlockNode> leaving = flow.leftAlong(edge, left);
                if (leaving.isEmpty()) {
                    open.push(from);
                } else if (!isHeld(instructions.get(to)) && leaving.stream().noneMatch(this::returnsNull)) {
                    add(InsertedAwait.along(method, flow, edge, InsertedAwait.NULL, leaving));
                }
            }
        }
    }

    /** Whether {@code entry} belongs to a {@code finally} block that returns null itself. */
    private boolean returnsNull(TryCatchBlockNode entry) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(instructions.indexOf(entry.handler)));
        while (entry.type == null && !open.isEmpty()) {
            int index = open.pop();
            AbstractInsnNode next = Code.instructionAfter(instructions.get(index));
            if (instructions.get(index).getOpcode() == Opcodes.ACONST_NULL
                    && next != null
                    && next.getOpcode() == Opcodes.ARETURN) {
                return true;
            }
            if (seen.add(index)) {
                open.addAll(flow.after(index));
            }
        }
        return false;
    }

    private InsertedAwait awaitAlong(ReturnPath path, Edge edge, List<TryCatchBlockNode> left) {
        AbstractInsnNode to = instructions.get(edge.to());
        AbstractInsnNode previous = Code.executedBefore(to);
        int slot = path.slot(edge.to());
        if (slot >= 0 && previous != null && path.isStore(previous)) {
            return InsertedAwait.before(previous);
        }
        List<TryCatchBlockNode> handlers =
                left.stream().filter(entry -> !isHeld(entry.handler)).toList();
        return InsertedAwait.along(method, flow, edge, slot, handlers);
    }

    private boolean isHeld(AbstractInsnNode instruction) {
        return monitors != null && monitors.heldAt(instruction);
    }

    private void add(InsertedAwait await) {
        awaits.merge(await.before(), await, InsertedAwait::and);
    }

    private void unwrap(AbstractInsnNode areturn) {
        instructions.insertBefore(
                areturn,
                new MethodInsnNode(
                        Opcodes.INVOKESTATIC,
                        RuntimeNames.SUSPENSION,
                        RuntimeNames.AWAIT,
                        RuntimeNames.BEGIN_DESCRIPTOR,
                        false));
    }
}
