package dev.heddle.internal.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.loop.LoopCore;
import dev.heddle.internal.loop.Step;
import dev.heddle.woven.Frame;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names in {@link StackFilter} against all classes of the runtime. */
class StackFilterTest {

    /** The steps that call no code of a program. */
    private static final Set<String> OWN_STEPS = Set.of(
            "dev.heddle.internal.io.ThreadWatch$Event",
            "dev.heddle.internal.loop.Guest$Wakeup",
            "dev.heddle.net.StreamWriter");

    private static List<Class<?>> classes() throws IOException, URISyntaxException {
        Path root = Path.of(StackFilter.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.startsWith("dev/") && name.endsWith(".class") && !name.endsWith("-info.class"))
                    .<Class<?>>map(StackFilterTest::load)
                    .toList();
        }
    }

    private static Class<?> load(String file) {
        try {
            String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
            return Class.forName(name, false, StackFilter.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static StackTraceElement method(String className, String methodName) {
        return new StackTraceElement(className, methodName, null, -1);
    }

    @Test
    void everyClassIsOfTheRuntime() throws IOException, URISyntaxException {
        Set<String> packages = new HashSet<>();
        for (Class<?> type : classes()) {
            assertTrue(StackFilter.isOfRuntime(type.getName()), type.getName());
            packages.add(type.getPackageName());
        }
        assertEquals(packages, StackFilter.PACKAGES);
        assertFalse(StackFilter.isOfRuntime("dev.heddle.samples.Demo"));
    }

    /** A plain future is a step that is never run. */
    @Test
    void everyStepIsDriven() throws IOException, URISyntaxException {
        int steps = 0;
        for (Class<?> type : classes()) {
            boolean runs = Step.class.isAssignableFrom(type)
                    && Modifier.isFinal(type.getModifiers())
                    && Arrays.stream(type.getDeclaredMethods())
                            .anyMatch(method -> method.getName().equals("step"));
            if (runs && !OWN_STEPS.contains(type.getName())) {
                assertTrue(StackFilter.drives(method(type.getName(), "step")), type.getName());
                steps++;
            }
        }
        assertEquals(3, steps);
    }

    @Test
    void everyNamedMethodExists() throws ClassNotFoundException {
        for (String driver : StackFilter.DRIVERS) {
            int dot = driver.lastIndexOf('.');
            Class<?> type = Class.forName(driver.substring(0, dot));
            assertTrue(
                    Arrays.stream(type.getDeclaredMethods())
                            .anyMatch(method -> method.getName().equals(driver.substring(dot + 1))),
                    driver);
        }
        assertTrue(StackFilter.drives(method(Chain.class.getName(), "resume")));
        StackTraceElement program = method("Demo", "main");
        assertEquals(
                List.of(program),
                StackFilter.ofStep(List.of(
                        method(Frame.class.getName(), "begin"), program, method(Chain.class.getName(), "resume"))));
        assertTrue(StackFilter.isOfKernel(method(LoopCore.class.getName(), "turn")));
    }
}
