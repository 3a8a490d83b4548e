package dev.heddle.weaver.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Coroutine;
import dev.heddle.weaver.Drive;
import dev.heddle.weaver.Script;
import dev.heddle.weaver.TargetLoader;
import dev.heddle.woven.Frame;
import dev.heddle.woven.LargeFrame;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A suspended frame keeps alive the values that are read after the await, and nothing else. */
class FrameContentsTest {

    private static final String SOURCE = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;

            class Contents {
                @Async
                static Coroutine<String> deadAfterwards(Script s, String argument) {
                    String dead = argument + "dead";
                    String live = argument + "live";
                    await(s.later(dead));
                    await(s.later(live));
                    return Coroutine.of(argument);
                }

                @Async
                static Coroutine<String> deadInLoop(Script s, String argument) {
                    String r = "r";
                    for (int i = 0; i < 2; i++) {
                        String turn = argument + i;
                        r = r + turn + await(s.later(turn)).length();
                        await(s.later(i));
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<String> many(Script s, String argument) {
                    String a = argument + "a", b = argument + "b", c = argument + "c", d = argument + "d";
                    String e = argument + "e", f = argument + "f", g = argument + "g", h = argument + "h";
                    String i = await(s.later("i"));
                    s.say(a + b + c + d + e + f + g + h + i);
                    await(s.later("nothing else"));
                    return Coroutine.of("end");
                }
            }
            """;

    private static final Class<?> TARGET = TargetLoader.wovenFrom("target.Contents", SOURCE);

    /** The same with the bodies that long methods get. */
    private static final Class<?> COMPACT = TargetLoader.compactlyWovenFrom("target.Contents", SOURCE);

    /** The strings in the frame of {@code method}, called with "x", at each of its suspensions. */
    private static List<TreeSet<String>> kept(String method) throws ReflectiveOperationException {
        List<TreeSet<String>> kept = kept(TARGET, method);
        assertEquals(kept, kept(COMPACT, method));
        return kept;
    }

    private static List<TreeSet<String>> kept(Class<?> target, String method) throws ReflectiveOperationException {
        Method factory = target.getDeclaredMethod(method, Script.class, String.class);
        factory.setAccessible(true);
        Coroutine<?> coroutine = (Coroutine<?>) factory.invoke(null, new Script(n -> true, n -> false), "x");
        List<TreeSet<String>> kept = new ArrayList<>();
        Drive.toEnd(coroutine, leaf -> kept.add(strings(leaf)));
        return kept;
    }

    private static TreeSet<String> strings(Frame<?> frame) {
        TreeSet<String> strings = new TreeSet<>();
        for (Field field : frame.getClass().getFields()) {
            if (field.getType() == Object.class) {
                try {
                    add(strings, field.get(frame));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        if (frame instanceof LargeFrame<?> large) {
            Arrays.stream(large.references).forEach(value -> add(strings, value));
        }
        return strings;
    }

    private static void add(TreeSet<String> strings, Object value) {
        if (value instanceof String text) {
            strings.add(text);
        }
    }

    private static List<TreeSet<String>> sets(String... sets) {
        return Arrays.stream(sets)
                .map(set -> new TreeSet<>(set.isEmpty() ? List.of() : List.of(set.split(" "))))
                .toList();
    }

    @Test
    void referencesThatAreNotReadAgainAreDropped() throws ReflectiveOperationException {
        assertEquals(sets("x xlive", "x"), kept("deadAfterwards"));
    }

    @Test
    void referencesOfOneTurnDoNotSurviveIt() throws ReflectiveOperationException {
        assertEquals(sets("r x x0", "rx02 x", "rx02 x x1", "rx02x12 x"), kept("deadInLoop"));
    }

    @Test
    void referencesBeyondTheFieldsAreDroppedToo() throws ReflectiveOperationException {
        assertEquals(sets("xa xb xc xd xe xf xg xh", ""), kept("many"));
    }

    /** As after a redefinition of the class: the frame stands at an await that the method does not have any more. */
    @Test
    void aFrameThatStandsNowhereIsAnError() throws ReflectiveOperationException {
        Method factory = TARGET.getDeclaredMethod("deadInLoop", Script.class, String.class);
        factory.setAccessible(true);
        Coroutine<?> coroutine = (Coroutine<?>) factory.invoke(null, new Script(n -> true, n -> false), "x");
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> Drive.toEnd(coroutine, leaf -> leaf.state = 3));
        assertEquals(
                "<coroutine target.Contents.deadInLoop(Contents.java:20)> cannot go on: its class was redefined while it was"
                        + " suspended, with other awaits; start it anew",
                failure.getMessage());
    }

    @Test
    void aFinishedCoroutineKeepsNothing() throws ReflectiveOperationException {
        for (String method : List.of("deadAfterwards", "many")) {
            Method factory = TARGET.getDeclaredMethod(method, Script.class, String.class);
            factory.setAccessible(true);
            Coroutine<?> coroutine = (Coroutine<?>) factory.invoke(null, new Script(n -> true, n -> false), "x");
            Drive.toEnd(coroutine);
            assertEquals(new TreeSet<>(), strings((Frame<?>) coroutine), method);
        }
    }
}
