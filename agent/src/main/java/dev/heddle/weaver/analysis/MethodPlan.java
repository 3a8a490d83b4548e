// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * All facts about one woven method that emission needs. Emission rewrites the method itself, so a plan is used once.
 *
 * @param owner the internal name of its class
 * @param inInterface whether the class is an interface
 * @param sourceFile the source file, or null
 * @param method the method as compiled
 * @param firstLine the first source line of the method, 0 if unknown
 * @param awaits its await points in the order of the code
 * @param creations the {@code new} instructions whose objects are replaced by a null
 * @param constructions the calls of their constructors
 * @param placeholderLabels the labels by which stack map frames name the objects of {@code creations}
 * @param results the calls of {@code Coroutine.of} and {@code done} whose result is returned at once
 * @param receiverIsStable whether slot 0 holds {@code this} at every point of an instance method
 */
public record MethodPlan(
        String owner,
        boolean inInterface,
        @Nullable String sourceFile,
        MethodNode method,
        int firstLine,
        List<AwaitPoint> awaits,
        Set<TypeInsnNode> creations,
        List<Construction> constructions,
        Set<LabelNode> placeholderLabels,
        Set<AbstractInsnNode> results,
        boolean receiverIsStable) {

    /** Whether the method is static. */
    public boolean isStatic() {
        return (method.access & Opcodes.ACC_STATIC) != 0;
    }

    /** The types at the entry of the method. */
    public TypeState onEntry() {
        return TypeState.onEntry(owner, isStatic(), method.desc);
    }
}
