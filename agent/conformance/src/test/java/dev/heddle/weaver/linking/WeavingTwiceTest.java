package dev.heddle.weaver.linking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A woven class is left alone, even if all of its methods were refused: otherwise a method that throws would be woven again. */
class WeavingTwiceTest {

    private static final String NAME = "target.Twice";

    private static byte[] compile(String member) {
        String source = """
                package target;

                import static dev.heddle.Asyncio.await;

                import dev.heddle.*;
                import java.util.function.*;

                class Twice {
                    %s
                }
                """.formatted(member);
        return SourceCompiler.compile(NAME, source).get(NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@Async Coroutine<Void> m() { await(Coroutine.done()); return Coroutine.done(); }",
                "@Async Coroutine<Void> m() { synchronized (this) { await(Coroutine.done()); } return Coroutine.done(); }",
                "@Async synchronized Coroutine<Void> m() { return Coroutine.done(); }",
                "@Async int m() { return 1; }",
                "void m() { await(Coroutine.done()); }",
                "Function<Coroutine<Integer>, Integer> f = dev.heddle.Asyncio::await;"
            })
    void isLeftAlone(String member) {
        byte[] woven = Weaver.weave(compile(member)).classFile();
        assertNotNull(woven);

        WeaveResult again = Weaver.weave(woven);

        assertTrue(again.classFile() == null, "it would be woven again");
        assertEquals(List.of(), again.refusals());
    }

    @Test
    void soIsAClassThatCouldNotBeWoven() {
        byte[] refused = Weaver.refuse(
                compile("@Async Coroutine<Void> m() { await(Coroutine.done()); return Coroutine.done(); }"), "reason");

        WeaveResult again = Weaver.weave(refused);

        assertTrue(again.classFile() == null, "it would be woven again");
        assertEquals(List.of(), again.refusals());
    }
}
