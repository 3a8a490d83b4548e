package dev.heddle.weaver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The shapes once more, as other compilers and other options of a compiler translate them. */
@Tag("slow")
@Tag("sweep")
class ShapeVariantsTest {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/test/java");

    @TestFactory
    Stream<DynamicContainer> withoutDebugInformation() {
        return shapes(SourceCompiler.JAVAC, "-g:none");
    }

    @TestFactory
    Stream<DynamicContainer> withStringBuildersForConcatenation() {
        return shapes(SourceCompiler.JAVAC, "-g", "-XDstringConcat=inline");
    }

    @TestFactory
    Stream<DynamicContainer> asTheRunningJdkCompilesThem() {
        return shapes(SourceCompiler.JAVAC, "-g", "-parameters");
    }

    /** As class files that are newer than ASM. */
    @TestFactory
    @EnabledForJreRange(min = JRE.JAVA_24)
    Stream<DynamicContainer> asTheRunningJdkCompilesAndParsesThem() {
        List<String> names = names(SourceCompiler.JAVAC);
        Map<String, byte[]> classFiles =
                SourceCompiler.compileAll(SourceCompiler.JAVAC, SOURCES, names, List.of("-g", "-parameters"));
        return woven(names, classFiles, OlderAsm::weaveVerified);
    }

    @TestFactory
    Stream<DynamicContainer> asEclipseCompilesThem() {
        return shapes(SourceCompiler.ECJ, "--release", "17", "-g", "-parameters");
    }

    @TestFactory
    Stream<DynamicContainer> asEclipseCompilesThemWithoutDebugInformation() {
        return shapes(SourceCompiler.ECJ, "--release", "17", "-g:none");
    }

    @TestFactory
    Stream<DynamicContainer> whoseAwaitsDeclareExceptions() {
        return declaring(SourceCompiler.JAVAC, "-g", "-parameters");
    }

    @TestFactory
    Stream<DynamicContainer> whoseAwaitsDeclareExceptionsAsEclipseCompilesThem() {
        return declaring(SourceCompiler.ECJ, "--release", "17", "-g", "-parameters");
    }

    private static List<String> names(JavaCompiler compiler) {
        return Shapes.CLASSES.stream()
                .filter(name -> compiler != SourceCompiler.ECJ || !name.equals("SwitchOperandShapes"))
                .map(name -> Shapes.PACKAGE + name)
                .toList();
    }

    private static Stream<DynamicContainer> shapes(JavaCompiler compiler, String... options) {
        List<String> names = names(compiler);
        return woven(names, SourceCompiler.compileAll(compiler, SOURCES, names, List.of(options)));
    }

    private static Stream<DynamicContainer> declaring(JavaCompiler compiler, String... options) {
        List<String> names = names(compiler);
        Map<String, String> sources = names.stream()
                .collect(Collectors.toMap(
                        name -> name, name -> DeclaringSource.of(SourceCompiler.source(SOURCES, name))));
        return woven(names, SourceCompiler.compile(compiler, sources, List.of(options)));
    }

    private static Stream<DynamicContainer> woven(List<String> names, Map<String, byte[]> classFiles) {
        return woven(names, classFiles, TargetLoader::weave);
    }

    private static Stream<DynamicContainer> woven(
            List<String> names, Map<String, byte[]> classFiles, UnaryOperator<byte[]> weaver) {
        return names.stream().map(name -> DynamicContainer.dynamicContainer(name, Shapes.of(name, classFiles, weaver)));
    }
}
