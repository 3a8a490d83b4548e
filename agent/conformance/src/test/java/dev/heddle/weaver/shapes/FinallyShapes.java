package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;

/** Awaits in and before {@code finally}, and every way out of the {@code try}. */
final class FinallyShapes {

    private FinallyShapes() {}

    @Async
    static Coroutine<Integer> returnsValue(Script s) {
        int x = 1;
        try {
            x = await(s.later(2));
            return Coroutine.of(x);
        } finally {
            x = 100;
            s.say(await(s.later("finally")));
        }
    }

    @Async
    static Coroutine<Integer> returnsDone(Script s) {
        try {
            await(s.later(1));
            return Coroutine.of(null);
        } finally {
            s.say("finally");
        }
    }

    @Async
    @SuppressWarnings("finally")
    static Coroutine<String> returnInFinallyWins(Script s) {
        try {
            await(s.later(1));
            throw new IllegalStateException("lost");
        } finally {
            return Coroutine.of("kept" + await(s.later(2)));
        }
    }

    @Async
    @SuppressWarnings("finally")
    static Coroutine<String> throwInFinallyWins(Script s) {
        try {
            try {
                throw new IllegalStateException("lost" + await(s.later(1)));
            } finally {
                throw new IllegalArgumentException("kept" + await(s.later(2)));
            }
        } catch (IllegalArgumentException e) {
            return Coroutine.of(e.getMessage());
        }
    }

    @Async
    static Coroutine<String> breakThroughFinally(Script s) {
        String r = "";
        for (int i = 0; i < 3; i++) {
            try {
                r += await(s.later(i));
                if (i == 1) {
                    break;
                }
                r += "-";
            } finally {
                r += await(s.later("f"));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> continueThroughFinally(Script s) {
        String r = "";
        outer:
        for (int i = 0; i < 2; i++) {
            for (int k = 0; k < 2; k++) {
                try {
                    if (k == 1) {
                        continue outer;
                    }
                    r += await(s.later("k"));
                } finally {
                    r += await(s.later("f")) + i + k;
                }
            }
        }
        return Coroutine.of(r);
    }

    @Async
    @SuppressWarnings("finally")
    static Coroutine<String> breakInFinally(Script s) {
        String r = "";
        while (true) {
            try {
                r += await(s.later("t"));
                throw new IllegalStateException("lost");
            } finally {
                r += await(s.later("f"));
                break;
            }
        }
        return Coroutine.of(r);
    }

    @Async
    @SuppressWarnings("finally")
    static Coroutine<String> continueInFinally(Script s) {
        String r = "";
        for (int i = 0; i < 2; i++) {
            try {
                throw new IllegalStateException(await(s.later("lost")));
            } finally {
                r += await(s.later("f"));
                continue;
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> nestedFinally(Script s) {
        StringBuilder b = new StringBuilder();
        try {
            try {
                b.append(await(s.later("a")));
            } finally {
                try {
                    b.append(await(s.later("b")));
                } finally {
                    b.append(await(s.later("c")));
                    s.say(b);
                }
            }
        } finally {
            b.append(await(s.later("d")));
            s.say(b);
        }
        return Coroutine.of(b.toString());
    }

    @Async
    private static Coroutine<String> part(Script s, int mask) {
        String x = "0";
        try {
            x += "t";
            x += (mask & 1) != 0 ? await(s.later("1")) : "";
            if ((mask & 2) != 0) {
                throw new IllegalStateException("try " + x);
            }
            x += "u";
        } catch (IllegalStateException e) {
            x += "c";
            x += (mask & 4) != 0 ? await(s.later("2")) : "";
            if ((mask & 8) != 0) {
                throw new IllegalArgumentException("catch " + x + e.getMessage());
            }
            x += "d";
        } finally {
            x += "f";
            x += (mask & 16) != 0 ? await(s.later("3")) : "";
            s.say(x);
            if ((mask & 32) != 0) {
                throw new UnsupportedOperationException("finally " + x);
            }
            x += "g";
        }
        return Coroutine.of(x);
    }

    @Async
    static Coroutine<String> everyCombinationOfThrowAndSuspend(Script s) {
        StringBuilder b = new StringBuilder();
        for (int mask = 0; mask < 64; mask++) {
            try {
                b.append(await(part(s, mask))).append(' ');
            } catch (RuntimeException e) {
                b.append(mask).append(e.getMessage()).append(' ');
            }
        }
        return Coroutine.of(b.toString());
    }

    @Async
    static Coroutine<Integer> loopInFinally(Script s) {
        int n = 0;
        try {
            n += await(s.later(1));
        } finally {
            for (int i = 0; i < 2; i++) {
                n += await(s.later(10));
            }
            s.say(n);
        }
        return Coroutine.of(n);
    }

    @Async
    static Coroutine<Integer> tryFinallyInLoop(Script s) {
        int n = 0;
        for (int i = 0; i < 3; i++) {
            try {
                n += await(s.later(i));
                if (n > 2) {
                    return Coroutine.of(n);
                }
            } finally {
                n *= 2;
                s.say(n);
            }
        }
        return Coroutine.of(-1);
    }

    @Async
    static Coroutine<String> valueComputedInTry(Script s) {
        Object o = null;
        try {
            o = await(s.later("o"));
            s.say(o);
        } finally {
            if (o != null) {
                s.say("close " + o);
            }
        }
        return Coroutine.of(o + "!");
    }
}
