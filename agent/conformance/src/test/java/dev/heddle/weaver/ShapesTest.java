package dev.heddle.weaver;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

class ShapesTest {

    @TestFactory
    Stream<DynamicContainer> shapes() {
        return shapes(TargetLoader::weave);
    }

    /** All in the form that long methods get. */
    @TestFactory
    Stream<DynamicContainer> compactShapes() {
        return shapes(TargetLoader::weaveCompactly);
    }

    private static Stream<DynamicContainer> shapes(UnaryOperator<byte[]> weaver) {
        return Shapes.CLASSES.stream()
                .map(name ->
                        DynamicContainer.dynamicContainer(name, Shapes.of(Shapes.PACKAGE + name, Map.of(), weaver)));
    }
}
