package dev.heddle.weaver.analysis;

import dev.heddle.weaver.Refusal;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What to do with one class.
 *
 * @param node the class as compiled
 * @param methods the methods to weave
 * @param refusedAwaits calls of {@code await}, and constants that refer to it, which throw instead
 * @param refusedCalls methods that throw when they are called
 * @param refusals all refusals in the order of the class file, those of methods without a body included
 */
public record ClassPlan(
        ClassNode node,
        List<MethodPlan> methods,
        Map<AbstractInsnNode, Refusal> refusedAwaits,
        Map<MethodNode, Refusal> refusedCalls,
        List<Refusal> refusals) {

    /** Whether the class stays as it is. */
    public boolean changesNothing() {
        return methods.isEmpty() && refusedAwaits.isEmpty() && refusedCalls.isEmpty();
    }
}
