package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.coroutines.Sneaky;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Variables and contexts outside a loop, where each thread has one: the rules of CPython's {@code test_context}. */
class ContextVarTest {

    private final ContextVar<String> variable = new ContextVar<>("color");
    private final Context context = new Context();

    /** Runs {@code body} in {@link #context}. */
    private void inside(Executable body) {
        context.run(() -> call(body));
    }

    private static boolean call(Executable body) {
        try {
            body.execute();
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        }
        return true;
    }

    private static String message(Class<? extends Throwable> kind, Executable body) {
        return String.valueOf(assertThrows(kind, body).getMessage());
    }

    @Test
    void saysWhichVariableHasNoValue() {
        assertEquals(
                "<ContextVar color> has no value here and no default; set it, or give get a fallback",
                message(NoSuchElementException.class, variable::get));
        assertEquals("fallback", variable.get("fallback"));
        assertEquals("color", variable.name());
    }

    @Test
    void defaultCountsWhereNothingWasSet() {
        ContextVar<String> other = new ContextVar<>("other", "default");
        inside(() -> {
            assertEquals("default", other.get());
            assertEquals("fallback", other.get("fallback"));
            assertNull(context.get(other));
            assertEquals("fallback", context.get(other, "fallback"));
            assertFalse(context.contains(other));
            other.set("set");
            assertEquals("set", other.get());
            assertEquals("set", other.get("fallback"));
            assertEquals("set", context.get(other));
            assertTrue(context.contains(other));
        });
        assertEquals("default", other.get());
    }

    @Test
    void nullIsAValue() {
        ContextVar<@Nullable String> nullable = new ContextVar<>("nullable", null);
        inside(() -> {
            assertNull(nullable.get());
            nullable.set(null);
            assertTrue(context.contains(nullable));
            assertNull(nullable.get("fallback"));
        });
    }

    @Test
    void resetGivesTheValueBefore() {
        inside(() -> {
            ContextVar.Token<String> first = variable.set("red");
            ContextVar.Token<String> second = variable.set("green");
            assertNull(first.oldValue());
            assertEquals("red", second.oldValue());
            assertSame(variable, second.variable());
            assertEquals("<Token of <ContextVar color>>", second.toString());
            variable.reset(second);
            assertEquals("red", variable.get());
            variable.reset(first);
            assertEquals("none", variable.get("none"));
            assertEquals(Map.of(), context.asMap());
        });
    }

    @Test
    void tokenIsGoodForOneReset() {
        inside(() -> {
            ContextVar.Token<String> token = variable.set("red");
            variable.reset(token);
            variable.set("green");
            assertEquals(
                    "<Token used of <ContextVar color>> has already been used once",
                    message(IllegalStateException.class, () -> variable.reset(token)));
            assertEquals("green", variable.get());
        });
    }

    @Test
    void tokenIsGoodForItsVariableInItsContext() {
        ContextVar<String> other = new ContextVar<>("other");
        inside(() -> {
            ContextVar.Token<String> token = variable.set("red");
            assertEquals(
                    "<Token of <ContextVar color>> was created by a different ContextVar than <ContextVar other>",
                    message(IllegalArgumentException.class, () -> other.reset(token)));
            new Context()
                    .run(() -> call(() -> assertEquals(
                            "<Token of <ContextVar color>> was created in a different Context",
                            message(IllegalArgumentException.class, () -> variable.reset(token)))));
            assertEquals("red", variable.get());
        });
    }

    @Test
    void runReturnsAndThrowsWhatTheCallableDoes() {
        assertEquals(7, context.run(() -> 7));
        Exception checked = new IOException("checked");
        Callable<Integer> failing = () -> {
            variable.set("red");
            throw checked;
        };
        assertSame(checked, assertThrows(IOException.class, () -> context.run(failing)));
        assertEquals("none", variable.get("none"));
        assertEquals("red", context.get(variable));
    }

    @Test
    void contextCannotBeEnteredTwice() {
        inside(() -> {
            String expected = "cannot enter context: <Context of 0 variables> is already entered";
            assertEquals(expected, message(IllegalStateException.class, () -> context.run(() -> 1)));
            Context other = new Context();
            other.run(() -> call(() ->
                    assertEquals(expected, message(IllegalStateException.class, () -> context.run(() -> 1)))));
        });
        assertEquals(1, context.run(() -> 1));
    }

    @Test
    void copiesGoTheirOwnWay() {
        inside(() -> {
            variable.set("red");
            Context copy = context.copy();
            Context current = Context.copyCurrent();
            variable.set("green");
            copy.run(() -> variable.set("blue"));
            assertEquals("green", variable.get());
            assertEquals("blue", copy.get(variable));
            assertEquals(Map.of(variable, "red"), current.asMap());
        });
    }

    @Test
    void snapshotDoesNotChange() {
        inside(() -> {
            variable.set("red");
            Map<ContextVar<?>, @Nullable Object> snapshot = context.asMap();
            variable.set("green");
            assertEquals(Map.of(variable, "red"), snapshot);
            assertThrows(UnsupportedOperationException.class, snapshot::clear);
        });
    }

    @Test
    void eachThreadHasItsOwn() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        inside(() -> {
            variable.set("red");
            Thread thread = new Thread(() -> {
                seen.add(variable.get("none"));
                variable.set("green");
                seen.add(variable.get());
            });
            thread.start();
            thread.join();
            assertEquals("red", variable.get());
        });
        assertEquals(List.of("none", "green"), seen);
    }

    /** The table of values against a map, through growing, shrinking and collisions. */
    @Test
    void manyVariablesKeepTheirValues() {
        Random random = new Random(1);
        List<ContextVar<Integer>> variables = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            variables.add(new ContextVar<>("v" + i));
        }
        Map<ContextVar<?>, Integer> expected = new HashMap<>();
        Bindings bindings = Bindings.NONE;
        for (int i = 0; i < 2_000; i++) {
            ContextVar<Integer> chosen = variables.get(random.nextInt(50));
            if (random.nextBoolean()) {
                bindings = bindings.with(chosen, i);
                expected.put(chosen, i);
            } else {
                bindings = bindings.with(chosen, Bindings.ABSENT);
                expected.remove(chosen);
            }
            assertEquals(expected, bindings.asMap());
            assertEquals(expected.size(), bindings.size());
            assertEquals(
                    expected.getOrDefault(chosen, -1),
                    bindings.get(chosen) == Bindings.ABSENT ? -1 : bindings.get(chosen));
        }
    }
}
