package dev.heddle.weaver.sizes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.OlderAsm;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.Weaver;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods near the limits of the class file format. */
@Tag("slow")
@Tag("sweep")
class LargeMethodTest {

    private static final String NAME = "target.Large";

    /** A class with a method of {@code awaits} awaits in a loop and a small one. */
    private static Map<String, byte[]> compile(int awaits) {
        return SourceCompiler.compile(
                NAME,
                """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import dev.heddle.weaver.Script;

                class Large {
                    @Async
                    static Coroutine<Long> large(Script s) {
                        long sum = 0;
                        for (int i = 0; i < 2; i++) {
                            String text = "t" + i;
                """
                        + IntStream.rangeClosed(1, awaits)
                                .mapToObj(n -> "sum += await(s.later(" + n + ")) - i;\n")
                                .collect(Collectors.joining())
                        + """
                            s.say(text);
                        }
                        return Coroutine.of(sum);
                    }

                    @Async
                    static Coroutine<Integer> small(Script s) {
                        return Coroutine.of(await(s.later(1)) + 1);
                    }
                }
                """);
    }

    private static List<String> run(Map<String, byte[]> classFiles, String method) throws ClassNotFoundException {
        Class<?> type = Class.forName(NAME, true, new TargetLoader(NAME, classFiles, TargetLoader::weave));
        return Shapes.outcome(type, method, new Script(n -> n % 3 == 0, n -> false));
    }

    @Test
    void aHundredAwaitsInOneMethod() throws ClassNotFoundException {
        assertEquals(List.of("t0", "t1", "returned 10000"), run(compile(100), "large"));
    }

    /** More than 32 KB, so that a jump over the whole method does not fit into 16 bits. */
    @ParameterizedTest
    @ValueSource(ints = {600, 700, 800, 1500})
    void jumpsThatNeedWideOffsets(int awaits) throws ClassNotFoundException {
        Map<String, byte[]> classFiles = compile(awaits);
        assertEquals(List.of("t0", "t1", "returned " + awaits * awaits), run(classFiles, "large"));
        assertEquals(List.of("returned 2"), run(classFiles, "small"));
    }

    /** Where the class file is newer than ASM, which then writes it all the same. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void jumpsThatNeedWideOffsetsInNewerClassFiles() throws ClassNotFoundException {
        Map<String, byte[]> classFiles = compile(800);
        Class<?> type = Class.forName(NAME, true, new TargetLoader(NAME, classFiles, OlderAsm::weaveVerified));
        assertEquals(
                List.of("t0", "t1", "returned 640000"),
                Shapes.outcome(type, "large", new Script(n -> n % 3 == 0, n -> false)));
        byte[] tooLarge = compile(2000).get(NAME);
        assertEquals(Weaver.weave(tooLarge).refusals(), OlderAsm.weave(tooLarge).refusals());
    }

    @Test
    void beyondTheLimitIsRefusedAndTheOthersAreWoven() throws ClassNotFoundException {
        Map<String, byte[]> classFiles = compile(2000);
        String message = NAME + ".large (Large.java:11): the woven method would exceed 64 KB (JVMS 4.7.3); "
                + "split it into smaller @Async methods";
        assertEquals(
                List.of(message),
                Weaver.weave(classFiles.get(NAME)).refusals().stream()
                        .map(Refusal::message)
                        .toList());
        assertEquals(List.of("threw java.lang.IllegalStateException: " + message), run(classFiles, "large"));
        assertEquals(List.of("returned 2"), run(classFiles, "small"));
    }
}
