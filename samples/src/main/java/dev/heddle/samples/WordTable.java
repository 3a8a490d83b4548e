// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts words. It allocates an object for each new word only. A {@code HashMap} of strings would produce garbage for
 * every word, and the collector would compete with the workers for the cores.
 */
final class WordTable {

    private static final class Entry {
        final String word;
        final int hash;
        final @Nullable Entry next;
        int count;

        Entry(String word, int hash, @Nullable Entry next) {
            this.word = word;
            this.hash = hash;
            this.next = next;
        }
    }

    private final @Nullable Entry[] table = new @Nullable Entry[1 << 15];

    /** Counts each run of letters in {@code text}, in lower case. */
    void addAll(String text) {
        int length = text.length();
        int start = 0;
        while (start < length) {
            int hash = 0;
            int end = start;
            while (end < length && Character.isLetter(text.charAt(end))) {
                hash = 31 * hash + Character.toLowerCase(text.charAt(end));
                end++;
            }
            if (end > start) {
                entry(text, start, end, hash).count++;
            }
            start = end + 1;
        }
    }

    private Entry entry(String text, int start, int end, int hash) {
        int index = (hash ^ (hash >>> 15)) & (table.length - 1);
        for (Entry entry = table[index]; entry != null; entry = entry.next) {
            if (entry.hash == hash && entry.word.length() == end - start && matches(entry.word, text, start)) {
                return entry;
            }
        }
        StringBuilder word = new StringBuilder();
        text.substring(start, end).chars().forEach(c -> word.append(Character.toLowerCase((char) c)));
        Entry added = new Entry(word.toString(), hash, table[index]);
        table[index] = added;
        return added;
    }

    private static boolean matches(String word, String text, int start) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != Character.toLowerCase(text.charAt(start + i))) {
                return false;
            }
        }
        return true;
    }

    /** The number of occurrences of each word. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        for (Entry first : table) {
            for (Entry entry = first; entry != null; entry = entry.next) {
                counts.put(entry.word, entry.count);
            }
        }
        return counts;
    }
}
