package dev.heddle.weaver.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A lambda of one of the two async types is a coroutine, with or without an await in it: making one runs nothing. */
class AsyncLambdaTest {

    private static final String NAME = "target.Lambdas";

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.io.Serializable;
            import java.util.function.Supplier;

            class Lambdas {
                @Async
                static Coroutine<String> part(Script s) {
                    return Coroutine.of(await(s.later("part")));
                }

                static Coroutine<String> plain(Script s) {
                    s.say("runs");
                    return Coroutine.of("plain");
                }

                static Coroutine<String> made(Script s, Coroutine<String> c) {
                    s.say("made");
                    return c;
                }

                static Coroutine<String> supplier(Script s) throws Exception {
                    AsyncSupplier<String> f = () -> { s.say("runs"); return Coroutine.of("a"); };
                    return made(s, f.get());
                }

                static Coroutine<String> function(Script s) throws Exception {
                    AsyncFunction<String, String> f = x -> { s.say("runs"); return Coroutine.of(x); };
                    return made(s, f.apply("a"));
                }

                static Coroutine<String> throwing(Script s) throws Exception {
                    AsyncSupplier<String> f = () -> { s.say("runs"); throw new IllegalStateException("boom"); };
                    return made(s, f.get());
                }

                static Coroutine<String> delegating(Script s) throws Exception {
                    AsyncSupplier<String> f = () -> { s.say("runs"); return part(s); };
                    return made(s, f.get());
                }

                static Coroutine<String> expression(Script s) throws Exception {
                    AsyncFunction<Script, String> f = x -> plain(x);
                    return made(s, f.apply(s));
                }

                static Coroutine<String> serializable(Script s) throws Exception {
                    AsyncSupplier<String> f = (AsyncSupplier<String> & Serializable) () -> plain(s);
                    return made(s, f.get());
                }

                static Coroutine<String> serializableFirst(Script s) throws Exception {
                    AsyncSupplier<String> f = (Serializable & AsyncSupplier<String>) () -> plain(s);
                    return made(s, f.get());
                }

                static Coroutine<String> nested(Script s) throws Exception {
                    AsyncSupplier<AsyncSupplier<String>> f = () -> Coroutine.of(() -> plain(s));
                    AsyncSupplier<String> g = () -> { AsyncSupplier<String> h = await(f.get()); return made(s, h.get()); };
                    return g.get();
                }

                static Coroutine<String> argument(Script s) throws Exception {
                    return called(s, () -> plain(s));
                }

                static Coroutine<String> called(Script s, AsyncSupplier<String> f) throws Exception {
                    return made(s, f.get());
                }

                static Coroutine<String> reference(Script s) throws Exception {
                    AsyncFunction<Script, String> f = Lambdas::plain;
                    return made(s, f.apply(s));
                }

                static Coroutine<String> otherType(Script s) {
                    Supplier<Coroutine<String>> f = () -> plain(s);
                    return made(s, f.get());
                }
            }
            """;

    /** The events of each kind. A method reference is the method itself. A lambda of another type is a coroutine only if it awaits. */
    private static final Map<String, List<String>> EXPECTED = Map.ofEntries(
            Map.entry("supplier", List.of("made", "runs", "returned a")),
            Map.entry("function", List.of("made", "runs", "returned a")),
            Map.entry("throwing", List.of("made", "runs", "threw java.lang.IllegalStateException: boom")),
            Map.entry("delegating", List.of("made", "runs", "returned part")),
            Map.entry("expression", List.of("made", "runs", "returned plain")),
            Map.entry("serializable", List.of("made", "runs", "returned plain")),
            Map.entry("serializableFirst", List.of("made", "runs", "returned plain")),
            Map.entry("nested", List.of("made", "runs", "returned plain")),
            Map.entry("argument", List.of("made", "runs", "returned plain")),
            Map.entry("reference", List.of("runs", "made", "returned plain")),
            Map.entry("otherType", List.of("runs", "made", "returned plain")));

    @TestFactory
    Stream<DynamicContainer> lambdas() {
        return Stream.of(
                DynamicContainer.dynamicContainer("javac", tests(SourceCompiler.JAVAC, "-g")),
                DynamicContainer.dynamicContainer("ecj", tests(SourceCompiler.ECJ, "--release", "17", "-g")));
    }

    private static Stream<DynamicTest> tests(JavaCompiler compiler, String... options) {
        Map<String, byte[]> classFiles = SourceCompiler.compile(compiler, Map.of(NAME, SOURCE), List.of(options));
        Class<?> target = TargetLoader.changed(NAME, classFiles, TargetLoader::weave);
        return EXPECTED.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(), () -> assertEquals(entry.getValue(), run(target, entry.getKey()))));
    }

    private static List<String> run(Class<?> target, String method) {
        return Shapes.outcome(target, method, new Script(n -> true, n -> false));
    }

    /** Such a lambda may be all that a class has of Heddle. */
    @Test
    void theFilterLetsTheirClassesThrough() {
        assertTrue(namesHeddle("dev.heddle.AsyncSupplier<String> f = () -> null;"));
        assertTrue(namesHeddle("dev.heddle.AsyncFunction<String, String> f = x -> null;"));
        assertTrue(
                namesHeddle(
                        "dev.heddle.AsyncSupplier<String> f = (java.io.Serializable & dev.heddle.AsyncSupplier<String>) () -> null;"));
        assertFalse(namesHeddle("Runnable f = () -> {};"));
    }

    private static boolean namesHeddle(String field) {
        String source = "package target; class Lambdas { " + field + " }";
        return ClassFileFilter.namesHeddle(
                SourceCompiler.compile(NAME, source, "-g:none").get(NAME));
    }
}
