// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds the values of the variables of a context. It is immutable, so that copying a context only copies a reference. Setting a variable
 * copies the table. It is a hash table with open addressing, because programs have few variables, and read them more often than they set
 * them.
 *
 * <p>Difference from CPython: its hash array mapped trie shares unchanged parts, which pays off with thousands of variables.
 */
final class Bindings {

    /** The variable to which a value belongs. */
    abstract static class Key {

        /** The number of variables created, for {@link #hash}. Incremented by any thread. */
        private static final AtomicInteger MADE = new AtomicInteger();

        /** The golden ratio as a fraction of 2<sup>32</sup>. Its multiples are spread evenly. */
        private static final int SPREAD = 0x9E3779B9;

        /** Determines where a lookup of this variable starts. */
        final int hash = MADE.incrementAndGet() * SPREAD;
    }

    /** Stands for no value, because null may be a value. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "<no value>";
        }
    };

    static final Bindings NONE = new Bindings(new @Nullable Object[2], 0);

    /** Each place has two elements, a variable or null, and its value. The number of places is a power of two; at least one is empty. */
    private final @Nullable Object[] table;

    private final int size;

    private Bindings(@Nullable Object[] table, int size) {
        this.table = table;
        this.size = size;
    }

    int size() {
        return size;
    }

    /** Returns the value of {@code variable}, or {@link #ABSENT}. */
    @Nullable
    Object get(Key variable) {
        int index = find(table, variable);
        return table[index] == null ? ABSENT : table[index + 1];
    }

    /** Returns these bindings with {@code value} for {@code variable}, or without the variable if the value is {@link #ABSENT}. */
    Bindings with(Key variable, @Nullable Object value) {
        boolean known = table[find(table, variable)] != null;
        if (value == ABSENT) {
            return known ? copy(size - 1, variable) : this;
        }
        int newSize = known ? size : size + 1;
        Bindings copy = copy(newSize, null);
        put(copy.table, variable, value);
        return copy;
    }

    /** Copies these bindings without {@code left} to a table that is at most half full with {@code newSize} variables. */
    private Bindings copy(int newSize, @Nullable Key left) {
        int places = newSize == 0 ? 1 : Integer.highestOneBit(newSize) * 4;
        @Nullable Object[] copy = new @Nullable Object[2 * places];
        for (int index = 0; index < table.length; index += 2) {
            if (table[index] instanceof Key variable && variable != left) {
                put(copy, variable, table[index + 1]);
            }
        }
        return new Bindings(copy, newSize);
    }

    private static void put(@Nullable Object[] table, Key variable, @Nullable Object value) {
        int index = find(table, variable);
        table[index] = variable;
        table[index + 1] = value;
    }

    /** Returns the index of {@code variable}, or of the empty place where it would be. */
    private static int find(@Nullable Object[] table, Key variable) {
        int mask = table.length - 2; // yields even indexes
        int index = variable.hash & mask;
        while (table[index] != null && table[index] != variable) {
            index = (index + 2) & mask;
        }
        return index;
    }

    /** Returns an immutable copy. */
    Map<Key, @Nullable Object> asMap() {
        Map<Key, @Nullable Object> map = new LinkedHashMap<>();
        for (int index = 0; index < table.length; index += 2) {
            if (table[index] instanceof Key variable) {
                map.put(variable, table[index + 1]);
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
