package dev.heddle.weaver.linking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes as frameworks make them at run time, which no agent sees: heirs of woven classes, and classes that were woven before. */
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

    private static final String WOVEN = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            class Woven {
                private final String name;

                Woven(String name) {
                    this.name = name;
                }

                @Async
                static Coroutine<String> run(Script s) throws Exception {
                    Woven woven = new Woven("n");
                    String r = await(direct(s, 1L, 2.0));
                    r += await(woven.own(s, "o", (byte) 3));
                    r += await(woven.closed(s));
                    String captured = woven.name; // a descriptor cannot name a hidden class
                    AsyncFunction<String, String> lambda = text -> Coroutine.of(text + await(s.later("l")) + captured);
                    return Coroutine.of(r + await(lambda.apply("f")));
                }

                @Async
                private static Coroutine<String> direct(Script s, long l, double d) {
                    return Coroutine.of(l + await(s.later("d")) + d);
                }

                @Async
                Coroutine<String> own(Script s, String text, byte b) {
                    return Coroutine.of(name + await(s.later("i")) + text + b);
                }

                @Async
                private Coroutine<String> closed(Script s) {
                    return Coroutine.of(await(s.later("p")) + name);
                }
            }
            """;

    private static final String WOVEN_INTERFACE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            interface Woven {
                @Async
                static Coroutine<String> run(Script s) {
                    return Coroutine.of("s" + await(s.later("t")));
                }
            }
            """;

    /** The LambdaMetafactory of JDK 17 names the class of a lambda that is hidden, so such classes can have none there. */
    @EnabledForJreRange(min = JRE.JAVA_25)
    @ParameterizedTest
    @CsvSource({"true, 17", "false, 17", "true, 8", "false, 8"})
    void aHiddenClassThatWasWoven(boolean suspends, String release) throws ReflectiveOperationException {
        assertEquals(List.of("returned 1d2.0nio3pnfln"), outcomeOfHidden(WOVEN, suspends, release));
    }

    @EnabledForJreRange(min = JRE.JAVA_25)
    @ParameterizedTest
    @CsvSource({"true, 17", "false, 17", "true, 8", "false, 8"})
    void aHiddenInterfaceThatWasWoven(boolean suspends, String release) throws ReflectiveOperationException {
        assertEquals(List.of("returned st"), outcomeOfHidden(WOVEN_INTERFACE, suspends, release));
    }

    private static List<String> outcomeOfHidden(String source, boolean suspends, String release)
            throws ReflectiveOperationException {
        Map<String, byte[]> classFiles = SourceCompiler.compile(
                Map.of("target.Base", BASE, "target.Woven", source), List.of("--release", release));
        Class<?> base =
                Class.forName("target.Base", true, new TargetLoader("target.", classFiles, TargetLoader::weave));
        Method lookup = base.getDeclaredMethod("lookup");
        lookup.setAccessible(true);
        Class<?> hidden = ((Lookup) lookup.invoke(null))
                .defineHiddenClass(TargetLoader.weave(classFiles.get("target.Woven")), true)
                .lookupClass();
        return Shapes.outcome(hidden, "run", new Script(n -> suspends, n -> false));
    }
}
