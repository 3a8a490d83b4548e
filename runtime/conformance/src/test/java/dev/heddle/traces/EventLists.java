package dev.heddle.traces;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events of programs, as {@code trace_programs.py} prints them. */
final class EventLists {

    /** Begins the line before the events of a program. */
    private static final String TITLE = "== ";

    /** Begins the line that replaces the events if this CPython is too old for the program. */
    private static final String NEEDS = "needs ";

    private EventLists() {}

    /** Returns the events by the names of the programs, without the programs for which this CPython is too old. */
    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        List<String> list = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(TITLE)) {
                list = new ArrayList<>();
                lists.put(line.substring(TITLE.length()), list);
            } else {
                list.add(line);
            }
        }
        lists.values().removeIf(events -> events.size() == 1 && events.get(0).startsWith(NEEDS));
        return lists;
    }

    /** The events of the programs of {@code type}, with the name {@code theme}, that are checked in beside that class. */
    static Map<String, List<String>> checkedIn(Class<?> type, String theme) throws IOException {
        String name = theme + ".txt";
        try (InputStream resource = type.getResourceAsStream(name)) {
            if (resource == null) {
                throw new AssertionError("there is no resource " + name + "; trace_programs.py prints it");
            }
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Returns the first line in which two lists differ, and the lines before it. */
    static String difference(List<String> expected, List<String> actual) {
        int line = 0;
        while (line < Math.min(expected.size(), actual.size())
                && expected.get(line).equals(actual.get(line))) {
            line++;
        }
        return "line " + (line + 1) + ": expected " + at(expected, line) + ", was " + at(actual, line) + ", after\n"
                + String.join("\n", expected.subList(Math.max(0, line - 12), line)) + "\n";
    }

    private static String at(List<String> list, int line) {
        return line < list.size() ? "\"" + list.get(line) + "\"" : "the end";
    }
}
