package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The table {@code shapes.txt} names a test for every shape, and the tests are there. */
class ShapeTableTest {

    private static final int SHAPES = 91;

    private static final List<String> PACKAGES = List.of(
            "dev.heddle.weaver.",
            "dev.heddle.weaver.debuginfo.",
            "dev.heddle.weaver.facts.",
            "dev.heddle.weaver.handmade.",
            "dev.heddle.weaver.jars.",
            "dev.heddle.weaver.language.",
            "dev.heddle.weaver.linking.",
            "dev.heddle.weaver.refusals.",
            "dev.heddle.weaver.returns.",
            "dev.heddle.weaver.running.",
            "dev.heddle.weaver.sizes.",
            "dev.heddle.weaver.traces.",
            "dev.heddle.coexistence.",
            "dev.heddle.agent.",
            "dev.heddle.agent.buildtime.",
            "dev.heddle.debug.",
            "dev.heddle.leaks.");

    private record Shape(int number, String name, List<String> tests) {

        static Shape of(String line) {
            String[] columns = line.split(" \\| ");
            return new Shape(Integer.parseInt(columns[0]), columns[1], List.of(columns[2].split(" ")));
        }
    }

    private static List<Shape> table() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                ShapeTableTest.class.getResourceAsStream("shapes.txt"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Shape::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyShapeIsInTheTable() {
        assertEquals(
                IntStream.rangeClosed(1, SHAPES).boxed().toList(),
                table().stream().map(Shape::number).toList());
    }

    @TestFactory
    Stream<DynamicTest> everyShapeHasATest() {
        return table().stream()
                .map(shape -> DynamicTest.dynamicTest(
                        shape.number() + " " + shape.name(), () -> shape.tests().forEach(ShapeTableTest::assertIsRun)));
    }

    private static void assertIsRun(String test) {
        int dot = test.indexOf('.');
        String className = test.substring(0, dot);
        String methodName = test.substring(dot + 1);
        Class<?> type = find(className);
        boolean isShapes = Shapes.CLASSES.contains(className);
        assertTrue(
                Stream.of(type.getDeclaredMethods())
                        .filter(method -> method.getName().equals(methodName))
                        .anyMatch(method -> isShapes ? Shapes.isShape(method) : isTest(method)),
                () -> test + " is neither a test nor a shape");
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class) && !method.isAnnotationPresent(Disabled.class);
    }

    private static Class<?> find(String simpleName) {
        return Stream.concat(Stream.of(Shapes.PACKAGE), PACKAGES.stream())
                .map(prefix -> load(prefix + simpleName))
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no class " + simpleName + " in " + PACKAGES));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ShapeTableTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
