package dev.heddle.testing;

import dev.heddle.Asyncio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the events of a test, in order. Every method may be called on any thread. */
public final class EventRecorder {

    private final List<String> events = new ArrayList<>();

    /** A recorder without events. */
    public EventRecorder() {}

    /** Adds {@code event}, by its text. */
    public synchronized void add(@Nullable Object event) {
        events.add(String.valueOf(event));
    }

    /**
     * Adds {@code event} with the time of the running loop in seconds, as {@code text@1.5}.
     *
     * @throws IllegalStateException if no loop runs on this thread
     */
    public void at(@Nullable Object event) {
        double time = Asyncio.getRunningLoop().time();
        add(event + "@" + (time == Math.rint(time) ? Long.toString((long) time) : Double.toString(time)));
    }

    /** A copy of the events so far. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    /**
     * Asserts that the events so far are {@code expected}, by their texts, in this order, with nothing before, between or after them.
     *
     * @throws AssertionError if they are not; its message marks the first difference
     */
    public void assertEvents(@Nullable Object... expected) {
        List<String> wanted = Arrays.stream(expected).map(String::valueOf).toList();
        List<String> recorded = events();
        if (!wanted.equals(recorded)) {
            throw new AssertionError(difference(wanted, recorded));
        }
    }

    /** Both lists, the beginning that they share written once. */
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

    /** The first line after the shared beginning is marked by an arrow. */
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

    /** The events, separated by commas. */
    @Override
    public String toString() {
        return String.join(", ", events());
    }
}
