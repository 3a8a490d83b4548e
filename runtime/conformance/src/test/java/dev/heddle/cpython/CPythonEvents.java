package dev.heddle.cpython;

import dev.heddle.testkit.CPython;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The events of the functions in {@code src/test/python}, run in the newest CPython on this machine. */
final class CPythonEvents {

    /** Before 3.13, CPython lost some requests to cancel that later versions keep. */
    private static final int OLDEST_MINOR = 13;

    private static final List<String> MODULES = List.of("cancellation", "combining", "contexts", "eager", "traces");

    private CPythonEvents() {}

    /** Runs all the modules, once. */
    private static final class Printed {
        static final Map<String, String> EVENTS = new HashMap<>();

        static {
            CPython.newest()
                    .filter(python -> python.minor() >= OLDEST_MINOR)
                    .ifPresent(python ->
                            MODULES.forEach(module -> python.run(PythonScripts.of("events.py"), List.of(module))
                                    .lines()
                                    .forEach(Printed::add)));
        }

        private static void add(String line) {
            String[] parts = line.split(": ", 2);
            if (EVENTS.put(parts[0], parts[1]) != null) {
                throw new AssertionError("two functions in " + MODULES + " are named " + parts[0]);
            }
        }
    }

    /** Returns the events of the function {@code name}. Empty if there is no such function, or no CPython that is new enough. */
    static Optional<String> of(String name) {
        return Optional.ofNullable(Printed.EVENTS.get(name));
    }
}
