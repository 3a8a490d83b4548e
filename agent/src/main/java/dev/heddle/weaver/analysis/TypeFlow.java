// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The verification types before chosen instructions, tracked linearly from one stack map frame to the next. No class is
 * loaded, and no class hierarchy is guessed. An uninitialised object is named by its {@code new} instruction.
 */
final class TypeFlow {

    /**
     * Types as ASM tracks them, with one stack element per value. An uninitialised object is its {@code new}
     * instruction.
     */
    record Snapshot(List<Object> locals, List<Object> stack) {

        /** The {@code new} instructions whose objects are uninitialised here. */
        Set<TypeInsnNode> uninitialized() {
            Set<TypeInsnNode> creations = new HashSet<>();
            locals.forEach(type -> addIfCreation(creations, type));
            stack.forEach(type -> addIfCreation(creations, type));
            return creations;
        }

        /** The same types, with null in place of uninitialised objects. */
        TypeState toState() {
            return new TypeState(
                    locals.stream().map(Snapshot::withoutCreation).toList(),
                    stack.stream().map(Snapshot::withoutCreation).toList());
        }

        private static void addIfCreation(Set<TypeInsnNode> creations, Object type) {
            if (type instanceof TypeInsnNode creation) {
                creations.add(creation);
            }
        }

        private static Object withoutCreation(Object type) {
            return type instanceof TypeInsnNode ? Opcodes.NULL : type;
        }
    }

    private final Map<AbstractInsnNode, Snapshot> snapshots = new HashMap<>();
    private final Map<Label, TypeInsnNode> creations = new HashMap<>();

    TypeFlow(String owner, MethodNode method, Predicate<AbstractInsnNode> chosen) {
        AnalyzerAdapter types =
                new AnalyzerAdapter(Opcodes.ASM9, owner, method.access, method.name, method.desc, null) {};
        mapLabelsToCreations(method);
        for (AbstractInsnNode instruction : method.instructions) {
            boolean reachable = types.locals != null;
            if (reachable && chosen.test(instruction)) {
                snapshots.put(instruction, snapshot(types));
            }
            instruction.accept(types);
            if (types.stack != null
                    && instruction instanceof TypeInsnNode creation
                    && creation.getOpcode() == Opcodes.NEW) {
                Object top = types.stack.get(types.stack.size() - 1);
                creations.put((Label) top, creation);
            }
        }
    }

    /** The types before {@code instruction}, which must be a chosen one; null if it is unreachable. */
    @Nullable
    Snapshot before(AbstractInsnNode instruction) {
        return snapshots.get(instruction);
    }

    /** The types that a stack map frame declares. */
    Snapshot declaredBy(FrameNode frame) {
        List<Object> locals = frame.local == null ? List.of() : frame.local;
        List<Object> stack = frame.stack == null ? List.of() : frame.stack;
        return new Snapshot(named(TypeState.bySlot(locals)), named(stack));
    }

    /** The labels by which frames name the objects of the given {@code new} instructions. */
    Set<Label> labelsOf(Set<TypeInsnNode> chosen) {
        Set<Label> labels = new HashSet<>();
        creations.forEach((label, creation) -> {
            if (chosen.contains(creation)) {
                labels.add(label);
            }
        });
        return labels;
    }

    /**
     * Maps labels to {@code new} instructions: a frame may name an uninitialised object by any label at its
     * instruction.
     */
    private void mapLabelsToCreations(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof TypeInsnNode creation && creation.getOpcode() == Opcodes.NEW) {
                AbstractInsnNode previous = creation.getPrevious();
                while (previous != null && previous.getOpcode() < 0) {
                    if (previous instanceof LabelNode label) {
                        creations.put(label.getLabel(), creation);
                    }
                    previous = previous.getPrevious();
                }
            }
        }
    }

    private Snapshot snapshot(AnalyzerAdapter types) {
        List<Object> stack = new ArrayList<>();
        for (int i = 0; i < types.stack.size(); i++) {
            Object type = types.stack.get(i);
            stack.add(type);
            if (TypeState.isWide(type)) {
                i++; // the second half of a wide value
            }
        }
        return new Snapshot(named(types.locals), named(stack));
    }

    private List<Object> named(List<Object> types) {
        List<Object> named = new ArrayList<>();
        for (Object type : types) {
            Label label = type instanceof LabelNode node ? node.getLabel() : type instanceof Label l ? l : null;
            named.add(label == null ? type : creations.get(label));
        }
        return named;
    }
}
