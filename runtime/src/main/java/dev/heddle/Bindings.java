package dev.heddle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The values of the variables of a context. Immutable, so that copying a context is copying a reference; setting a variable copies
 * this. A hash table with open addressing, as programs have few variables, and look them up more often than they set them.
 *
 * <p>Difference from CPython, whose hash array mapped trie shares what does not change: that pays for thousands of variables.
 */
final class Bindings {

    /** The variable, which has the value. */
    abstract static class Key {

        /** How many were made, for {@link #hash}. Counted up by any thread. */
        private static final AtomicInteger MADE = new AtomicInteger();

        /** The golden ratio as a fraction of 2<sup>32</sup>, whose multiples are spread evenly. */
        private static final int SPREAD = 0x9E3779B9;

        /** Where bindings look for this first. */
        final int hash = MADE.incrementAndGet() * SPREAD;
    }

    /** Stands for no value, as null may be one. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "<no value>";
        }
    };

    static final Bindings NONE = new Bindings(new @Nullable Object[2], 0);

    /** At twice a place a variable or null, beside it its value. The number of places is a power of two; one is empty at least. */
    private final @Nullable Object[] table;

    private final int size;

    private Bindings(@Nullable Object[] table, int size) {
        this.table = table;
        this.size = size;
    }

    int size() {
        return size;
    }

    /** The value of {@code variable}, or {@link #ABSENT}. */
    @Nullable
    Object get(Key variable) {
        int index = find(table, variable);
        return table[index] == null ? ABSENT : table[index + 1];
    }

    /** These with another value of {@code variable}, or without one if it is {@link #ABSENT}. */
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

    /** These without {@code left}, in a table at most half full when it has {@code newSize} variables. */
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

    /** Where {@code variable} is, or the empty place where it would be. */
    private static int find(@Nullable Object[] table, Key variable) {
        int mask = table.length - 2; // of an even index
        int index = variable.hash & mask;
        while (table[index] != null && table[index] != variable) {
            index = (index + 2) & mask;
        }
        return index;
    }

    /** A copy that cannot be changed. */
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
