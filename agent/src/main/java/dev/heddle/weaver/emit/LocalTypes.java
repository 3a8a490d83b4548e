// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** The locals that hold a value at one place of a body, with their types. A slot without a known type is left out. */
final class LocalTypes {

    private final TreeMap<Integer, Object> bySlot = new TreeMap<>();

    /** Creates a map without locals. */
    LocalTypes() {}

    /** Creates a copy of {@code other}. */
    LocalTypes(LocalTypes other) {
        bySlot.putAll(other.bySlot);
    }

    /** The locals of {@code state} from the slot {@code first} to the slot {@code end}, exclusively. */
    static LocalTypes of(TypeState state, int first, int end) {
        LocalTypes types = new LocalTypes();
        for (int slot = first; slot < Math.min(end, state.locals().size()); slot++) {
            Object type = state.local(slot);
            if (!type.equals(Opcodes.TOP)) {
                types.bySlot.put(slot, type);
            }
        }
        return types;
    }

    /** The type of the local in {@code slot}, or null. */
    @Nullable
    Object get(int slot) {
        return bySlot.get(slot);
    }

    /** Whether the local in {@code slot} has the given type. */
    boolean has(int slot, Object type) {
        return type.equals(bySlot.get(slot));
    }

    /** Stores into the local in {@code slot}, which ends every local that overlaps it. */
    void store(int slot, Object type) {
        overlapping(slot, type).keySet().forEach(bySlot::remove);
        bySlot.put(slot, type);
    }

    /** The locals that a store into {@code slot} ends. */
    Map<Integer, Object> overlapping(int slot, Object type) {
        Map<Integer, Object> overlapping = new TreeMap<>();
        int last = TypeState.isWide(type) ? slot + 1 : slot;
        for (int other = slot - 1; other <= last; other++) {
            Object otherType = bySlot.get(other);
            if (otherType != null && (other >= slot || TypeState.isWide(otherType))) {
                overlapping.put(other, otherType);
            }
        }
        return overlapping;
    }

    /** The locals that {@code there} does not have. */
    LocalTypes without(LocalTypes there) {
        LocalTypes missing = new LocalTypes();
        forEach((slot, type) -> {
            if (!there.has(slot, type)) {
                missing.bySlot.put(slot, type);
            }
        });
        return missing;
    }

    boolean isEmpty() {
        return bySlot.isEmpty();
    }

    void forEach(BiConsumer<Integer, Object> action) {
        bySlot.forEach(action);
    }

    boolean isSameAs(LocalTypes other) {
        return bySlot.equals(other.bySlot);
    }

    /** These locals together with a stack. */
    TypeState withStack(List<Object> stack) {
        List<Object> locals = new ArrayList<>();
        forEach((slot, type) -> {
            while (locals.size() <= slot) {
                locals.add(Opcodes.TOP);
            }
            locals.set(slot, type);
            if (TypeState.isWide(type)) {
                locals.add(Opcodes.TOP);
            }
        });
        return new TypeState(locals, stack);
    }
}
