package dev.heddle.weaver.sizes;

import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** More values, parameters and cases than a byte counts. */
class ManyValuesTest {

    private static final String NAME = "target.Many";

    private static Stream<DynamicTest> shapes(String members) {
        return Shapes.of(NAME, SourceCompiler.compile(NAME, """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import dev.heddle.weaver.Script;

                class Many {
                """ + members + "}\n"));
    }

    private static String each(int count, String separator, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining(separator));
    }

    /** 150 references and 150 primitives of two slots each live across awaits, in a loop with a handler. */
    @TestFactory
    Stream<DynamicTest> liveLocals() {
        return shapes("""
                    @Async
                    static Coroutine<String> liveLocals(Script s) {
                        %s
                        %s
                        for (int i = 0; i < 2; i++) {
                            try {
                                r7 += await(s.later("x"));
                                l149 += await(s.later(i));
                                throw new IllegalStateException(r149 + await(s.later("y")));
                            } catch (IllegalStateException e) {
                                r0 += e.getMessage() + await(s.later("z"));
                            }
                        }
                        return Coroutine.of(%s + (%s));
                    }
                """.formatted(
                        each(150, "\n", i -> "String r" + i + " = \"r" + i + "\";"),
                        each(150, "\n", i -> "long l" + i + " = " + i + "L << 32;"),
                        each(150, " + ", i -> "r" + i),
                        each(150, " ^ ", i -> "l" + i)));
    }

    @TestFactory
    Stream<DynamicTest> operandsBelow() {
        return shapes("""
                    static String join(%s) {
                        return "" + %s;
                    }
                    @Async
                    static Coroutine<String> operandsBelow(Script s) {
                        return Coroutine.of(join(%s));
                    }
                """.formatted(
                each(200, ", ", i -> (i % 4 == 0 ? "long p" : "Object p") + i),
                each(200, " + ", i -> "p" + i),
                each(
                        200,
                        ", ",
                        i -> i % 50 == 49 ? "await(s.later(" + i + "))" : i % 4 == 0 ? i + "L" : "\"" + i + "\"")));
    }

    /** 254 slots, so that with the frame the body has as many parameters as a method may have. */
    @TestFactory
    Stream<DynamicTest> asManyParametersAsPossible() {
        return shapes("""
                    @Async
                    static Coroutine<Long> full(Script s, boolean even, %s) {
                        long sum = even ? await(s.later(1)) : 0;
                        p0 += await(s.later(2));
                        p125 *= await(s.later(3));
                        return Coroutine.of(sum + %s);
                    }
                    @Async
                    static Coroutine<Long> asManyParametersAsPossible(Script s) {
                        Coroutine<Long> created = full(s, true, %s);
                        return Coroutine.of(await(created) + await(full(s, false, %s)));
                    }
                """.formatted(
                        each(126, ", ", i -> "long p" + i),
                        each(126, " + ", i -> "p" + i),
                        each(126, ", ", i -> i + "L"),
                        each(126, ", ", i -> i + "L")));
    }

    @TestFactory
    Stream<DynamicTest> hundredAwaitsInOneExpression() {
        return shapes("""
                    @Async
                    static Coroutine<Long> hundredAwaitsInOneExpression(Script s) {
                        return Coroutine.of(%s);
                    }
                """.formatted(
                        each(110, " - ", i -> (i % 3 == 0 ? "" : i + "L * ") + "await(s.later(" + i + "L))")));
    }

    /** More than 8,000 bytes of table, and the switch over the states beside it. */
    @TestFactory
    Stream<DynamicTest> hugeTable() {
        return shapes("""
                    @Async
                    static Coroutine<Integer> hugeTable(Script s) {
                        int n = 0;
                        for (int key : new int[] {0, 1, 1499, 2999, -1, 3000}) {
                            switch (await(s.later(key))) {
                                %s
                                    n += 1;
                                    break;
                                case 1499:
                                    n += await(s.later(100));
                                    break;
                                case 2999:
                                    n *= await(s.later(2));
                                default:
                                    n += await(s.later(1000));
                            }
                        }
                        return Coroutine.of(n);
                    }
                """.formatted(each(1499, "\n", i -> "case " + i + ": case " + (i + 1500) + ":")));
    }
}
