// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The values measured so far, and the missing ones. The measuring thread adds to it, and a shutdown hook reads it when
 * the program is interrupted, so a lock protects it.
 */
final class Results {

    private record Key(Case subject, String platform, String peer) {}

    private final Map<Key, List<Double>> values = new LinkedHashMap<>();
    private final Map<Key, List<Double>> allocations = new LinkedHashMap<>();
    private final Map<Case, String> units = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /** Adds the values of a peer's turn, some of which may name another peer. {@code platform} is the label of a JDK, or {@link Jdk#NONE}. */
    synchronized void add(String platform, String peer, Collection<Line> lines) {
        for (Line line : lines) {
            Key key = new Key(
                    new Case(line.row(), line.variant()), platform, line.peer().orElse(peer));
            boolean allocation = line.unit().equals(Line.ALLOCATION);
            (allocation ? allocations : values)
                    .computeIfAbsent(key, unused -> new ArrayList<>())
                    .add(line.value());
            if (!allocation) {
                units.putIfAbsent(
                        key.subject(),
                        line.row().unit().isEmpty() ? line.unit() : line.row().unit());
            }
        }
    }

    /** Adds a note about a missing or failed measurement. */
    synchronized void note(String text) {
        notes.add(text);
    }

    synchronized List<String> notes() {
        return List.copyOf(notes);
    }

    /** Every case that has a value, in the order of the rows. */
    synchronized Collection<Case> cases() {
        return new TreeSet<>(units.keySet());
    }

    synchronized String unit(Case subject) {
        return units.getOrDefault(subject, "");
    }

    /** The values of a peer on a platform, or without any JDK. */
    synchronized Optional<Spread> value(Case subject, String platform, String peer) {
        return spread(values, subject, platform, peer).or(() -> spread(values, subject, Jdk.NONE, peer));
    }

    /** The memory that an operation of a peer allocates. */
    synchronized Optional<Spread> allocation(Case subject, String platform, String peer) {
        return spread(allocations, subject, platform, peer);
    }

    /** The values of the other peers, on this platform or without any JDK. */
    synchronized SortedMap<String, Spread> others(Case subject, String platform) {
        SortedMap<String, Spread> others = new TreeMap<>();
        values.forEach((key, list) -> {
            boolean here = key.platform().equals(platform) || key.platform().equals(Jdk.NONE);
            if (here
                    && key.subject().equals(subject)
                    && !key.peer().equals(subject.row().subject())) {
                others.put(key.peer(), Spread.of(list));
            }
        });
        return others;
    }

    /** Every value as a line: the words of {@link Line}, then the peer and the platform. */
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        values.forEach((key, list) -> list.forEach(value -> lines.add(line(key, value, unit(key.subject())))));
        allocations.forEach((key, list) -> list.forEach(value -> lines.add(line(key, value, Line.ALLOCATION))));
        return lines;
    }

    private static String line(Key key, double value, String unit) {
        return String.join(
                " ",
                Integer.toString(key.subject().row().number()),
                key.subject().variant(),
                Double.toString(value),
                unit.replace(' ', '_'),
                key.peer().replace(' ', '_'),
                key.platform().replace(' ', '_'));
    }

    private static Optional<Spread> spread(Map<Key, List<Double>> map, Case subject, String platform, String peer) {
        return Optional.ofNullable(map.get(new Key(subject, platform, peer))).map(Spread::of);
    }
}
