// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Asyncio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the events of a test and asserts their order. Thread-safe. */
public final class EventRecorder {

    private final List<String> events = new ArrayList<>();

    /** Creates a recorder without events. */
    public EventRecorder() {}

    /** Adds {@code event} as text. */
    public synchronized void add(@Nullable Object event) {
        events.add(String.valueOf(event));
    }

    /**
     * Adds {@code event} with the time of the running loop in seconds, for example {@code text@1.5}.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public void at(@Nullable Object event) {
        double time = Asyncio.getRunningLoop().time();
        add(event + "@" + (time == Math.rint(time) ? Long.toString((long) time) : Double.toString(time)));
    }

    /** Returns a copy of the events so far. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    /**
     * Asserts that the events so far are exactly {@code expected}, in this order. Events are compared as text.
     *
     * @throws AssertionError if they differ; the message marks the first difference
     */
    public void assertEvents(@Nullable Object... expected) {
        List<String> wanted = Arrays.stream(expected).map(String::valueOf).toList();
        List<String> recorded = events();
        if (!wanted.equals(recorded)) {
            throw new AssertionError(difference(wanted, recorded));
        }
    }

    /** Describes both lists, with their common beginning written once. */
    private static String difference(List<String> wanted, List<String> recorded) {
        int same = 0;
        while (same < Math.min(wanted.size(), recorded.size())
                && wanted.get(same).equals(recorded.get(same))) {
            same++;
        }
        StringBuilder text =
                new StringBuilder("events differ from event ").append(same + 1).append(" on:");
        append(text, "          ", wanted.subList(0, same));
        append(text, "expected: ", wanted.subList(same, wanted.size()));
        append(text, "recorded: ", recorded.subList(same, recorded.size()));
        return text.toString();
    }

    /** Appends {@code lines}. An arrow marks the first line after the common beginning. */
    private static void append(StringBuilder text, String label, List<String> lines) {
        String mark = label.isBlank() ? "  " : "> ";
        if (lines.isEmpty() && !label.isBlank()) {
            text.append("\n> ").append(label).append("nothing more");
        }
        for (String line : lines) {
            text.append('\n').append(mark).append(label).append(line);
            mark = "  ";
        }
    }

    /** Returns the events, separated by commas. */
    @Override
    public String toString() {
        return String.join(", ", events());
    }
}
