package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Finds the {@code return}s that leave a {@code try} with a {@code finally}, or close a resource. A compiler stores what
 * they return in a local without a name, runs the {@code finally}, and returns the local. The coroutine has to be awaited
 * where it is stored: inside the {@code try}, before the {@code finally}.
 */
final class ReturnsThroughFinally {

    private final MethodNode method;
    private final ControlFlow flow;

    ReturnsThroughFinally(MethodNode method, ControlFlow flow) {
        this.method = method;
        this.flow = flow;
    }

    /** The stores of coroutines that are returned after a {@code finally}. */
    Set<AbstractInsnNode> stores() {
        Set<AbstractInsnNode> stores = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction.getOpcode() == Opcodes.ASTORE && isReturnedLater((VarInsnNode) instruction)) {
                stores.add(instruction);
            }
        }
        return stores;
    }

    private boolean isReturnedLater(VarInsnNode store) {
        int handler = handlerOfTryEndingAt(store);
        AbstractInsnNode value = Code.executedBefore(store);
        boolean isResult = value != null && Code.isResult(value);
        return handler >= 0 && !isResult && !isNamed(store) && isOnlyReturned(store, handler);
    }

    /** The position of the last handler of a {@code try} that ends just after {@code store}, -1 if none does. */
    private int handlerOfTryEndingAt(VarInsnNode store) {
        int handler = -1;
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            if (Code.instructionBefore(entry.end) == store) {
                handler = Math.max(handler, method.instructions.indexOf(entry.handler));
            }
        }
        return handler;
    }

    /** Whether the program has a variable in the slot: its range begins just after the first store to it. */
    private boolean isNamed(VarInsnNode store) {
        if (method.localVariables == null) {
            return false;
        }
        int index = method.instructions.indexOf(store);
        for (LocalVariableNode variable : method.localVariables) {
            int start = method.instructions.indexOf(variable.start);
            int end = method.instructions.indexOf(variable.end);
            AbstractInsnNode first = Code.instructionBefore(variable.start);
            if (variable.index == store.var && (first == store || (start <= index && index < end))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether on every path after {@code store} the slot is loaded to be returned. A compiler puts that return before the
     * handler; a variable that is returned after the whole statement stands behind it.
     */
    private boolean isOnlyReturned(VarInsnNode store, int handler) {
        BitSet seen = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        boolean returned = false;
        int index = method.instructions.indexOf(store) + 1;
        BasicBlock block = flow.blockOf(store);
        while (true) {
            AbstractInsnNode access = firstAccess(store.var, index, block.end());
            if (access == null) {
                open.addAll(block.successors());
            } else if (isReturned(access) && method.instructions.indexOf(access) < handler) {
                returned = true;
            } else {
                return false;
            }
            while (!open.isEmpty() && seen.get(open.element())) {
                open.remove();
            }
            if (open.isEmpty()) {
                return returned;
            }
            seen.set(open.element());
            block = flow.blocks().get(open.remove());
            index = block.start();
        }
    }

    private @Nullable AbstractInsnNode firstAccess(int slot, int start, int end) {
        for (int i = start; i < end; i++) {
            if (method.instructions.get(i) instanceof VarInsnNode access && access.var == slot) {
                return access;
            }
        }
        return null;
    }

    private static boolean isReturned(AbstractInsnNode access) {
        AbstractInsnNode next = access.getNext();
        while (next != null && next.getOpcode() < 0 && !(next instanceof FrameNode)) {
            next = next.getNext();
        }
        return access.getOpcode() == Opcodes.ALOAD && next != null && next.getOpcode() == Opcodes.ARETURN;
    }
}
