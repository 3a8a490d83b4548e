package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;

/** Awaits in sequence, in branches and in loops. */
final class BasicShapes {

    private BasicShapes() {}

    @Async
    static Coroutine<Integer> one(Script s) {
        int x = await(s.later(1));
        s.say(x);
        return Coroutine.of(x + 1);
    }

    @Async
    static Coroutine<Integer> loop(Script s) {
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += await(s.later(i));
            s.say(sum);
        }
        return Coroutine.of(sum);
    }

    @Async
    static Coroutine<String> nestedLoops(Script s) {
        StringBuilder b = new StringBuilder();
        long total = 1;
        double d = 0.5;
        outer:
        for (int i = 0; i < 3; i++) {
            b.append(await(s.later("o" + i)));
            int j = 0;
            while (true) {
                if (j == 2) {
                    continue outer;
                }
                d += await(s.later((double) j));
                total *= await(s.later(3L));
                j++;
                if (i == 2) {
                    break outer;
                }
            }
        }
        return Coroutine.of(b + " " + total + " " + d);
    }

    @Async
    static Coroutine<Integer> expression(Script s) {
        int x = 2;
        return Coroutine.of(x * await(s.later(3)) + s.say("f", 4) * (await(s.later(5)) - x));
    }

    record Pair(Object a, Object b) {}

    @Async
    static Coroutine<Object> construct(Script s) {
        Pair p = new Pair(new Pair(await(s.later("a")), s.say("x", 1)), new Pair(2L, await(s.later("b"))));
        s.say(p);
        return Coroutine.of(new Pair(await(s.later(1)) > 0 ? new Pair(await(s.later(7)), p) : null, 3.5f));
    }

    @Async
    static Coroutine<String> tryCatch(Script s) {
        String r = "";
        for (int i = 0; i < 2; i++) {
            try {
                r += await(s.later("a"));
                try {
                    r += await(s.later("b"));
                } finally {
                    r += await(s.later("f"));
                    s.say("finally " + r);
                }
            } catch (RuntimeException e) {
                s.say("caught " + e.getMessage() + r);
                r += await(s.later("c"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    private static Coroutine<Integer> inner(Script s, int n, long l) {
        if (n == 0) {
            return Coroutine.of(await(s.later((int) l)));
        }
        return inner(s, n - 1, l + n);
    }

    @Async
    static Coroutine<Integer> recursion(Script s) {
        int a = await(inner(s, 3, 10));
        s.say("between");
        int b = await(inner(s, 2, 20));
        return Coroutine.of(a + b);
    }

    interface Source {
        Coroutine<String> next(int i);
    }

    @Async
    static Coroutine<String> lambdas(Script s) {
        String prefix = await(s.later("p"));
        Source source = i -> {
            String t = prefix + await(s.later("l" + i));
            Source nested = k -> Coroutine.of(t + await(s.later("n" + k)));
            return nested.next(i * 2);
        };
        return Coroutine.of(await(source.next(1)) + await(source.next(2)));
    }
}
