// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.Refusal;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The plan for one class.
 *
 * @param node the class as compiled
 * @param methods the methods to weave
 * @param refusedAwaits the calls of {@code await}, and the constants that refer to it, that throw instead
 * @param refusedCalls the methods that throw when they are called
 * @param refusals all refusals in the order of the class file, including those of methods without a body
 * @param dropped the calls whose result is an awaitable that is dropped
 */
public record ClassPlan(
        ClassNode node,
        List<MethodPlan> methods,
        Map<AbstractInsnNode, Refusal> refusedAwaits,
        Map<MethodNode, Refusal> refusedCalls,
        List<Refusal> refusals,
        List<Refusal> dropped) {

    /** Whether the class stays as it is. */
    public boolean changesNothing() {
        return methods.isEmpty() && refusedAwaits.isEmpty() && refusedCalls.isEmpty();
    }
}
