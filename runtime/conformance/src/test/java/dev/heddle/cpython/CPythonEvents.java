package dev.heddle.cpython;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the functions of {@code src/test/python} do, in the newest CPython of this machine. */
final class CPythonEvents {

    /** Before 3.13 some requests to cancel were lost that are kept now. */
    private static final int OLDEST_MINOR = 13;

    private static final List<String> MODULES = List.of("cancellation", "combining", "contexts", "eager", "traces");

    private CPythonEvents() {}

    /** Runs all the modules, once. */
    private static final class Printed {
        static final Map<String, String> EVENTS = new HashMap<>();

        static {
            CPython.newest()
                    .filter(python -> python.minor() >= OLDEST_MINOR)
                    .ifPresent(python -> MODULES.forEach(module ->
                            python.run("events.py", List.of(module)).lines().forEach(Printed::add)));
        }

        private static void add(String line) {
            String[] parts = line.split(": ", 2);
            if (EVENTS.put(parts[0], parts[1]) != null) {
                throw new AssertionError("two functions in " + MODULES + " are named " + parts[0]);
            }
        }
    }

    /** The events of the function {@code name}, empty if there is no such function or no CPython that is new enough. */
    static Optional<String> of(String name) {
        return Optional.ofNullable(Printed.EVENTS.get(name));
    }
}
