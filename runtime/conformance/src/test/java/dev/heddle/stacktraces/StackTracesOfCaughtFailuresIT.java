package dev.heddle.stacktraces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.EventLoop;
import dev.heddle.stacktraces.CaughtFailures.Handler;
import dev.heddle.stacktraces.CaughtFailures.Raise;
import dev.heddle.stacktraces.CaughtFailures.Then;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A failure that a coroutine catches has the trace there that it has when it leaves the coroutine: the methods that raised it and all that
 * await, each once.
 */
class StackTracesOfCaughtFailuresIT {

    /** The methods that await, the innermost first. */
    private static final List<String> AWAITING = List.of("catching", "third", "second", "first");

    @ParameterizedTest
    @EnumSource
    void eachWayToRaiseEachHandlerAndEachPause(Raise raise) {
        for (Handler handler : Handler.values()) {
            for (Then then : Then.values()) {
                for (int pauses = 0; pauses < 16; pauses++) {
                    check(raise, handler, then, pauses);
                }
            }
        }
    }

    private static void check(Raise raise, Handler handler, Then then, int pauses) {
        String name = raise + " " + handler + " " + then + " " + pauses;
        CaughtFailures program = new CaughtFailures(raise, handler, then, pauses);
        Throwable thrown = null;
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(program.first());
        } catch (Exception failure) {
            thrown = failure;
        }
        assertEquals(AWAITING, CaughtFailures.methods(program.stack.stream()), name + ": the stack of the task");
        List<String> expected = new ArrayList<>(raise.methods);
        expected.add("raising");
        expected.addAll(AWAITING);
        assertEquals(expected, CaughtFailures.methods(Arrays.stream(program.caught)), name + ": when caught");
        assertFewOfTheLibrary(program.caught, name);
        assertEquals(expected, CaughtFailures.methods(program.failure), name + ": afterwards");
        assertFewOfTheLibrary(program.failure.getStackTrace(), name);
        assertEquals(then != Then.RETURN, thrown != null, name);
        if (then == Then.WRAP) {
            assertEquals(AWAITING, CaughtFailures.methods(thrown), name + ": the wrapper");
            assertFewOfTheLibrary(thrown.getStackTrace(), name);
        }
    }

    /** At most two methods of the library stand between two of the program's. */
    static void assertFewOfTheLibrary(StackTraceElement[] trace, String name) {
        int between = 0;
        for (StackTraceElement element : trace) {
            String type = element.getClassName();
            boolean isOfLibrary = type.startsWith("dev.heddle.") && !type.startsWith("dev.heddle.stacktraces.");
            between = isOfLibrary ? between + 1 : 0;
            assertTrue(
                    between <= 2,
                    () -> name + Stream.of(trace).map(e -> "\n\tat " + e).toList());
        }
    }
}
