package dev.heddle.weaver.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Coroutine;
import dev.heddle.weaver.Drive;
import dev.heddle.weaver.Probe;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.TargetLoader;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour that plain Java cannot show: calling runs nothing, depth costs no stack, and a failure has its trace. */
class BehaviourTest {

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            class Behaviour {
                @Async
                static Coroutine<Integer> says(Script s) {
                    s.say("runs");
                    return Coroutine.of(await(s.later(1)));
                }

                @Async
                static Coroutine<String> callsWithoutAwaiting(Script s) {
                    Coroutine<Integer> first = says(s);
                    Coroutine<Integer> second = says(s);
                    s.say("called");
                    return Coroutine.of("" + await(second) + await(first));
                }

                @Async
                static Coroutine<Integer> awaitsTwice(Script s) {
                    Coroutine<Integer> once = says(s);
                    return Coroutine.of(await(once) + await(once));
                }

                @Async
                static Coroutine<Integer> depth(Script s, int n) {
                    if (n == 0) {
                        return Coroutine.of(await(s.later(0)));
                    }
                    return Coroutine.of(1 + await(depth(s, n - 1)));
                }

                @Async
                static Coroutine<Integer> deep(Script s) {
                    return Coroutine.of(await(depth(s, 500)) + await(depth(s, 500)));
                }

                @Async
                static Coroutine<Integer> chain(Script s) {
                    Coroutine<Integer> c = s.later(0);
                    for (int i = 0; i < 100_000; i++) {
                        c = plusOne(c, i % 1_000 == 0);
                        if (i % 500 == 0) {
                            c = s.later(await(c));
                        }
                    }
                    return c;
                }

                @Async
                static Coroutine<Integer> plusOne(Coroutine<Integer> c, boolean twice) {
                    int n = await(c);
                    return Coroutine.of(twice ? n + 2 : n + 1);
                }

                static class Noisy {
                    static Script script;

                    Noisy(Object o) {
                        script.say("constructed " + o);
                    }
                }

                static class Loud extends Noisy {
                    static {
                        Noisy.script.say("initialised");
                    }

                    Loud(Object o) {
                        super(o);
                    }
                }

                @Async
                static Coroutine<String> initialisesWhereNewStands(Script s) {
                    Noisy.script = s;
                    s.say("before");
                    new Loud(s.say("argument", await(s.later("x"))));
                    return Coroutine.of("end");
                }

                @Async
                static Coroutine<Integer> fails(Script s) {
                    return Coroutine.of(
                            await(s.later(1)) // inner
                                    + 1);
                }

                @Async
                static Coroutine<Integer> awaitsFailing(Script s) {
                    s.say("outer");
                    return Coroutine.of(1 + await(fails(s))); // outer
                }
            }
            """;

    private static final IntPredicate NEVER = n -> false;
    private static final IntPredicate ALWAYS = n -> true;

    private static Class<?> target() {
        return TargetLoader.wovenFrom("target.Behaviour", SOURCE, "-g");
    }

    private static IntPredicate always(boolean condition) {
        return condition ? ALWAYS : NEVER;
    }

    private static List<String> run(String method, boolean suspends) {
        return Shapes.outcome(target(), method, new Script(always(suspends), NEVER));
    }

    @Test
    void callingRunsNothing() throws ReflectiveOperationException {
        Script script = new Script(NEVER, NEVER);
        Method says = target().getDeclaredMethod("says", Script.class);
        says.setAccessible(true);
        Coroutine<?> coroutine = (Coroutine<?>) says.invoke(null, script);
        assertEquals(List.of(), script.events());
        assertEquals(1, Drive.toEnd(coroutine));
        assertEquals(List.of("runs"), script.events());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void coroutinesRunWhenTheyAreAwaited(boolean suspends) {
        assertEquals(List.of("called", "runs", "runs", "returned 11"), run("callsWithoutAwaiting", suspends));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCoroutineIsAwaitedOnce(boolean suspends) {
        assertEquals(
                List.of(
                        "runs",
                        "threw java.lang.IllegalStateException: cannot reuse already awaited coroutine: "
                                + "<coroutine target.Behaviour.says finished>"
                                + "; call the method again, or await a Task of it, which may be awaited often"),
                run("awaitsTwice", suspends));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deepRecursion(boolean suspends) {
        assertEquals(List.of("returned 1000"), run("deep", suspends));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longChainOfAwaits(boolean suspends) {
        assertEquals(List.of("returned 100100"), run("chain", suspends));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void classIsInitialisedWhereNewStands(boolean suspends) {
        assertEquals(
                List.of("before", "initialised", "argument", "constructed x", "returned end"),
                run("initialisesWhereNewStands", suspends));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failureLooksThrownAtTheAwaits(boolean suspends) throws ReflectiveOperationException {
        Method method = target().getDeclaredMethod("awaitsFailing", Script.class);
        method.setAccessible(true);
        Coroutine<?> coroutine = (Coroutine<?>) method.invoke(null, new Script(always(suspends), ALWAYS));
        Throwable failure = assertThrows(Probe.ScriptedFailure.class, () -> Drive.toEnd(coroutine));
        List<String> frames = Stream.of(failure.getStackTrace())
                .filter(element -> element.getClassName().equals("target.Behaviour"))
                .map(element -> element.getMethodName() + ":" + element.getLineNumber())
                .toList();
        assertEquals(List.of("fails:" + line("// inner"), "awaitsFailing:" + line("// outer")), frames);
    }

    private static int line(String mark) {
        List<String> lines = SOURCE.lines().toList();
        int line = 1;
        while (!lines.get(line - 1).endsWith(mark)) {
            line++;
        }
        return line;
    }
}
