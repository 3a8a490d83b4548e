package dev.heddle.weaver.returns;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.Script;
import dev.heddle.weaver.Shapes;
import dev.heddle.weaver.TargetLoader;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A returned coroutine is awaited where the {@code return} stands: inside its {@code try}, before any {@code finally}. */
class ReturnThroughFinallyTest {

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.function.Supplier;

            class Returns {
                @Async
                static Coroutine<String> part(Script s, String name) {
                    s.say("start " + name);
                    String result = await(s.later(name));
                    s.say("end " + name);
                    return Coroutine.of(result);
                }

                record Resource(Script s, String name) implements AutoCloseable {
                    @Override
                    public void close() {
                        s.say("close " + name);
                    }
                }

                @Async
                static Coroutine<String> tryFinally(Script s) {
                    try {
                        return part(s, "a");
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> tryCatch(Script s) {
                    try {
                        return part(s, "a");
                    } catch (RuntimeException e) {
                        s.say("caught");
                        return part(s, "b");
                    }
                }

                @Async
                static Coroutine<String> tryCatchFinally(Script s) {
                    try {
                        return part(s, "a");
                    } catch (RuntimeException e) {
                        return part(s, "b");
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> tryWithResources(Script s) {
                    try (Resource r = new Resource(s, "r"); Resource q = new Resource(s, "q")) {
                        return part(s, r.name() + q.name());
                    }
                }

                @Async
                static Coroutine<String> nestedFinally(Script s) {
                    try {
                        try {
                            return part(s, "a");
                        } finally {
                            s.say("inner");
                        }
                    } finally {
                        s.say("outer");
                    }
                }

                @Async
                static Coroutine<String> awaitInFinally(Script s) {
                    try {
                        return part(s, "a");
                    } finally {
                        s.say(await(s.later("finally")));
                    }
                }

                @Async
                static Coroutine<String> branchesInFinally(Script s) {
                    boolean done = false;
                    try {
                        done = s.say("try", true);
                        return part(s, "a");
                    } finally {
                        for (int i = 0; i < 2; i++) {
                            if (done) {
                                s.say("turn " + i);
                            } else {
                                s.say("never");
                            }
                        }
                    }
                }

                @Async
                static Coroutine<String> inLoop(Script s) {
                    for (int i = 0; ; i++) {
                        try {
                            if (i == 1) {
                                return part(s, "a");
                            }
                            s.say(await(s.later(i)));
                        } finally {
                            s.say("finally " + i);
                        }
                    }
                }

                @Async
                static Coroutine<String> localVariable(Script s) {
                    try {
                        Coroutine<String> created = part(s, "a");
                        s.say("created");
                        return created;
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> variableOutsideTry(Script s) {
                    Coroutine<String> created = part(s, "a");
                    try {
                        return created;
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> conditional(Script s) {
                    try {
                        return s.say("choose", true) ? part(s, "a") : part(s, "b");
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> genericSupplier(Script s) {
                    Supplier<Coroutine<String>> supplier = () -> part(s, "a");
                    try {
                        return supplier.get();
                    } finally {
                        s.say("finally");
                    }
                }

                @Async
                static Coroutine<String> assignedInTryReturnedAfterwards(Script s) {
                    Coroutine<String> created;
                    try {
                        created = part(s, "a");
                    } finally {
                        s.say("finally");
                    }
                    return created;
                }

                @Async
                static Coroutine<String> plainResult(Script s) {
                    try {
                        return Coroutine.of(s.say("try", "a"));
                    } finally {
                        s.say("finally");
                    }
                }
            }
            """;

    private static final String FAILED = "threw dev.heddle.weaver.Probe$ScriptedFailure: scripted";

    private record Expected(String method, List<String> events, List<String> eventsIfFirstAwaitFails) {}

    private static final List<Expected> EXPECTED = List.of(
            expected("tryFinally", "start a, end a, finally, returned a", "start a, finally, " + FAILED),
            expected("tryCatch", "start a, end a, returned a", "start a, caught, start b, end b, returned b"),
            expected(
                    "tryCatchFinally",
                    "start a, end a, finally, returned a",
                    "start a, start b, end b, finally, returned b"),
            expected(
                    "tryWithResources",
                    "start rq, end rq, close q, close r, returned rq",
                    "start rq, close q, close r, " + FAILED),
            expected("nestedFinally", "start a, end a, inner, outer, returned a", "start a, inner, outer, " + FAILED),
            expected("awaitInFinally", "start a, end a, finally, returned a", "start a, finally, " + FAILED),
            expected(
                    "branchesInFinally",
                    "try, start a, end a, turn 0, turn 1, returned a",
                    "try, start a, turn 0, turn 1, " + FAILED),
            expected("inLoop", "0, finally 0, start a, end a, finally 1, returned a", "finally 0, " + FAILED),
            expected(
                    "localVariable",
                    "created, start a, end a, finally, returned a",
                    "created, start a, finally, " + FAILED),
            expected("variableOutsideTry", "start a, end a, finally, returned a", "start a, finally, " + FAILED),
            expected(
                    "conditional",
                    "choose, start a, end a, finally, returned a",
                    "choose, start a, finally, " + FAILED),
            expected("genericSupplier", "start a, end a, finally, returned a", "start a, finally, " + FAILED),
            expected(
                    "assignedInTryReturnedAfterwards",
                    "finally, start a, end a, returned a",
                    "finally, start a, " + FAILED),
            expected("plainResult", "try, finally, returned a", "try, finally, returned a"));

    private static Expected expected(String method, String events, String eventsIfFirstAwaitFails) {
        return new Expected(method, List.of(events.split(", ")), List.of(eventsIfFirstAwaitFails.split(", ")));
    }

    @TestFactory
    Stream<DynamicContainer> returns() {
        return Stream.of("-g", "-g:none").map(debug -> DynamicContainer.dynamicContainer(debug, returns(debug)));
    }

    private static Stream<DynamicTest> returns(String debug) {
        Class<?> target = TargetLoader.wovenFrom("target.Returns", SOURCE, debug);
        return EXPECTED.stream()
                .map(expected -> DynamicTest.dynamicTest(expected.method(), () -> check(target, expected)));
    }

    private static void check(Class<?> target, Expected expected) {
        IntPredicate never = n -> false;
        IntPredicate always = n -> true;
        IntPredicate first = n -> n == 1;
        List<String> failed = expected.eventsIfFirstAwaitFails();
        assertAll(
                () -> assertEquals(expected.events(), run(target, expected, never, never), "nothing suspends"),
                () -> assertEquals(expected.events(), run(target, expected, always, never), "everything suspends"),
                () -> assertEquals(failed, run(target, expected, never, first), "the first await fails"),
                () -> assertEquals(failed, run(target, expected, always, first), "the first await fails later"));
    }

    private static List<String> run(Class<?> target, Expected expected, IntPredicate suspends, IntPredicate fails) {
        return Shapes.outcome(target, expected.method(), new Script(suspends, fails));
    }
}
