package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;

/** As many live values as need each size of frame. */
final class SizeShapes {

    private SizeShapes() {}

    @Async
    static Coroutine<String> twoReferencesOnePrimitive(Script s) {
        String a = "a";
        int i = await(s.later(1));
        return Coroutine.of(a + i + await(s.later("x")));
    }

    @Async
    static Coroutine<String> fiveReferencesThreePrimitives(Script s) {
        String a = "a";
        String b = "b";
        String c = "c";
        String d = "d";
        int i = 1;
        long l = 2;
        double e = 3;
        await(s.later(0));
        return Coroutine.of(a + b + c + d + i + l + e + await(s.later("x")));
    }

    @Async
    static Coroutine<String> elevenReferencesSixPrimitives(Script s) {
        String a = "a";
        String b = await(s.later("b"));
        String c = "c";
        String d = "d";
        String e = await(s.later("e"));
        String f = "f";
        String g = "g";
        Integer h = await(s.later(8));
        int[] i = {9};
        Object[] j = {"j"};
        boolean z = true;
        float v = await(s.later(1.5f));
        double w = 2.5;
        long x = await(s.later(3L));
        char y = 'y';
        byte q = 1;
        await(s.later(0));
        i[0]++;
        String r = a + b + c + d + e + f + g + h + i[0] + j[0] + z + v + w + x + y + q;
        return Coroutine.of(r + await(s.later(r.length())));
    }

    @Async
    static Coroutine<String> manyOperandsInLoop(Script s) {
        String r = "";
        for (int n = 0; n < 2; n++) {
            r = join(
                    r, n, 1L, 2.5, "a", "b", "c", "d", "e", 'f', 3f, await(s.later("g")), await(s.later(n + 10L)), "h");
        }
        return Coroutine.of(r);
    }

    private static String join(
            String r,
            int n,
            long l,
            double d,
            String a,
            String b,
            String c,
            String e,
            String f,
            char g,
            float h,
            String i,
            long j,
            String k) {
        return r + n + l + d + a + b + c + e + f + g + h + i + j + k + ";";
    }

    @Async
    private static Coroutine<String> manyParameters(
            Script s,
            long a,
            String b,
            double c,
            Object d,
            float e,
            int[] f,
            char g,
            String h,
            byte i,
            Object j,
            Long k) {
        return Coroutine.of(a + b + c + d + e + f[0] + g + await(s.later(h)) + i + j + k);
    }

    @Async
    static Coroutine<String> parametersBeyondTheFields(Script s) {
        Coroutine<String> created = s.later("not this one");
        s.say(created == null);
        return Coroutine.of(await(manyParameters(s, 1, "b", 2, "d", 3, new int[] {4}, 'g', "h", (byte) 5, 'j', 6L)));
    }

    @Async
    static Coroutine<String> largeFrameAcrossLoopsAndFailures(Script s) {
        String a = "a";
        String b = "b";
        String c = "c";
        String d = "d";
        String e = "e";
        String f = "f";
        String g = "g";
        long l = 1;
        long m = 2;
        long n = 3;
        long o = 4;
        for (int i = 0; i < 2; i++) {
            try {
                l += await(s.later(m));
                g += await(s.later(a + b)) + o;
                throw new IllegalStateException(c);
            } catch (IllegalStateException thrown) {
                n *= await(s.later(o));
                f += thrown.getMessage();
            } finally {
                o += i;
                e += await(s.later(d));
            }
        }
        return Coroutine.of(a + b + c + d + e + f + g + l + m + n + o);
    }
}
