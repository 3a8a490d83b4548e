package dev.heddle.weaver.traces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.traces.Pauses.Broken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stack traces are those of plain calls, wherever a program suspends: each is run with every choice of pauses that suspend and
 * that do not, and must give the very trace that is written beside it.
 */
class GoldenTracesTest {

    /** All of this is on the first line of each program, with a method that fails. */
    private static final String HEAD = """
            package target; \
            import static dev.heddle.Asyncio.*; \
            import static dev.heddle.weaver.traces.Pauses.pause; \
            import dev.heddle.*; \
            import dev.heddle.weaver.traces.Pauses.Broken; \
            class Golden { \
            @Async static Coroutine<Void> fails() throws Exception { await(pause()); throw new Broken(); }
            """;

    /** How many methods are between a program and the coroutine that runs for it: those of the loop and of the task. */
    private static final int RUNTIME_FRAMES = 7;

    static Stream<GoldenProgram> programs() {
        return Stream.of(GoldenPrograms.CALLS, GoldenPrograms.HANDLERS, GoldenPrograms.TASKS)
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void traceIsThatOfPlainCalls(GoldenProgram program) throws ReflectiveOperationException {
        Class<?> target = TargetLoader.wovenFrom("target.Golden", HEAD + program.source() + "\n}");
        var main = target.getDeclaredMethod("main");
        main.setAccessible(true);
        for (int choices = 0; choices < 1 << Pauses.CHOICES; choices++) {
            Throwable failure = failureOf(() -> (Coroutine<?>) main.invoke(null), choices);
            assertEquals(program.trace(), text(failure), "pauses: " + Integer.toBinaryString(choices));
            assertRuntimeIsAtOnePlace(failure);
            if (failure instanceof Broken) {
                assertTrue(Broken.MADE.stream().anyMatch(made -> made == failure), "it is a copy");
            }
        }
    }

    /** A failure that leaves its trace out shows the methods that await, if they were suspended: before that, they are not known. */
    @Test
    void traceThatAFailureLeavesOut() throws ReflectiveOperationException {
        Class<?> target = TargetLoader.wovenFrom("target.Golden", HEAD + """
                static class Light extends Broken { @Override public Throwable fillInStackTrace() { return this; } }
                @Async static Coroutine<Void> calls() throws Exception {
                    await(pause());
                    throw new Light();
                }
                @Async static Coroutine<Void> main() throws Exception {
                    await(calls());
                    return Coroutine.done();
                }
                }""");
        var main = target.getDeclaredMethod("main");
        main.setAccessible(true);
        assertEquals("Light", text(failureOf(() -> (Coroutine<?>) main.invoke(null), 0)));
        assertEquals("Light calls:-1 main:8", text(failureOf(() -> (Coroutine<?>) main.invoke(null), 1)));
    }

    private interface Program {
        Coroutine<?> start() throws ReflectiveOperationException;
    }

    private static Throwable failureOf(Program program, int choices) {
        Pauses.begin(choices);
        try (EventLoop loop = EventLoop.virtualTime()) {
            return assertThrows(Throwable.class, () -> loop.runUntilComplete(program.start()));
        }
    }

    /** The program's frames, a run of equal ones once and counted, and after them the same of its causes and suppressed exceptions. */
    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.getClass().getSimpleName());
        String previous = "";
        int times = 0;
        List<String> frames = new ArrayList<>();
        for (StackTraceElement element : failure.getStackTrace()) {
            if (isOfProgram(element)) {
                frames.add(nameOf(element) + ":" + element.getLineNumber());
            }
        }
        frames.add("");
        for (String frame : frames) {
            if (times > 0 && !frame.equals(previous)) {
                text.append(' ').append(previous).append(times > 1 ? "*" + times : "");
                times = 0;
            }
            previous = frame;
            times++;
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            text.append(" suppressed ").append(text(suppressed));
        }
        if (failure.getCause() != null) {
            text.append(" caused by ").append(text(failure.getCause()));
        }
        return text.toString();
    }

    private static boolean isOfProgram(StackTraceElement element) {
        return element.getClassName().startsWith("target.");
    }

    private static String nameOf(StackTraceElement element) {
        return element.getMethodName().replaceFirst("^lambda\\$(.*)\\$.*", "lambda");
    }

    private static void assertRuntimeIsAtOnePlace(Throwable failure) {
        List<StackTraceElement> below = Arrays.stream(failure.getStackTrace())
                .dropWhile(element -> !isOfProgram(element))
                .dropWhile(GoldenTracesTest::isOfProgram)
                .toList();
        List<StackTraceElement> runtime = below.stream()
                .takeWhile(element -> element.getClassName().startsWith("dev.heddle.")
                        && !element.getClassName().startsWith("dev.heddle.weaver."))
                .toList();
        String text = Arrays.stream(failure.getStackTrace())
                .map(StackTraceElement::toString)
                .collect(Collectors.joining("\n"));
        assertTrue(below.stream().noneMatch(GoldenTracesTest::isOfProgram), text);
        assertTrue(runtime.size() <= RUNTIME_FRAMES, text);
    }
}
