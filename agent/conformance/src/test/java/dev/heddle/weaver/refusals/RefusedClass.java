package dev.heddle.weaver.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.Weaver;
import java.util.List;
import java.util.Map;

/** A class with {@code members}, which mark the lines of refusals by comments {@code // 1}, {@code // 2} and so on. */
public record RefusedClass(String text, Map<String, byte[]> classFiles) {

    public static final String NAME = "target.Refused";

    private static final String HEADER = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.concurrent.CompletionStage;
            import java.util.function.*;

            class Refused {
                @Async
                static Coroutine<Integer> fine(Script s) {
                    return Coroutine.of(await(s.later(1)) + 1);
                }
            """;

    public static RefusedClass of(String members, String... options) {
        String text = HEADER + members + "}\n";
        Map<String, byte[]> classFiles = SourceCompiler.compile(NAME, text, options);
        if (options.length == 0) {
            LintAgreement.check(Map.of(NAME, text), classFiles);
        }
        return new RefusedClass(text, classFiles);
    }

    /** The message for {@code member} of the class at the line marked by {@code mark}. */
    public String message(String member, int mark, String rule) {
        return NAME + member + " (Refused.java:" + line("// " + mark) + "): " + rule;
    }

    /** The first line that ends with {@code end}. */
    public int line(String end) {
        List<String> lines = text.lines().toList();
        int line = 1;
        while (!lines.get(line - 1).endsWith(end)) {
            line++;
        }
        return line;
    }

    public void isRefusedWith(String... messages) {
        nestedIsRefusedWith(NAME, messages);
    }

    public void nestedIsRefusedWith(String className, String... messages) {
        List<Refusal> refusals = Weaver.weave(classFiles.get(className)).refusals();
        assertEquals(List.of(messages), refusals.stream().map(Refusal::message).toList());
    }

    /** Calls the static method {@code name(Script)} of the woven class and expects {@code events}. */
    public void running(String name, String... events) {
        try {
            Class<?> type = Class.forName(NAME, true, new TargetLoader(NAME, classFiles, TargetLoader::weave));
            assertEquals(List.of(events), Shapes.outcome(type, name, new Script(n -> true, n -> false)));
            assertEquals(List.of("returned 2"), Shapes.outcome(type, "fine", new Script(n -> true, n -> false)));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The outcome of a run that throws {@code message}. */
    public static String threw(String message) {
        return "threw java.lang.IllegalStateException: " + message;
    }
}
