package dev.heddle.weaver;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ShapesTest {

    @TestFactory
    Stream<DynamicTest> basic() throws ClassNotFoundException {
        return Shapes.of(Class.forName("dev.heddle.weaver.shapes.BasicShapes", false, getClass().getClassLoader()));
    }
}
