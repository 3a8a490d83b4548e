// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.ClassPlan;
import dev.heddle.weaver.analysis.MethodPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Emits a class according to its plan. */
public final class ClassEmitter {

    private final ClassPlan plan;
    private final Set<String> compact;
    private final ClassNode node;

    private ClassEmitter(ClassPlan plan, Set<String> compact) {
        this.plan = plan;
        this.compact = compact;
        this.node = plan.node();
    }

    /**
     * The woven class file. The tree of the plan is used up by it.
     *
     * @param compact name and descriptor of methods whose bodies are made as short as they can be, at the price of more methods
     * @throws org.objectweb.asm.MethodTooLargeException if a woven method exceeds 64 KB
     */
    public static byte[] emit(ClassPlan plan, Set<String> compact) {
        return new ClassEmitter(plan, compact).emit();
    }

    private byte[] emit() {
        refuse();
        Map<MethodNode, MethodNode> factories = new HashMap<>();
        List<MethodNode> besideBodies = new ArrayList<>();
        EntryEmitter entries = new EntryEmitter(plan);
        for (MethodPlan method : plan.methods()) {
            boolean isCompact =
                    !method.awaits().isEmpty() && compact.contains(method.method().name + method.method().desc);
            FrameLayout layout = new FrameLayout(method, isCompact);
            FrameAccess frames = new FrameAccess(method, layout, entries.entry(method));
            factories.put(method.method(), new FactoryEmitter(method, layout, frames).emit());
            @Nullable FrameMethods outlined = isCompact ? new FrameMethods(method, layout, frames, besideBodies) : null;
            new BodyEmitter(method, layout, frames, outlined).emit();
        }
        List<MethodNode> methods = new ArrayList<>();
        for (MethodNode method : node.methods) {
            MethodNode factory = factories.get(method);
            if (factory != null) {
                methods.add(factory);
            }
            methods.add(method);
        }
        methods.addAll(besideBodies);
        methods.addAll(entries.methods());
        node.methods = methods;
        node.fields.addAll(entries.fields());
        return write();
    }

    private void refuse() {
        RefusalEmitter refusals = new RefusalEmitter(node);
        plan.refusedCalls().forEach(refusals::refuseCall);
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode instruction : method.instructions.toArray()) {
                if (plan.refusedAwaits().containsKey(instruction)) {
                    refusals.refuseAwait(
                            method, instruction, plan.refusedAwaits().get(instruction));
                }
            }
        }
        node.methods.addAll(refusals.addedMethods());
    }

    private byte[] write() {
        // Stack sizes are counted; stack map frames are emitted as they are, so no class hierarchy is needed.
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS) {
            @Override
            protected String getCommonSuperClass(String first, String second) {
                throw new IllegalStateException("frames are emitted, not computed");
            }
        };
        node.accept(writer);
        return writer.toByteArray();
    }
}
