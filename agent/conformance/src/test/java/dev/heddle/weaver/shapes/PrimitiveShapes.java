package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.Arrays;

/** Each primitive type across awaits: as a local, an operand, an element, a parameter and a result. */
final class PrimitiveShapes {

    private PrimitiveShapes() {}

    @Async
    static Coroutine<String> locals(Script s) {
        boolean z = true;
        byte b = Byte.MIN_VALUE;
        char c = '\uFFFF';
        short h = Short.MIN_VALUE;
        int i = Integer.MIN_VALUE;
        long l = Long.MIN_VALUE + 1;
        float f = -0.0f;
        double d = Double.MIN_VALUE;
        await(s.later(null));
        return Coroutine.of(z + " " + b + " " + (int) c + " " + h + " " + i + " " + l + " " + f + " " + d);
    }

    @Async
    static Coroutine<String> floatingPointBits(Script s) {
        float f = Float.intBitsToFloat(0x7FC0_1234);
        double d = Double.longBitsToDouble(0x7FF8_0000_0000_4321L);
        await(s.later(null));
        return Coroutine.of(Float.floatToRawIntBits(f) + " " + Double.doubleToRawLongBits(d) + " "
                + (1 / -0.0f + await(s.later(Float.NEGATIVE_INFINITY))));
    }

    private static String all(boolean z, byte b, char c, short h, int i, long l, float f, double d, Object o) {
        return z + " " + b + " " + c + " " + h + " " + i + " " + l + " " + f + " " + d + " " + o;
    }

    @Async
    static Coroutine<String> operands(Script s) {
        return Coroutine.of(all(
                s.say("z", true),
                s.say("b", (byte) 1),
                s.say("c", 'c'),
                s.say("h", (short) -2),
                s.say("i", 3),
                s.say("l", -4L),
                s.say("f", 5.5f),
                s.say("d", 6.25),
                await(s.later("top"))));
    }

    @Async
    static Coroutine<String> results(Script s) {
        return Coroutine.of(all(
                await(s.later(false)),
                await(s.later((byte) 7)),
                await(s.later('r')),
                await(s.later((short) 300)),
                await(s.later(70_000)),
                await(s.later(1L << 60)),
                await(s.later(0.1f)),
                await(s.later(0.1)),
                "end"));
    }

    @Async
    static Coroutine<String> elements(Script s) {
        boolean[] z = {false};
        byte[] b = {1};
        char[] c = {'a'};
        short[] h = {2};
        int[] i = {3};
        long[] l = {4};
        float[] f = {5};
        double[] d = {6};
        z[0] = await(s.later(true));
        b[0] = await(s.later((byte) -1));
        c[0] += await(s.later(1));
        h[0]++;
        i[0] = i[0] * await(s.later(2));
        l[0] += await(s.later(10L));
        f[0] /= await(s.later(2f));
        d[0] -= await(s.later(0.5));
        return Coroutine.of(all(z[0], b[0], c[0], h[0], i[0], l[0], f[0], d[0], z.length));
    }

    @Async
    private static Coroutine<String> parameters(
            long l, boolean z, double d, byte b, char c, Script s, short h, float f, int i, long last, String... rest) {
        String before = all(z, b, c, h, i, l, f, d, last);
        l += await(s.later(1L));
        d = await(s.later(d * 2));
        b++;
        c += 1;
        h = (short) -h;
        i += await(s.later(100));
        z = !z;
        rest[0] += await(s.later("!"));
        return Coroutine.of(before + "|" + all(z, b, c, h, i, l, f, d, last) + Arrays.toString(rest));
    }

    @Async
    static Coroutine<String> parametersOfAllTypes(Script s) {
        String first = await(parameters(1L, true, 2.5, (byte) 3, 'd', s, (short) 5, 6.5f, 7, 8L, "x", "y"));
        Coroutine<String> second = s.later(first);
        return Coroutine.of(
                await(second) + await(parameters(-1L, false, -2.5, (byte) 127, 'z', s, (short) 1, 0f, 0, 0L, "q")));
    }

    @Async
    static Coroutine<String> intLikeConstants(Script s) {
        boolean z = true;
        byte b = 1;
        char c = 1;
        short h = 1;
        int i = 1;
        await(s.later(0));
        z &= await(s.later(true));
        b += await(s.later((byte) 127));
        c |= await(s.later('@'));
        h <<= await(s.later(15));
        i = z ? b : c;
        return Coroutine.of(z + " " + b + " " + (int) c + " " + h + " " + i);
    }

    private static int kind(boolean value) {
        return value ? 1 : 2;
    }

    private static int kind(byte value) {
        return 30 + value;
    }

    private static int kind(char value) {
        return 400 + value;
    }

    @Async
    static Coroutine<Integer> booleanAndByteArrays(Script s) {
        boolean[] z = {true, false};
        byte[] b = {4, -4};
        boolean loaded = z[await(s.later(0))];
        byte small = b[await(s.later(1))];
        char widened = (char) small;
        int sum = 0;
        for (boolean flag : z) {
            sum += kind(flag & loaded) * await(s.later(2));
        }
        return Coroutine.of(sum + kind(small) + kind(widened) + await(s.later((int) (byte) 200)));
    }

    @Async
    static Coroutine<String> conversions(Script s) {
        int i = (int) (double) await(s.later(3.99));
        long l = (long) (float) await(s.later(1e10f));
        byte b = (byte) (int) await(s.later(300));
        char c = (char) (int) await(s.later(98));
        double d = await(s.later(7));
        long compared = Long.compare(l, await(s.later(5L)));
        return Coroutine.of(i + " " + l + " " + b + " " + c + " " + d + " " + compared + (d > await(s.later(6.5))));
    }

    @Async
    static Coroutine<Long> increments(Script s) {
        int i = 0;
        long l = 0;
        i++;
        l += i++ + await(s.later(i)) + ++i;
        for (i = 10; i-- > 7; ) {
            l = l * 10 + await(s.later(i));
        }
        return Coroutine.of(l + i);
    }
}
