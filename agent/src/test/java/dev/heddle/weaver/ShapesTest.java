package dev.heddle.weaver;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ShapesTest {

    @TestFactory
    Stream<DynamicContainer> shapes() {
        return Shapes.CLASSES.stream().map(name -> DynamicContainer.dynamicContainer(name, shapesOf(name)));
    }

    private static Stream<DynamicTest> shapesOf(String simpleName) {
        return Shapes.of(Shapes.PACKAGE + simpleName, Map.of());
    }
}
