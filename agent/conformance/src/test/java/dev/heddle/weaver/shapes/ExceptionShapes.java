package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.io.IOException;

/** Awaits in {@code try} and {@code catch}, and what is thrown through them. */
final class ExceptionShapes {

    private ExceptionShapes() {}

    private static final class Checked extends Exception {
        Checked(String message) {
            super(message);
        }
    }

    private static int fail(String message) {
        throw new IllegalStateException(message);
    }

    @Async
    static Coroutine<String> awaitInTry(Script s) {
        try {
            return Coroutine.of(await(s.later("fine")));
        } catch (RuntimeException e) {
            return Coroutine.of("caught " + e.getMessage());
        }
    }

    @Async
    static Coroutine<String> awaitInCatch(Script s) {
        String r = "r";
        try {
            r += fail("in try");
        } catch (IllegalStateException e) {
            r += await(s.later("c")) + e.getMessage();
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> awaitInAllParts(Script s) {
        StringBuilder b = new StringBuilder();
        try {
            b.append(await(s.later("t1"))).append(await(s.later("t2")));
            b.append(fail("middle"));
        } catch (RuntimeException e) {
            b.append(e.getMessage()).append(await(s.later("c1"))).append(await(s.later("c2")));
        } finally {
            b.append(await(s.later("f1"))).append(await(s.later("f2")));
            s.say(b);
        }
        return Coroutine.of(b.append(await(s.later("end"))).toString());
    }

    @Async
    static Coroutine<String> nestedInAllParts(Script s) {
        String r = "";
        try {
            try {
                r += await(s.later("a"));
                fail(r);
            } catch (IllegalStateException e) {
                try {
                    r += await(s.later("b"));
                    fail(r);
                } finally {
                    r += await(s.later("c"));
                }
            } finally {
                try {
                    r += await(s.later("d"));
                } catch (RuntimeException inner) {
                    r += await(s.later("e")) + inner.getMessage();
                }
            }
        } catch (RuntimeException outer) {
            r += outer.getMessage() + await(s.later("f"));
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> awaitLastInRange(Script s) {
        int x = 1;
        try {
            x = 2;
            await(s.later(0));
        } catch (RuntimeException e) {
            x += 10;
        }
        return Coroutine.of(x);
    }

    @Async
    static Coroutine<Integer> awaitFirstInRange(Script s) {
        int x = 1;
        Coroutine<Integer> later = s.later(5);
        try {
            x = await(later);
            fail("after");
        } catch (RuntimeException e) {
            x += 10;
        }
        return Coroutine.of(x);
    }

    @Async
    static Coroutine<Void> rangeCoversOnlyAwait(Script s) {
        Coroutine<Void> later = s.later(null);
        try {
            await(later);
        } catch (RuntimeException e) {
            s.say("caught");
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<String> orderOfHandlers(Script s) {
        String r = "";
        for (int i = 0; i < 4; i++) {
            try {
                await(s.later(i));
                switch (i) {
                    case 0 -> throw new IOException("io");
                    case 1 -> throw new IllegalStateException("state");
                    case 2 -> throw new Checked("checked");
                    default -> r += "none";
                }
            } catch (RuntimeException e) {
                r += "R" + e.getMessage() + await(s.later(1));
            } catch (IOException e) {
                r += "I" + e.getMessage() + await(s.later(2));
            } catch (Exception e) {
                r += "E" + e.getMessage() + await(s.later(3));
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<String> multiCatch(Script s) {
        String r = "";
        for (int i = 0; i < 3; i++) {
            try {
                r += await(s.later("t"));
                if (i == 0) {
                    throw new IOException("io");
                } else if (i == 1) {
                    throw new Checked("checked");
                }
            } catch (IOException | Checked e) {
                r += await(s.later("m"));
                r += e.getMessage();
            }
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Void> rethrowCaught(Script s) throws IOException {
        try {
            await(s.later(1));
            throw new IOException("first");
        } catch (IOException e) {
            s.say(await(s.later("cleaned up")));
            throw e;
        }
    }

    @Async
    static Coroutine<Integer> unusedCatchVariable(Script s) {
        try {
            fail("x");
        } catch (IllegalStateException unused) {
            await(s.later(0));
        }
        try {
            fail("y");
        } catch (IllegalStateException unused) {
        }
        return Coroutine.of(await(s.later(1)));
    }

    @Async
    static Coroutine<String> definedInTryUsedInCatch(Script s) {
        String r = "none";
        int n = 0;
        try {
            r = "before";
            n = 1;
            n += await(s.later(10));
            r = "after" + n;
            await(s.later(0));
            r = null;
            fail("end");
        } catch (RuntimeException e) {
            s.say(r + n);
            n += await(s.later(100));
        }
        return Coroutine.of(r + n);
    }

    @Async
    @SuppressWarnings("heddle") // catches everything on purpose
    static Coroutine<String> catchThrowableSeesNoSignals(Script s) {
        String r = "";
        for (int i = 0; i < 2; i++) {
            try {
                r += await(s.later(i));
            } catch (Error e) {
                r += "error" + await(s.later("E"));
            } catch (Throwable t) {
                r += "throwable" + t.getMessage();
            }
        }
        return Coroutine.of(r);
    }

    @Async
    private static Coroutine<Integer> failsBeforeAwait(Script s) {
        s.say("started");
        fail("early");
        return Coroutine.of(await(s.later(1)));
    }

    @Async
    private static Coroutine<Integer> failsAfterAwait(Script s) throws Checked {
        if (await(s.later(1)) == 1) {
            throw new Checked("late");
        }
        return Coroutine.of(2);
    }

    @Async
    static Coroutine<String> failuresOfCallees(Script s) {
        String r = "";
        try {
            r += await(failsBeforeAwait(s));
        } catch (IllegalStateException e) {
            r += e.getMessage();
        }
        try {
            r += await(failsAfterAwait(s));
        } catch (Checked e) {
            r += e.getMessage() + await(s.later("!"));
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> uncaughtAfterResumption(Script s) throws Checked {
        s.say(await(s.later(1)));
        return Coroutine.of(await(failsAfterAwait(s)) + await(s.later(2)));
    }

    @Async
    static Coroutine<String> divisionByZero(Script s) {
        int zero = await(s.later(0));
        try {
            return Coroutine.of("" + 1 / zero);
        } catch (ArithmeticException e) {
            return Coroutine.of(await(s.later("c")) + e.getMessage());
        }
    }

    @Async
    static Coroutine<String> operandsBelowAreDropped(Script s) {
        String r = "r";
        try {
            r = r + 1L + s.say("x", 2.5) + await(s.later("t")) + fail("f");
        } catch (RuntimeException e) {
            r += await(s.later(e.getMessage()));
        }
        return Coroutine.of(r);
    }

    @Async
    static Coroutine<Integer> retries(Script s) {
        int attempts = 0;
        while (true) {
            try {
                attempts++;
                if (attempts < 3) {
                    fail("attempt " + await(s.later(attempts)));
                }
                break;
            } catch (RuntimeException e) {
                s.say(e.getMessage());
                await(s.later("pause"));
            }
        }
        return Coroutine.of(attempts);
    }
}
