// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.analysis.ControlFlow.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The path of a returned value from the instructions that compute it to one return instruction. On the path the value
 * is on the operand stack, or in a local where a compiler keeps it while it runs {@code finally} blocks, closes
 * resources and releases monitors.
 *
 * <p>The {@code return} statement stands where the path leaves the first range of a {@code try} that excludes the
 * return instruction. The ranges of the {@code try} end before the code that a compiler executes on the way out, and
 * its handlers follow after the instruction.
 */
final class ReturnPath {

    private final ControlFlow flow;
    private final InsnList instructions;
    private final StackEffects effects;
    private final int areturn;
    private final List<TryCatchBlockNode> left;
    private final boolean followsLocal;

    /**
     * The location of the value before each instruction, by its index: a position on the stack, or the complement of a
     * slot.
     */
    private final Map<Integer, Integer> locations = new LinkedHashMap<>();

    private final Deque<Integer> open = new ArrayDeque<>();
    private final List<Edge> starts = new ArrayList<>();
    private final List<VarInsnNode> stores = new ArrayList<>();

    private ReturnPath(
            MethodNode method,
            ControlFlow flow,
            StackEffects effects,
            int areturn,
            List<TryCatchBlockNode> left,
            boolean followsLocal) {
        this.flow = flow;
        this.instructions = method.instructions;
        this.effects = effects;
        this.areturn = areturn;
        this.left = left;
        this.followsLocal = followsLocal;
        reach(areturn, effects.depth(areturn) - 1);
        while (!open.isEmpty()) {
            goBack(open.pop());
        }
    }

    /**
     * The path to the return instruction at {@code areturn}.
     *
     * @param left the entries of the exception table whose ranges exclude it
     */
    static ReturnPath to(
            MethodNode method, ControlFlow flow, StackEffects effects, int areturn, List<TryCatchBlockNode> left) {
        ReturnPath path = new ReturnPath(method, flow, effects, areturn, left, true);
        return path.isThroughTemporary() ? path : new ReturnPath(method, flow, effects, areturn, left, false);
    }

    /** The edges from the instructions that compute the value. */
    List<Edge> starts() {
        return starts;
    }

    /** Whether the instruction at {@code index} is on the path. */
    boolean contains(int index) {
        return locations.containsKey(index);
    }

    /** Whether the value is on top of the stack, or in a local, before the instruction at {@code index}. */
    boolean isAtHand(int index) {
        int location = location(index);
        return location < 0 || location == effects.depth(index) - 1;
    }

    private int location(int index) {
        return Objects.requireNonNull(locations.get(index));
    }

    /** The slot that holds the value before the instruction at {@code index}, or {@link InsertedAwait#ON_STACK}. */
    int slot(int index) {
        int location = location(index);
        return location < 0 ? ~location : InsertedAwait.ON_STACK;
    }

    /** Whether {@code instruction} moves the value from the stack to a local. */
    boolean isStore(AbstractInsnNode instruction) {
        return instruction instanceof VarInsnNode store && stores.contains(store);
    }

    /** The entries of the exception table whose range the value leaves along {@code edge} because it is returned. */
    List<TryCatchBlockNode> leftAlong(Edge edge) {
        return flow.leftAlong(edge, left);
    }

    /** The outgoing edges. They include those of exceptions if the value is in a local and so survives. */
    List<Edge> edgesFrom(int index) {
        List<Edge> edges = new ArrayList<>();
        flow.after(index).forEach(next -> edges.add(new Edge(index, next)));
        if (slot(index) >= 0) {
            BasicBlock block = flow.blockOf(instructions.get(index));
            block.handlers()
                    .forEach(handler ->
                            edges.add(new Edge(index, flow.blocks().get(handler).start())));
        }
        edges.removeIf(edge -> !contains(edge.to()));
        return edges;
    }

    /**
     * Changes the type of the value in the stack map frames on the path to {@code type}: after an await it has no
     * subtype of that.
     */
    void retype(String type) {
        locations.forEach((index, location) -> {
            if (instructions.get(index) instanceof FrameNode frame) {
                if (location >= 0) {
                    frame.stack = replaced(frame.stack, location, type);
                } else {
                    int position = TypeState.positionOf(~location, frame.local);
                    frame.local = replaced(frame.local, position, type);
                }
            }
        });
    }

    private static List<Object> replaced(List<Object> types, int position, String type) {
        List<Object> replaced = new ArrayList<>(types);
        replaced.set(position, type);
        return replaced;
    }

    private void reach(int index, int location) {
        if (locations.putIfAbsent(index, location) == null) {
            open.push(index);
        }
    }

    private void goBack(int to) {
        int location = location(to);
        if (to == 0) {
            starts.add(new Edge(-1, 0));
        }
        for (int from : flow.before(to)) {
            if (location < 0) {
                goBackInLocal(from, location);
            } else if (location < effects.untouched(from)) {
                reach(from, location);
            } else if (followsLocal && isLoadForReturn(from)) {
                reach(from, ~((VarInsnNode) instructions.get(from)).var);
            } else {
                starts.add(new Edge(from, to));
            }
        }
        if (location < 0) {
            flow.throwingTo(to).forEach(block -> goBackThrown(block, location));
        }
    }

    private void goBackInLocal(int from, int location) {
        if (!Code.writes(instructions.get(from), ~location)) {
            reach(from, location);
        } else if (instructions.get(from).getOpcode() == Opcodes.ASTORE) {
            stores.add((VarInsnNode) instructions.get(from));
            reach(from, effects.depth(from) - 1);
        }
    }

    private void goBackThrown(BasicBlock block, int location) {
        for (int from = block.end() - 1;
                from >= block.start() && !Code.writes(instructions.get(from), ~location);
                from--) {
            reach(from, location);
        }
    }

    private boolean isLoadForReturn(int index) {
        return instructions.get(index).getOpcode() == Opcodes.ALOAD
                && Code.executedBefore(instructions.get(areturn)) == instructions.get(index);
    }

    /**
     * Whether the local that is returned, if any, is a temporary of the compiler. The value of such a local is read
     * only to be returned, and no handler that the return leaves reads it. A handler has a copy of the {@code finally}
     * block, which may read the variables of the program.
     */
    private boolean isThroughTemporary() {
        for (VarInsnNode store : stores) {
            Set<AbstractInsnNode> reads = flow.readsOf(store.var, flow.after(instructions.indexOf(store)));
            if (!reads.stream().allMatch(ReturnPath::isReadForReturn)) {
                return false;
            }
            for (TryCatchBlockNode entry : left) {
                if (!flow.readsOf(store.var, List.of(instructions.indexOf(entry.handler)))
                        .isEmpty()) {
                    return false;
                }
            }
        }
        return !locations.containsKey(0);
    }

    private static boolean isReadForReturn(AbstractInsnNode read) {
        AbstractInsnNode next = read.getNext();
        while (next != null && next.getOpcode() < 0 && !(next instanceof FrameNode)) {
            next = next.getNext();
        }
        return read.getOpcode() == Opcodes.ALOAD && next != null && next.getOpcode() == Opcodes.ARETURN;
    }
}
