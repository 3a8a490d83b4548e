package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Locals whose types meet, change or are missing at an await. */
final class LocalShapes {

    private LocalShapes() {}

    @Async
    static Coroutine<Integer> assignedOnSomePathsOnly(Script s) {
        int x;
        String t;
        if (await(s.later(true))) {
            x = await(s.later(2));
            t = "then";
            s.say(t + x);
        }
        await(s.later(0));
        x = 3;
        t = "end";
        return Coroutine.of(x + t.length() + await(s.later(x)));
    }

    @Async
    static Coroutine<String> nullThenInt(Script s) {
        String text = null;
        int n = 0;
        await(s.later(1));
        s.say(text + n);
        text = await(s.later("t"));
        return Coroutine.of(text + n);
    }

    @Async
    static Coroutine<String> nullUnlessAssignedInBranch(Script s) {
        List<String> list = null;
        for (int i = 0; i < 2; i++) {
            s.say(list);
            if (i == 1) {
                list = new ArrayList<>(List.of("a"));
            }
            await(s.later(i));
        }
        list.add(await(s.later("b")));
        Object nothing = null;
        await(s.later(nothing));
        return Coroutine.of(list + "" + nothing);
    }

    @Async
    static Coroutine<String> siblingsMeet(Script s) {
        boolean yes = await(s.later(true));
        Number n = yes ? Integer.valueOf(1) : Double.valueOf(2);
        await(s.later(0));
        var both = yes ? (Number & Comparable<?>) Integer.valueOf(5) : Float.valueOf(6);
        await(s.later(0));
        Serializable meet = yes ? "text" : 7;
        await(s.later(0));
        return Coroutine.of(n.intValue() + " " + both.intValue() + " " + (both instanceof Comparable) + meet);
    }

    @Async
    static Coroutine<Integer> interfacesMeet(Script s) {
        CharSequence text;
        Map<String, Integer> map;
        if (await(s.later(false))) {
            text = "string";
            map = new HashMap<>();
        } else {
            text = new StringBuilder("builder");
            map = new LinkedHashMap<>();
        }
        map.put("k", await(s.later(4)));
        return Coroutine.of(text.length() + map.get("k"));
    }

    @Async
    static Coroutine<String> arraysMeet(Script s) {
        boolean yes = await(s.later(true));
        Object array = yes ? new Object[] {1} : new float[] {2};
        await(s.later(0));
        Object[] maybe = yes ? null : new Object[0];
        await(s.later(0));
        Object dimensions = yes ? new int[][] {{3}} : new int[] {4};
        await(s.later(0));
        Object[] covariant = yes ? new String[] {"c"} : new Integer[] {5};
        covariant[0] = yes ? await(s.later("d")) : await(s.later(6));
        Cloneable cloneable = yes ? new int[1] : new long[1];
        await(s.later(0));
        return Coroutine.of(((Object[]) array)[0]
                + Arrays.toString(maybe)
                + ((int[][]) dimensions)[0][0]
                + covariant[0]
                + (cloneable instanceof int[]));
    }

    @Async
    static Coroutine<String> storeIntoCovariantArrayFails(Script s) {
        Object[] array = new Integer[1];
        try {
            array[0] = await(s.later("text"));
            return Coroutine.of("stored");
        } catch (ArrayStoreException e) {
            return Coroutine.of(e.getMessage() + await(s.later(array.length)));
        }
    }

    @Async
    static Coroutine<String> slotsUsedAgain(Script s) {
        StringBuilder b = new StringBuilder();
        {
            int n = 1;
            String text = "t";
            b.append(n + await(s.later(2))).append(text);
        }
        {
            long wide = 3L;
            b.append(wide + await(s.later(4L)));
        }
        {
            Object o = 'o';
            double d = 0.5;
            b.append(o).append(d * await(s.later(2)));
        }
        try {
            b.append(await(s.later("x")));
            throw new IllegalStateException("thrown");
        } catch (IllegalStateException e) {
            b.append(await(s.later(e.getMessage())));
        }
        for (int i = 0; i < 2; i++) {
            b.append(await(s.later(i)));
        }
        return Coroutine.of(b.toString());
    }

    @Async
    private static Coroutine<String> overwritten(long wide, Script s, Object value, double d) {
        value = value + "+" + await(s.later(1));
        wide++;
        await(s.later(0));
        value = List.of(value, wide);
        d += wide;
        Script other = s;
        s = null;
        return Coroutine.of(value + await(other.later(" " + d)) + s);
    }

    @Async
    static Coroutine<String> parametersOverwritten(Script s) {
        return Coroutine.of(await(overwritten(1L << 40, s, "v", 1.5)));
    }

    @Async
    static Coroutine<Integer> mergeRightAtAwait(Script s) {
        Coroutine<Integer> one = s.later(1);
        Coroutine<Integer> two = s.later(2);
        boolean yes = s.say("choose", true);
        int x = await(yes ? one : two);
        return Coroutine.of(x + await(!yes ? one : x > 1 ? null : two));
    }

    @Async
    static Coroutine<Integer> startsWithLoop(Script s) {
        while (await(s.later(s.say("turn", true)))) {
            if (await(s.later(true))) {
                return Coroutine.of(1);
            }
        }
        return Coroutine.of(0);
    }

    @Async
    private static Coroutine<Integer> countDown(Script s, int n) {
        do {
            n -= await(s.later(1));
        } while (n > 0);
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> startsWithDoWhile(Script s) {
        return Coroutine.of(await(countDown(s, 3)));
    }

    @Async
    private static Coroutine<Void> forEver(Script s) {
        for (; ; ) {
            await(s.later(null));
            s.say("turn");
            if (s.say("look", 1) == 1) {
                throw new IllegalStateException("out");
            }
        }
    }

    @Async
    static Coroutine<String> endlessLoop(Script s) {
        try {
            await(forEver(s));
            return Coroutine.of("ended");
        } catch (IllegalStateException e) {
            return Coroutine.of(e.getMessage());
        }
    }

    @Async
    static Coroutine<Void> throwAfterAwait(Script s) {
        await(s.later(1));
        throw new UnsupportedOperationException("after " + await(s.later(2)));
    }

    @Async
    static Coroutine<Integer> deadCodeAfterAwait(Script s) {
        int x = await(s.later(1));
        if (x == 1) {
            return Coroutine.of(x);
        } else if (x != 1 && x == await(s.later(2))) {
            throw new IllegalStateException();
        }
        while (true) {
            s.say("never");
        }
    }

    @Async
    static Coroutine<Integer> awaitInDeadBranch(Script s) {
        final boolean debug = false;
        if (debug) {
            await(s.later(1));
        }
        while (true) {
            if (!debug) {
                return Coroutine.of(3);
            }
            await(s.later(2));
        }
    }

    @Async
    static Coroutine<Integer> noAwait(Script s) {
        s.say("runs");
        return Coroutine.of(1);
    }

    @Async
    static Coroutine<Void> nothingAtAll(Script s) {
        return Coroutine.done();
    }

    @Async
    static Coroutine<Integer> onlyTail(Script s) {
        return s.later(1);
    }

    @Async
    static Coroutine<Integer> conditionalTail(Script s) {
        return s.say("choose", true) ? s.later(1) : Coroutine.of(2);
    }

    @Async
    static Coroutine<Integer> tailOfLocal(Script s) {
        Coroutine<Integer> later = s.later(await(s.later(5)));
        s.say("created");
        return later;
    }
}
