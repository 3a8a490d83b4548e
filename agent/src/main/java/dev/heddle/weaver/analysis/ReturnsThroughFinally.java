package dev.heddle.weaver.analysis;

import dev.heddle.weaver.RuntimeNames;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
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

    ReturnsThroughFinally(MethodNode method) {
        this.method = method;
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
        AbstractInsnNode value = Code.executedBefore(store);
        boolean givesCoroutine = value instanceof MethodInsnNode call
                && call.desc.endsWith(")" + RuntimeNames.COROUTINE_DESCRIPTOR)
                && !Code.isResult(call);
        return givesCoroutine && endsTry(store) && !isNamed(store) && isOnlyReturned(store);
    }

    /** Whether an entry of the exception table ends just after {@code store}. */
    private boolean endsTry(VarInsnNode store) {
        for (TryCatchBlockNode entry : method.tryCatchBlocks) {
            AbstractInsnNode last = entry.end.getPrevious();
            while (last != null && last.getOpcode() < 0) {
                last = last.getPrevious();
            }
            if (last == store) {
                return true;
            }
        }
        return false;
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
            AbstractInsnNode first = variable.start;
            while (first != null && first.getOpcode() < 0) {
                first = first.getPrevious();
            }
            if (variable.index == store.var && (first == store || (start <= index && index < end))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the first load of the slot after {@code store}, in the straight line that follows, is returned. */
    private static boolean isOnlyReturned(VarInsnNode store) {
        for (AbstractInsnNode node = store.getNext(); node != null; node = node.getNext()) {
            if (node instanceof VarInsnNode access && access.var == store.var) {
                return access.getOpcode() == Opcodes.ALOAD && isFollowedByReturn(access);
            }
        }
        return false;
    }

    private static boolean isFollowedByReturn(AbstractInsnNode load) {
        AbstractInsnNode next = load.getNext();
        while (next != null && next.getOpcode() < 0 && !(next instanceof FrameNode)) {
            next = next.getNext();
        }
        return next != null && next.getOpcode() == Opcodes.ARETURN;
    }
}
