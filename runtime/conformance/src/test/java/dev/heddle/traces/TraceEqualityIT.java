package dev.heddle.traces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.cancellation.TasksPrograms;
import dev.heddle.combine.GatheringPrograms;
import dev.heddle.context.ContextsPrograms;
import dev.heddle.cpython.PythonScripts;
import dev.heddle.futures.CallbacksPrograms;
import dev.heddle.groups.GroupsPrograms;
import dev.heddle.groups.StructuredPrograms;
import dev.heddle.sync.barrier.BarriersPrograms;
import dev.heddle.sync.condition.ConditionsPrograms;
import dev.heddle.sync.event.EventsPrograms;
import dev.heddle.sync.lock.LocksPrograms;
import dev.heddle.sync.queue.QueuesPrograms;
import dev.heddle.sync.queue.ShutdownsPrograms;
import dev.heddle.testkit.CPython;
import dev.heddle.timeouts.TimeoutsPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * The same programs do the same in CPython and here, event by event. Each class of programs has its counterpart in
 * {@code src/test/python/programs}. Where no CPython is found, or it is too old for a program, the program is compared
 * with the events checked in; what was compared with what is printed at the end and written to
 * {@code target/trace-equality.txt}.
 */
class TraceEqualityIT {

    private static final List<Class<?>> THEMES = List.of(
            GatheringPrograms.class,
            TasksPrograms.class,
            CallbacksPrograms.class,
            LocksPrograms.class,
            BarriersPrograms.class,
            EventsPrograms.class,
            ConditionsPrograms.class,
            QueuesPrograms.class,
            ShutdownsPrograms.class,
            GroupsPrograms.class,
            StructuredPrograms.class,
            TimeoutsPrograms.class,
            ContextsPrograms.class);

    private static final Optional<CPython> CPYTHON = CPython.newest();

    private static int compared;
    private static int comparedWithCPython;
    private static int events;

    @TestFactory
    Stream<DynamicContainer> programsRunAsInCPython() {
        return THEMES.stream().map(theme -> dynamicContainer(theme.getSimpleName(), tests(theme)));
    }

    private static Stream<DynamicNode> tests(Class<?> type) {
        String theme = type.getSimpleName().replace("Programs", "").toLowerCase(Locale.ROOT);
        Map<String, Program> programs = Program.of(type);
        Map<String, List<String>> checkedIn;
        try {
            checkedIn = EventLists.checkedIn(type, theme);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        Map<String, List<String>> printed = CPYTHON.map(
                        python -> EventLists.parse(python.run(PythonScripts.of("trace_programs.py"), List.of(theme))))
                .orElse(Map.of());
        Set<String> names = new TreeSet<>();
        programs.keySet().forEach(name -> names.add(theme + "." + name));
        List<DynamicNode> tests = new ArrayList<>();
        tests.add(dynamicTest(
                "programs are those checked in", () -> assertEquals(names, Set.copyOf(checkedIn.keySet()))));
        printed.forEach((name, list) -> tests.add(dynamicTest(
                name + " prints what is checked in", () -> assertSame(list, checkedIn.getOrDefault(name, List.of())))));
        programs.forEach((name, program) -> tests.add(dynamicTest(name, () -> {
            String full = theme + "." + name;
            compare(program, checkedIn.getOrDefault(full, List.of()), Optional.ofNullable(printed.get(full)));
        })));
        return tests.stream();
    }

    private static void compare(Program program, List<String> checkedIn, Optional<List<String>> printed) {
        List<String> expected = printed.orElse(checkedIn);
        compared++;
        comparedWithCPython += printed.isPresent() ? 1 : 0;
        events += expected.size();
        assertSame(expected, assertTimeoutPreemptively(Duration.ofMinutes(1), program::events));
    }

    private static void assertSame(List<String> expected, List<String> actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(EventLists.difference(expected, actual));
        }
    }

    @AfterAll
    static void saysWhatWasCompared() throws IOException {
        String with = CPYTHON.map(python -> comparedWithCPython + " of them with what " + python + " does now, "
                        + (compared - comparedWithCPython) + " with the events checked in")
                .orElse("NO CPython 3." + CPython.OLDEST_MINOR + " or newer was found on the path or where"
                        + " installations usually are, so all of them only with the events checked in");
        String summary = "Trace equality: " + compared + " programs with " + events + " events compared, " + with + ".";
        System.out.println(summary);
        Files.writeString(PythonScripts.MODULE.resolve("target/trace-equality.txt"), summary + "\n");
    }
}
