package dev.heddle.weaver.returns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code return c} does what {@code return Coroutine.of(await(c))} does: in each shape of {@code return-pairs.txt}, whatever the
 * compiler, whichever awaits complete at once, later, fail or are cancelled. The order of all that is said is the same.
 */
class ReturnPairsTest {

    private static final String NAME = "target.Pairs";

    private static final String HEAD = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.List;
            import java.util.function.Supplier;

            class Pairs {
                static final Object LOCK = new Object();
                static boolean cancels;
                static Coroutine<String> held;

                static class Failed extends RuntimeException {
                    Failed(String message) { super(message); }
                }

                record Resource(Script s, String name) implements AutoCloseable {
                    @Override
                    public void close() {
                        s.say("close " + name);
                        if (name.equals("bad")) { throw new IllegalStateException("close"); }
                    }
                }

                static class Other {
                    @Async
                    Coroutine<String> virtual(Script s) {
                        String part = await(part(s, "virtual"));
                        return Coroutine.of(part);
                    }
                }

                static void fail() { fail("scripted"); }

                static void fail(String message) { throw new Failed(message); }

                static Coroutine<String> none() { return null; }

                @Async
                static Coroutine<String> part(Script s, String name) {
                    s.say("start " + name + (Thread.holdsLock(LOCK) || Thread.holdsLock(s) ? " locked" : ""));
                    String result;
                    try {
                        result = await(s.later(name));
                    } catch (RuntimeException e) {
                        if (cancels) { throw new CancelledError(name); }
                        throw new Failed(name);
                    }
                    s.say("end " + name);
                    return Coroutine.of(result);
                }

                @Async
                static Coroutine<String> passesA(Script s, Coroutine<String> c) {
                    try { return c; } finally { s.say("f"); }
                }

                @Async
                static Coroutine<String> passesB(Script s, Coroutine<String> c) {
                    try { return Coroutine.of(await(c)); } finally { s.say("f"); }
                }
            """;

    private static final Pattern RETURN = Pattern.compile("<<(.*?)>>", Pattern.DOTALL);

    /** The code of a method with {@code return c}, and of the one it is compared with. */
    record Pair(String delegating, String awaiting, boolean isForEclipse) {

        static Pair of(String text, boolean isForEclipse) {
            String[] both = text.split("\n= ", 2);
            String awaiting = RETURN.matcher(both[both.length - 1])
                    .replaceAll("return Coroutine.of(await((Coroutine<String>) ($1)));");
            String delegating = RETURN.matcher(both[0]).replaceAll("return $1;");
            return new Pair(delegating.replace('§', 'A'), awaiting.replace('§', 'B'), isForEclipse);
        }
    }

    private static final Map<String, Pair> PAIRS = pairs();

    private static Map<String, Pair> pairs() {
        try (InputStream in = ReturnPairsTest.class.getResourceAsStream("return-pairs.txt")) {
            Map<String, Pair> pairs = new LinkedHashMap<>();
            for (String shape : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n+")) {
                if (!shape.startsWith("#")) {
                    String[] parts = shape.split(": ", 2);
                    String name = parts[0].replace("(javac)", "");
                    pairs.put(name, Pair.of(parts[1], name.equals(parts[0])));
                }
            }
            return pairs;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A class with the two methods of each pair, {@code nameA} and {@code nameB}. */
    static String source(Map<String, Pair> pairs) {
        StringBuilder source = new StringBuilder(HEAD);
        pairs.forEach((name, pair) ->
                source.append(method(name + "A", pair.delegating())).append(method(name + "B", pair.awaiting())));
        return source.append("}\n").toString();
    }

    private static String method(String name, String code) {
        return "@Async static Coroutine<String> " + name + "(Script s) throws Exception {\n" + code + "\n}\n";
    }

    @Test
    void thereAreEnoughShapes() {
        assertTrue(PAIRS.size() >= 60, () -> PAIRS.size() + " shapes");
    }

    @TestFactory
    Stream<DynamicTest> javac() {
        return tests(SourceCompiler.JAVAC, TargetLoader::weave, "-g");
    }

    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> javacWithoutDebugInformation() {
        return tests(SourceCompiler.JAVAC, TargetLoader::weave, "-g:none");
    }

    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> javacForJava17() {
        return tests(SourceCompiler.JAVAC, TargetLoader::weave, "--release", "17");
    }

    @TestFactory
    Stream<DynamicTest> eclipse() {
        return tests(SourceCompiler.ECJ, TargetLoader::weave, "--release", "17", "-g");
    }

    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> eclipseWithoutDebugInformation() {
        return tests(SourceCompiler.ECJ, TargetLoader::weave, "--release", "17", "-g:none");
    }

    @Tag("slow")
    @Tag("sweep")
    @TestFactory
    Stream<DynamicTest> compactBodies() {
        return Stream.concat(
                tests(SourceCompiler.JAVAC, TargetLoader::weaveCompactly, "-g"),
                tests(SourceCompiler.ECJ, TargetLoader::weaveCompactly, "--release", "17", "-g"));
    }

    private static Stream<DynamicTest> tests(JavaCompiler compiler, UnaryOperator<byte[]> weaver, String... options) {
        Map<String, Pair> pairs = new LinkedHashMap<>(PAIRS);
        pairs.values().removeIf(pair -> compiler == SourceCompiler.ECJ && !pair.isForEclipse());
        Class<?> target = compiled(pairs, compiler, weaver, options);
        return pairs.keySet().stream().map(name -> DynamicTest.dynamicTest(name, () -> check(target, name)));
    }

    static Class<?> compiled(
            Map<String, Pair> pairs, JavaCompiler compiler, UnaryOperator<byte[]> weaver, String... options) {
        Map<String, byte[]> classFiles =
                SourceCompiler.compile(compiler, Map.of(NAME, source(pairs)), List.of(options));
        return TargetLoader.changed(NAME, classFiles, weaver);
    }

    /** Compares the two methods of a pair in all ways: with each await failing in turn, all, and none. */
    static void check(Class<?> target, String name) throws ReflectiveOperationException {
        IntPredicate never = n -> false;
        IntPredicate always = n -> true;
        int awaits = compare(target, name, never, "without failure");
        compare(target, name, always, "all fail");
        Field cancels = target.getDeclaredField("cancels");
        cancels.setAccessible(true);
        for (int failing = 1; failing <= awaits; failing++) {
            int k = failing;
            compare(target, name, n -> n == k, "await " + k + " fails");
            cancels.set(null, true);
            compare(target, name, n -> n == k, "await " + k + " is cancelled");
            cancels.set(null, false);
        }
    }

    private static int compare(Class<?> target, String name, IntPredicate fails, String how) {
        List<IntPredicate> suspensions = List.of(n -> false, n -> true, n -> n % 2 == 0, n -> n % 2 == 1);
        int awaits = 0;
        List<String> expected = null;
        for (IntPredicate suspends : suspensions) {
            Script awaiting = new Script(suspends, fails);
            List<String> outcome = Shapes.outcome(target, name + "B", awaiting);
            List<String> events = expected == null ? outcome : expected;
            assertEquals(events, outcome, how + ", await");
            Script delegating = new Script(suspends, fails);
            assertEquals(events, Shapes.outcome(target, name + "A", delegating), how + ", return");
            expected = new ArrayList<>(events);
            awaits = Math.max(awaits, delegating.awaits());
        }
        return awaits;
    }
}
