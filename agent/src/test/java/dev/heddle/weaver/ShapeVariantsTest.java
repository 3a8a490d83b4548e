package dev.heddle.weaver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** The shapes once more, as other compilers and other options of a compiler translate them. */
class ShapeVariantsTest {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/test/java");

    @TestFactory
    Stream<DynamicContainer> withoutDebugInformation() {
        return shapes("-g:none");
    }

    @TestFactory
    Stream<DynamicContainer> withStringBuildersForConcatenation() {
        return shapes("-g", "-XDstringConcat=inline");
    }

    @TestFactory
    Stream<DynamicContainer> asTheRunningJdkCompilesThem() {
        return shapes("-g", "-parameters");
    }

    private static Stream<DynamicContainer> shapes(String... options) {
        List<String> names =
                Shapes.CLASSES.stream().map(name -> Shapes.PACKAGE + name).toList();
        Map<String, byte[]> classFiles = SourceCompiler.compileAll(SOURCES, names, options);
        return names.stream().map(name -> DynamicContainer.dynamicContainer(name, Shapes.of(name, classFiles)));
    }
}
