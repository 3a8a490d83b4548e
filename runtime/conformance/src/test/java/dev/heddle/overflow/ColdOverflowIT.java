package dev.heddle.overflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.EventLoop;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The first thing that a process does with Heddle overflows the stack. A class whose initialisation overflows is unusable ever after, so the classes that end
 * a task must have been initialised before.
 */
class ColdOverflowIT {

    private static final long SMALL_STACK = 1 << 18;

    /** How many methods more are on the stack, so that it overflows in different places. */
    private static final List<Integer> PADDINGS = List.of(0, 7, 40, 93);

    @ParameterizedTest
    @EnumSource
    void loopsSurviveAndLaterOnesWork(OverflowShapes shape) throws Exception {
        String expected =
                shape == OverflowShapes.WAIT ? "no failure" : "a failure"; // a wait does not throw what it waited for

        List<String> outcomes =
                PADDINGS.stream().map(padding -> inNewRuntime(shape, padding)).toList();

        assertEquals(
                PADDINGS.stream().map(padding -> expected + ", then all work").toList(), outcomes);
    }

    /** Runs {@code shape} in a runtime that was not used before, and then all shapes without an overflow. */
    private static String inNewRuntime(OverflowShapes shape, int padding) {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> shapes = loader.loadClass(OverflowShapes.class.getName());
            Object ended = onSmallStack(
                    () -> shapes.getMethod("overflow", String.class, int.class).invoke(null, shape.name(), padding));
            shapes.getMethod("runAll").invoke(null);
            return ended + ", then all work";
        } catch (InvocationTargetException failed) {
            return failed.getCause().toString();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private static URL[] classPath() throws Exception {
        URL runtime = EventLoop.class.getProtectionDomain().getCodeSource().getLocation();
        URL tests = OverflowShapes.class.getProtectionDomain().getCodeSource().getLocation();
        return new URL[] {runtime, tests};
    }

    private static Object onSmallStack(Callable<Object> call) throws Exception {
        FutureTask<Object> task = new FutureTask<>(() -> {
            try {
                return call.call();
            } catch (InvocationTargetException failed) {
                return failed.getCause();
            }
        });
        new Thread(null, task, "small stack", SMALL_STACK).start();
        return task.get();
    }

    /** The classes of the JDK are initialised once in a process. */
    @Test
    void laterLoopsSurviveInInterpretedCode(@TempDir Path directory) throws Exception {
        Program program = Program.compile(directory, "Overflow", """
                import static dev.heddle.Asyncio.*;
                import dev.heddle.*;
                import java.time.Duration;

                class Overflow {
                    @Async
                    static Coroutine<Void> deeper() {
                        await(waitFor(deeper(), Duration.ofHours(1)));
                        return Coroutine.done();
                    }

                    @Async
                    static Coroutine<Void> padded(int padding) {
                        await(padding == 0 ? deeper() : padded(padding - 1));
                        return Coroutine.done();
                    }

                    @Async
                    static Coroutine<Void> overflow(int padding) {
                        try {
                            await(createTask(padded(padding)));
                        } catch (StackOverflowError expected) {
                            System.out.println("overflow " + padding);
                        }
                        await(sleep(0.001));
                        return Coroutine.done();
                    }

                    public static void main(String[] args) throws Exception {
                        for (int i = 0; i < 20; i++) {
                            int padding = i;
                            Thread thread = new Thread(null, () -> run(overflow(padding)), "small stack", 1 << 18);
                            thread.start();
                            thread.join();
                        }
                    }
                }
                """);

        Outcome outcome = program.withAgent("").with("-Xint").run("Overflow");

        // not the standard error: the JVM may say there that no transformer fits on the stack
        List<String> expected = IntStream.range(0, 20)
                .mapToObj(padding -> "overflow " + padding)
                .toList();
        assertEquals(expected, outcome.out().lines().toList(), outcome.err());
        assertEquals(0, outcome.exitCode());
    }
}
