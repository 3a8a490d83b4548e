package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Awaits in loops, in labelled blocks and across calls. */
final class ControlFlowShapes {

    private ControlFlowShapes() {}

    @Async
    static Coroutine<Integer> everyKindOfLoop(Script s) {
        int sum = 0;
        for (int i = await(s.later(0)); i < await(s.later(2)); i += await(s.later(1))) {
            sum += i + await(s.later(10));
        }
        int n = 2;
        while (n-- > await(s.later(0))) {
            sum += await(s.later(100));
        }
        do {
            sum += await(s.later(1000));
        } while (++n < await(s.later(2)));
        return Coroutine.of(sum);
    }

    @Async
    static Coroutine<String> forEachOverArrays(Script s) {
        StringBuilder b = new StringBuilder();
        for (int i : await(s.later(new int[] {1, 2}))) {
            b.append(i).append(await(s.later("i")));
        }
        for (double[] row : new double[][] {{1}, {2, 3}}) {
            for (double d : row) {
                b.append(d * await(s.later(2)));
            }
        }
        for (String t : new String[] {await(s.later("x")), "y"}) {
            b.append(await(s.later(t)));
        }
        return Coroutine.of(b.toString());
    }

    @Async
    static Coroutine<String> forEachOverIterables(Script s) {
        StringBuilder b = new StringBuilder();
        for (String t : await(s.later(List.of("a", "b")))) {
            b.append(t).append(await(s.later(1)));
        }
        for (Map.Entry<String, Integer> e : new TreeMap<>(Map.of("k", 1, "l", 2)).entrySet()) {
            b.append(e.getKey()).append(e.getValue() + await(s.later(1)));
        }
        return Coroutine.of(b.toString());
    }

    /** An iterator whose elements are coroutines, so that each step awaits. */
    private record Counting(Script s, int[] count) implements Iterator<Coroutine<Integer>> {
        @Override
        public boolean hasNext() {
            return count[0] < 3;
        }

        @Override
        public Coroutine<Integer> next() {
            return s.later(count[0]++);
        }
    }

    @Async
    static Coroutine<Integer> iteratorThatIsAwaited(Script s) {
        int sum = 0;
        Iterable<Coroutine<Integer>> source = () -> new Counting(s, new int[1]);
        for (Coroutine<Integer> each : source) {
            sum = sum * 10 + await(each);
        }
        return Coroutine.of(sum);
    }

    @Async
    static Coroutine<String> labelledLoops(Script s) {
        StringBuilder b = new StringBuilder();
        rows:
        for (int r = 0; r < 4; r++) {
            for (int c = 0; c < 4; c++) {
                if (c == 2 && r == 1) {
                    await(s.later(0));
                    continue rows;
                }
                b.append(r).append(c).append(await(s.later(" ")));
                if (r == 2) {
                    break rows;
                }
                if (c > r) {
                    continue rows;
                }
            }
            b.append(await(s.later("|")));
        }
        return Coroutine.of(b.toString());
    }

    @Async
    static Coroutine<String> labelledBlocks(Script s) {
        String r = "";
        block:
        {
            r += await(s.later("a"));
            if (r.length() == 1) {
                break block;
            }
            r += await(s.later("never"));
        }
        block:
        try {
            if (await(s.later(true))) {
                break block;
            }
            r += "never";
        } finally {
            r += await(s.later("f"));
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> threeLoopsDeep(Script s) {
        int n = 0;
        for (int i = 0; i < 2; i++) {
            long between = i;
            for (int j = 0; j < 2; j++) {
                String t = i + "," + j;
                for (int k = 0; k < 2; k++) {
                    n = n * 3 + await(s.later(i + j + k));
                    s.say(t + k + between);
                }
                between += await(s.later(1L));
            }
            n++;
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> loopsWithoutAwaitBetween(Script s) {
        int n = 0;
        for (int i = 0; i < 1000; i++) {
            n += i;
        }
        n += await(s.later(1));
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 1000; k++) {
                n ^= k;
            }
            n += await(s.later(i));
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> loopVariablesCaptured(Script s) {
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            int copy = i;
            Iterable<Integer> three = () -> List.of(copy, copy + 1).iterator();
            for (int each : three) {
                sum = sum * 10 + each + await(s.later(copy));
            }
        }
        return Coroutine.of(sum);
    }

    @Async
    private static Coroutine<Long> factorial(Script s, long n) {
        if (n == 0) {
            return Coroutine.of(await(s.later(1L)));
        }
        return Coroutine.of(n * await(factorial(s, n - 1)));
    }

    @Async
    static Coroutine<Long> recursionAfterAndBeforeAwait(Script s) {
        long before = await(factorial(s, 3));
        return Coroutine.of(before + await(s.later(2L)) * await(factorial(s, 5)));
    }

    @Async
    private static Coroutine<Boolean> even(Script s, int n) {
        return n == 0 ? Coroutine.of(await(s.later(true))) : odd(s, n - 1);
    }

    @Async
    private static Coroutine<Boolean> odd(Script s, int n) {
        if (n == 0) {
            return Coroutine.of(false);
        }
        s.say(await(s.later(n)));
        return even(s, n - 1);
    }

    @Async
    static Coroutine<String> mutualRecursion(Script s) {
        return Coroutine.of(await(even(s, 4)) + " " + await(odd(s, 2)));
    }

    @Async
    private static Coroutine<Integer> fibonacci(Script s, int n) {
        return n < 2
                ? Coroutine.of(n == 1 ? await(s.later(1)) : n)
                : Coroutine.of(await(fibonacci(s, n - 1)) + await(fibonacci(s, n - 2)));
    }

    @Async
    static Coroutine<Integer> doubleRecursion(Script s) {
        return fibonacci(s, 7);
    }

    @Async
    static Coroutine<Integer> loopWithSeveralBackEdges(Script s) {
        int n = 0;
        while (n < 10) {
            if (n % 3 == 0) {
                n += await(s.later(1));
                continue;
            }
            if (n % 3 == 1) {
                n += 2;
                continue;
            }
            n += await(s.later(2));
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> loopInCatch(Script s) {
        int n = 0;
        try {
            throw new IllegalStateException("first");
        } catch (IllegalStateException e) {
            for (int i = 0; i < 3; i++) {
                n += await(s.later(e.getMessage().length()));
            }
        }
        return Coroutine.of(n);
    }
}
