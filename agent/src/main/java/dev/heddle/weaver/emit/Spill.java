// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.List;

/** The topmost values of the operand stack, moved into scratch locals and back. */
record Spill(List<Object> types, List<Integer> slots, int end) {

    /** Reserves locals from {@code first} on for values of {@code types}, the lowest first. */
    static Spill of(List<Object> types, int first) {
        List<Integer> slots = new ArrayList<>();
        int next = first;
        for (Object type : types) {
            slots.add(next);
            next += TypeState.isWide(type) ? 2 : 1;
        }
        return new Spill(types, slots, next);
    }

    /** Pops all values into the locals. */
    Snippet store() {
        Snippet code = new Snippet();
        for (int i = slots.size() - 1; i >= 0; i--) {
            code.store(types.get(i), slots.get(i));
        }
        return code;
    }

    /** Pushes all values again. */
    Snippet load() {
        Snippet code = new Snippet();
        for (int i = 0; i < slots.size(); i++) {
            code.add(load(i));
        }
        return code;
    }

    /** Pushes the value at position {@code i}. */
    Snippet load(int i) {
        return new Snippet().load(types.get(i), slots.get(i));
    }

    /** The local that holds the value at position {@code i}. */
    int slot(int i) {
        return slots.get(i);
    }
}
