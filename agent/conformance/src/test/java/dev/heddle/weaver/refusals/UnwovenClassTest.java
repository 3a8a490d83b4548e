package dev.heddle.weaver.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.weaver.Weaver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A class that could not be woven throws the reason, and never awaits silently. */
class UnwovenClassTest {

    private static final String NAME = "target.Unwoven";

    @Test
    void throwsTheReasonWhereItWouldHaveAwaited() throws ClassNotFoundException {
        Map<String, byte[]> classFiles = SourceCompiler.compile(NAME, """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import dev.heddle.weaver.Script;

                class Unwoven {
                    @Async
                    static Coroutine<Integer> method(Script s) {
                        return Coroutine.of(await(s.later(1)) + 1);
                    }
                }
                """);
        TargetLoader loader = new TargetLoader(NAME, classFiles, bytes -> Weaver.refuse(bytes, "the reason"));
        assertEquals(
                List.of(
                        "threw java.lang.IllegalStateException: target.Unwoven.method (Unwoven.java:11): the class could not"
                                + " be woven: the reason; options verify=true and dump=DIR of the agent tell more"),
                Shapes.outcome(Class.forName(NAME, true, loader), "method", new Script(n -> true, n -> false)));
    }
}
