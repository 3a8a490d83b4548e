package dev.heddle.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a debugger shows of woven methods: the breakpoints, steps and variables that it has for every other method, with four
 * exceptions that follow from what suspending is.
 *
 * <ul>
 *   <li>A step over an await that suspends ends at no line of the method, because the method is left there. A breakpoint on
 *       the next line stops when the method goes on. {@link JdbIT} shows where such steps end.
 *   <li>A method that goes on has not been called by the methods that await it, so these are not on the debugger's stack;
 *       {@code Task.stack()} has them.
 *   <li>A variable that the program does not read again after an await that suspended is not kept: it shows null or zero.
 *   <li>A method that goes on inside a loop enters it where it begins. A breakpoint on that line stops then, too, and the
 *       variables show null or zero until the line of the await.
 * </ul>
 */
@Timeout(60)
class DebuggerIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Debuggee {
                private final int field = 9;

                @Async
                Coroutine<Integer> work(
                        boolean z, byte b, short s, char c, int i, long j, float f, double d, String text, int[] none) {
                    int sum = 0; // first
                    int unread = 5;
                    for (int round = 0; round < 2; round++) {
                        try {
                            long wide = i + round;
                            String local = "round " + round;
                            await(z ? sleep(0) : done()); // await
                            sum += (int) wide + local.length(); // next
                            sum += b + s + c + i + (int) (j + f + d) + text.length() + (none == null ? 1 : 0) + field;
                        } finally {
                            sum++; // finally
                        }
                    }
                    return Coroutine.of(sum);
                }

                @Async
                Coroutine<Void> done() {
                    return Coroutine.done();
                }

                @Async
                Coroutine<Integer> outer(boolean suspends) {
                    int more = 1;
                    int result = await(work(suspends, (byte) 1, (short) 2, 'c', 4, 5L, 6.5F, 7.25, "text", null)); // call
                    return Coroutine.of(result + more); // returned
                }

                public static void main(String[] args) {
                    int result = run(new Debuggee().outer(Boolean.getBoolean("suspends"))); // run
                    System.exit(result == 302 ? 0 : 1);
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void aBreakpointAfterAnAwaitThatCompletedShowsEveryVariable() throws Exception {
        try (Debugger debugger = debug(false)) {
            debugger.breakAt(line("next"));

            assertEquals("work:" + line("next"), debugger.resume());
            assertEquals(variables(false, 0, 0, 5), debugger.locals());
            assertEquals("9", debugger.field("field"));
            assertEquals(
                    List.of("work:" + line("next"), "outer:" + line("call"), "main:" + line("run")), debugger.stack());

            assertEquals("work:" + line("next"), debugger.resume());
            assertEquals(variables(false, 1, 150, 5), debugger.locals());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void aBreakpointAfterAnAwaitThatSuspendedShowsEveryVariableThatIsReadAgain() throws Exception {
        try (Debugger debugger = debug(true)) {
            debugger.breakAt(line("next"));

            assertEquals("work:" + line("next"), debugger.resume());
            assertEquals(variables(true, 0, 0, 0), debugger.locals());
            assertEquals("9", debugger.field("field"));
            assertEquals(List.of("work:" + line("next"), "main:" + line("run")), debugger.stack());

            assertEquals("work:" + line("next"), debugger.resume());
            assertEquals(variables(true, 1, 150, 0), debugger.locals());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void aBreakpointOnTheFirstLineStopsOnceHoweverOftenTheMethodSuspends() throws Exception {
        try (Debugger debugger = debug(true)) {
            debugger.breakAt(line("first"));
            debugger.breakAt(line("returned"));

            assertEquals("work:" + line("first"), debugger.resume());
            assertEquals("text", debugger.locals().get("text"));
            assertEquals("outer:" + line("returned"), debugger.resume());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void aStepOverAnAwaitThatCompletesStopsAtTheNextLine() throws Exception {
        try (Debugger debugger = debug(false)) {
            debugger.breakAt(line("await"));

            assertEquals("work:" + line("await"), debugger.resume());
            assertEquals(variables(false, 0, 0, 5), debugger.locals());
            assertEquals("work:" + line("next"), debugger.stepOver());
            assertEquals(variables(false, 0, 0, 5), debugger.locals());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void aStepOverAnAwaitThatSuspendsStopsAtABreakpointOnTheNextLine() throws Exception {
        try (Debugger debugger = debug(true)) {
            debugger.breakAt(line("await"));
            debugger.breakAt(line("next"));

            assertEquals("work:" + line("await"), debugger.resume());
            assertEquals(variables(true, 0, 0, 5), debugger.locals());
            String left = debugger.stepOver();
            assertFalse(left.startsWith("work:"), left);
            assertEquals("work:" + line("next"), debugger.resume());
            assertEquals(variables(true, 0, 0, 0), debugger.locals());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void stepsAfterAnAwaitThatSuspendedGoFromLineToLine() throws Exception {
        try (Debugger debugger = debug(true)) {
            debugger.breakAt(line("next"));

            debugger.resume();
            assertEquals("work:" + (line("next") + 1), debugger.stepOver());
            assertEquals("work:" + line("finally"), debugger.stepOver());
            assertEquals(0, debugger.finish());
        }
    }

    @Test
    void aStepOverAnAwaitedCallThatCompletesStopsAtTheNextLine() throws Exception {
        try (Debugger debugger = debug(false)) {
            debugger.breakAt(line("call"));

            assertEquals("outer:" + line("call"), debugger.resume());
            assertEquals("outer:" + line("returned"), debugger.stepOver());
            assertEquals(Map.of("suspends", "false", "more", "1", "result", "301"), debugger.locals());
            assertEquals(0, debugger.finish());
        }
    }

    private Debugger debug(boolean suspends)
            throws IOException, IllegalConnectorArgumentsException, InterruptedException {
        Program program =
                Program.compile(directory, "Debuggee", SOURCE).withAgent("").with("-Dsuspends=" + suspends);
        return Debugger.attach(program, "Debuggee");
    }

    private static int line(String marker) {
        List<String> lines = SOURCE.lines().toList();
        return lines.indexOf(lines.stream()
                        .filter(line -> line.endsWith("// " + marker))
                        .findFirst()
                        .orElseThrow())
                + 1;
    }

    /** The variables of {@code work} in its loop. */
    private static Map<String, String> variables(boolean suspends, int round, int sum, int unread) {
        Map<String, String> variables = new TreeMap<>(Map.of(
                "b", "1", "s", "2", "c", "c", "i", "4", "j", "5", "f", "6.5", "d", "7.25", "text", "text", "none",
                "null"));
        variables.put("z", String.valueOf(suspends));
        variables.put("round", String.valueOf(round));
        variables.put("wide", String.valueOf(4 + round));
        variables.put("local", "round " + round);
        variables.put("sum", String.valueOf(sum));
        variables.put("unread", String.valueOf(unread));
        return variables;
    }
}
