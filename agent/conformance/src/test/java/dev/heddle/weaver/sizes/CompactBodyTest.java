package dev.heddle.weaver.sizes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.CompactWeaver;
import dev.heddle.weaver.MethodSizes;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods near the 8,000 bytes of bytecode that HotSpot compiles at most. */
class CompactBodyTest {

    private static final String NAME = "target.Long";

    /** A method with {@code awaits} awaits, with and without operands, after each of which there is some other code. */
    private static byte[] compile(int awaits) {
        String text = """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import dev.heddle.weaver.Script;

                class Long {
                    @Async
                    static Coroutine<java.lang.Long> method(Script s) {
                        String name = "name";
                        String other = name + 1;
                        Object object = s;
                        double fraction = 0.5;
                        long total = 0;
                        int count = 1;
                %s
                        s.say(name + other + (object == s) + fraction + total + count);
                        return Coroutine.of(total);
                    }
                }
                """.formatted(
                IntStream.rangeClosed(1, awaits).mapToObj(CompactBodyTest::part).collect(Collectors.joining()));
        return SourceCompiler.compile(NAME, text).get(NAME);
    }

    private static String part(int n) {
        String await = "await(s.later(" + n + "))";
        String code = "count += (count * " + n + " ^ total) + name.hashCode() / (3 + name.length());\n";
        return (n % 3 == 0
                        ? "Integer v" + n + " = " + await + ";\n"
                        : n % 3 == 1 ? "total += " + await + ";\n" : "s.say(name + count + " + await + ");\n")
                + code.repeat(4);
    }

    private static int bodySize(byte[] woven) {
        return MethodSizes.woven(woven).values().iterator().next();
    }

    private static List<String> outcome(byte[] classFile, IntPredicate suspends, IntPredicate fails)
            throws ClassNotFoundException {
        TargetLoader loader = new TargetLoader(NAME, Map.of(NAME, classFile), TargetLoader::weave);
        return Shapes.outcome(Class.forName(NAME, true, loader), "method", new Script(suspends, fails));
    }

    @Test
    void aMethodThatWouldOutgrowTheCompilerIsWovenInFewerBytes() throws ClassNotFoundException {
        byte[] compiled = compile(40);
        byte[] ordinary = CompactWeaver.weaveInFull(compiled).classFile();
        WeaveResult result = Weaver.weave(compiled);

        assertTrue(bodySize(ordinary) > 12_000, bodySize(ordinary) + " bytes without the shorter form");
        assertTrue(bodySize(result.classFile()) <= 8_000, bodySize(result.classFile()) + " bytes");
        assertEquals(List.of(), result.warnings());
        IntPredicate never = n -> false;
        for (IntPredicate suspends : List.<IntPredicate>of(never, n -> true, n -> n % 2 == 0)) {
            List<String> outcome = outcome(ordinary, suspends, never);
            assertTrue(outcome.get(outcome.size() - 1).startsWith("returned "), outcome::toString);
            assertEquals(outcome, outcome(compiled, suspends, never));
            for (int failing : new int[] {1, 20, 40}) {
                assertEquals(
                        outcome(ordinary, suspends, n -> n == failing), outcome(compiled, suspends, n -> n == failing));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10})
    void aMethodThatIsCompiledAnywayIsNot(int awaits) {
        byte[] compiled = compile(awaits);
        assertArrayEquals(
                CompactWeaver.weaveInFull(compiled).classFile(),
                Weaver.weave(compiled).classFile());
    }

    @Test
    void warnsOfMethodsThatAreNotCompiled() {
        WeaveResult result = Weaver.weave(compile(90));
        assertEquals(List.of(), result.refusals());
        assertEquals(
                List.of(
                        "target.Long.method has N bytes of bytecode, N before it was woven: HotSpot compiles no method of more"
                                + " than 8000 and interprets this one, many times slower; split it into smaller methods, or run with"
                                + " -XX:-DontCompileHugeMethods"),
                result.warnings().stream()
                        .map(warning -> warning.replaceAll("\\d{4,}(?= b)", "N"))
                        .toList());
    }

    /** The instruction that loads one of them takes a byte more than those for the constants before. */
    @Test
    void constantsBeyondThe256thCountInFull() {
        String says = IntStream.range(0, 1_200)
                .mapToObj(n -> "s.say(\"constant " + n + "\");\n")
                .collect(Collectors.joining());
        byte[] compiled = SourceCompiler.compile(NAME, """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import dev.heddle.weaver.Script;

                class Long {
                    @Async
                    static Coroutine<Integer> method(Script s) {
                        %s
                        return Coroutine.of(await(s.later(1)));
                    }
                }
                """.formatted(says)).get(NAME);
        assertEquals(1, Weaver.weave(compiled).warnings().size());
    }
}
