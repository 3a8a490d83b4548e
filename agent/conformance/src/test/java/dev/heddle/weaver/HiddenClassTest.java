package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A class as frameworks make them at run time, which no agent sees, extends a woven class and calls its async methods. */
class HiddenClassTest {

    private static final String BASE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.lang.invoke.MethodHandles;

            class Base {
                static MethodHandles.Lookup lookup() {
                    return MethodHandles.lookup();
                }

                @Async
                Coroutine<String> work(Script s, int n) {
                    return Coroutine.of("base" + n + await(s.later("!")));
                }

                @Async
                static Coroutine<String> statics(Script s) {
                    return Coroutine.of("static" + await(s.later("?")));
                }

                @Async
                Coroutine<String> all(Script s) {
                    String r = "";
                    for (int i = 0; i < 2; i++) {
                        r += await(work(s, i)) + await(s.later("+"));
                    }
                    return Coroutine.of(r);
                }
            }
            """;

    private static final String HEIR = """
            package target;

            import dev.heddle.Coroutine;
            import dev.heddle.weaver.Script;

            class Heir extends Base {
                @Override
                Coroutine<String> work(Script s, int n) {
                    s.say("heir" + n);
                    return n == 0 ? super.work(s, 10) : statics(s);
                }

                static Coroutine<String> run(Script s) {
                    return new Heir().all(s);
                }
            }
            """;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHiddenHeirOverridesAndCallsAsyncMethods(boolean suspends) throws ReflectiveOperationException {
        Map<String, byte[]> classFiles =
                SourceCompiler.compile(Map.of("target.Base", BASE, "target.Heir", HEIR), List.of());
        Class<?> base =
                Class.forName("target.Base", true, new TargetLoader("target.", classFiles, TargetLoader::weave));
        Method lookup = base.getDeclaredMethod("lookup");
        lookup.setAccessible(true);
        Class<?> heir = ((Lookup) lookup.invoke(null))
                .defineHiddenClass(classFiles.get("target.Heir"), true)
                .lookupClass();
        assertTrue(heir.isHidden());
        assertEquals(
                List.of("heir0", "heir1", "returned base10!+static?+"),
                Shapes.outcome(heir, "run", new Script(n -> suspends, n -> false)));
    }
}
