package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.Arrays;

/** Awaits with values of every kind below them on the operand stack. */
final class OperandStackShapes {

    private static int total;
    private int field = 10;
    private final int[] cells = {1, 2, 3};

    private OperandStackShapes() {}

    private String join(Object... parts) {
        return field + Arrays.toString(parts);
    }

    private static String mixed(
            int i, long l, float f, double d, String s, byte b, Object awaited, char c, boolean z, long last) {
        return i + " " + l + " " + f + " " + d + " " + s + " " + b + " " + awaited + " " + c + " " + z + " " + last;
    }

    @Async
    static Coroutine<String> secondArgumentAfterReceiver(Script s) {
        return Coroutine.of(new OperandStackShapes().join(s.say("first", 1), await(s.later(2)), s.say("last", 3)));
    }

    @Async
    static Coroutine<String> deepInArgumentsOfAllKinds(Script s) {
        long l = 1L << 40;
        double d = 2.5;
        return Coroutine.of(mixed(1, l, 3.5f, d, "s", (byte) -4, await(s.later("t")), 'c', true, l + 1));
    }

    @Async
    static Coroutine<String> duplicatedValues(Script s) {
        int a;
        int b;
        int sum = (a = s.say("a", 3)) + (b = a) * await(s.later(4)) + (a = b = await(s.later(5))) * a;
        long wide;
        long other = (wide = await(s.later(6L))) + wide;
        return Coroutine.of(a + " " + b + " " + sum + " " + wide + " " + other);
    }

    @Async
    static Coroutine<String> constantsBelow(Script s) {
        String constants =
                mixed(-1, 7_000_000_000L, 1.25f, 1e300, "ldc", (byte) 0, await(s.later("x")), 'y', false, 0L);
        return Coroutine.of(
                new OperandStackShapes().join(String.class, int[].class, await(s.later(constants)), 32_768));
    }

    @Async
    static Coroutine<String> nullBelow(Script s) {
        return Coroutine.of(
                new OperandStackShapes().join(null, await(s.later(1)), (String) null, await(s.later(null))));
    }

    private static String pair(String first, Object second) {
        return first + "/" + second;
    }

    @Async
    static Coroutine<String> nullLiteralArgument(Script s) {
        return Coroutine.of(pair(null, await(s.later("second"))));
    }

    @Async
    static Coroutine<Integer> threeAwaitsInOneExpression(Script s) {
        return Coroutine.of(await(s.later(100)) - await(s.later(s.say("second", 20))) * await(s.later(3)));
    }

    @Async
    static Coroutine<String> concatenation(Script s) {
        String name = "n";
        return Coroutine.of("a" + 1 + await(s.later("b")) + 2L + name + await(s.later('c')) + s.say("end", 3.5));
    }

    @Async
    static Coroutine<String> concatenationInLoop(Script s) {
        String text = "";
        for (char c = 'a'; c < 'e'; c++) {
            text += c + await(s.later("-"));
        }
        return Coroutine.of(text);
    }

    @Async
    static Coroutine<String> compoundAssignmentOfElements(Script s) {
        int[] ints = {1, 2, 3};
        long[] longs = {1L << 33};
        byte[] bytes = {100};
        boolean[] flags = {true, false};
        String[] texts = {"t"};
        int i = 0;
        ints[i++] += await(s.later(5));
        ints[s.say("index", i++)] <<= await(s.later(2));
        longs[0] *= await(s.later(3L));
        bytes[0] += await(s.later(100));
        flags[1] |= await(s.later(true));
        texts[0] += await(s.later("u"));
        return Coroutine.of(Arrays.toString(ints) + longs[0] + bytes[0] + flags[1] + texts[0] + i);
    }

    @Async
    static Coroutine<String> compoundAssignmentOfFields(Script s) {
        OperandStackShapes o = new OperandStackShapes();
        total = 5;
        o.field += await(s.later(5));
        o.cells[1] -= await(s.later(7));
        total -= await(s.later(2));
        int before = o.field++ + await(s.later(1)) + ++o.field;
        return Coroutine.of(o.join(o.cells[1], total, before));
    }

    @Async
    static Coroutine<String> arrayInitializers(Script s) {
        int[] ints = {1, await(s.later(2)), 3, await(s.later(4))};
        Object[] mixed = {await(s.later("a")), new long[] {await(s.later(5L)), 6}, null};
        int[][] nested = {{await(s.later(1))}, new int[await(s.later(2))]};
        return Coroutine.of(
                Arrays.toString(ints) + mixed[0] + Arrays.toString((long[]) mixed[1]) + Arrays.deepToString(nested));
    }

    @Async
    static Coroutine<Integer> arrayIndex(Script s) {
        int[] values = {10, 20, 30};
        int[][] grid = {{1, 2}, {3, 4}};
        values[await(s.later(1))] = await(s.later(21));
        return Coroutine.of(values[await(s.later(1))] + grid[await(s.later(1))][await(s.later(0))]);
    }

    @Async
    static Coroutine<Object> failingArrayIndex(Script s) {
        int[] values = {1};
        return Coroutine.of(values[s.say("index", 3)] + await(s.later(1)));
    }

    @Async
    static Coroutine<String> switchSelector(Script s) {
        return Coroutine.of("r"
                + switch (await(s.later(2))) {
                    case 1 -> "one";
                    case 2 -> "two" + await(s.later("!"));
                    default -> "many";
                });
    }

    @Async
    static Coroutine<Object> conditionalWithValuesBelow(Script s) {
        boolean yes = await(s.later(true));
        Object boxedInOneArm = yes ? await(s.later(1)) : s.say("no", 2);
        long widened = 1L + (yes ? await(s.later(2)) : 3L);
        return Coroutine.of(pair("p" + widened, boxedInOneArm == null ? null : yes ? await(s.later('z')) : "none"));
    }

    @Async
    static Coroutine<String> shortCircuits(Script s) {
        boolean both = await(s.later(true)) && await(s.later(false));
        boolean either = both || await(s.later(true)) || await(s.later(s.say("never", true)));
        boolean neither = !(either & await(s.later(true)) ^ await(s.later(false)));
        return Coroutine.of(mixed(1, 2, 3, 4, "x", (byte) 5, both ? 6 : 7, 'q', either && !await(s.later(neither)), 8));
    }

    @Async
    static Coroutine<String> resultIgnoredCastUnboxedCompared(Script s) {
        await(s.later("ignored"));
        Object o = await(s.later("cast"));
        String cast = (String) o;
        long unboxed = await(s.later(1L << 50));
        double d = await(s.later(0.5));
        if (await(s.later(null)) == null) {
            s.say("null");
        }
        return Coroutine.of(cast
                + unboxed
                + d
                + (await(s.later(3)) instanceof Integer)
                + await(s.later("x")).length());
    }

    @Async
    static Coroutine<Object> castFails(Script s) {
        Object o = s.later("text");
        @SuppressWarnings("unchecked")
        Integer i = await((Coroutine<Integer>) o);
        return Coroutine.of(i);
    }

    @Async
    static Coroutine<Integer> awaitNull(Script s) {
        Coroutine<Integer> nothing = s.say("nothing", null);
        try {
            return Coroutine.of(await(nothing));
        } catch (NullPointerException e) {
            return Coroutine.of(-await(s.later(1)));
        }
    }

    @Async
    static Coroutine<String> awaitOfAwait(Script s) {
        return Coroutine.of(await(await(await(s.later(s.later(s.later("deep")))))));
    }
}
