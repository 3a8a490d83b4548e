package dev.heddle.weaver.refusals;

import static dev.heddle.weaver.refusals.RefusedClass.threw;

import org.junit.jupiter.api.Test;

/** No await happens while a monitor is held: it would stay locked while other tasks run on the same thread. */
class MonitorRefusalTest {

    private static final String UNDER_MONITOR =
            "await inside a synchronized block, whose monitor would stay locked while others run; "
                    + "use dev.heddle.sync.Lock, or await before or after the block";

    private static final String SYNCHRONIZED =
            "an @Async method cannot be synchronized: its monitor would stay locked while others run; "
                    + "use dev.heddle.sync.Lock";

    @Test
    void awaitInSynchronizedBlock() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        int before = await(s.later(1));
                        s.say("before");
                        synchronized (s) {
                            before += await(s.later(2)); // 1
                            synchronized (NAME) {
                                before += await(s.later(3)); // 2
                            }
                        }
                        return Coroutine.of(before + await(s.later(4)));
                    }
                    static final Object NAME = "lock";
                """);
        String first = bad.message(".bad", 1, UNDER_MONITOR);
        bad.isRefusedWith(first, bad.message(".bad", 2, UNDER_MONITOR));
        bad.running("bad", threw(first));
    }

    @Test
    void synchronizedStaticMethod() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static synchronized Coroutine<Integer> bad(Script s) {
                        s.say("body"); // 1
                        return Coroutine.of(await(s.later(1)));
                    }
                """);
        String message = bad.message(".bad", 1, SYNCHRONIZED);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    /** A returned coroutine is awaited when the monitor has been released. */
    @Test
    void coroutineReturnedThroughFinallyInSynchronizedBlock() {
        RefusedClass fine = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> good(Script s) {
                        synchronized (s) {
                            try {
                                return s.later(1);
                            } finally { s.say("finally"); }
                        }
                    }
                """);
        fine.isRefusedWith();
        fine.running("good", "finally", "returned 1");
    }

    @Test
    void synchronizedInstanceMethod() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    synchronized Coroutine<Integer> locked(Script s) {
                        s.say("body"); // 1
                        return Coroutine.of(await(s.later(1)));
                    }
                    static Coroutine<Integer> bad(Script s) {
                        return new Refused().locked(s);
                    }
                """);
        String message = bad.message(".locked", 1, SYNCHRONIZED);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInThreeNestedBlocks() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        int n = 0;
                        synchronized (s) {
                            synchronized (Refused.class) {
                                synchronized (new Object()) {
                                    n += await(s.later(1)); // 1
                                }
                                n += await(s.later(2)); // 2
                            }
                            n += await(s.later(3)); // 3
                        }
                        return Coroutine.of(n + await(s.later(4)));
                    }
                """);
        String first = bad.message(".bad", 1, UNDER_MONITOR);
        bad.isRefusedWith(first, bad.message(".bad", 2, UNDER_MONITOR), bad.message(".bad", 3, UNDER_MONITOR));
        bad.running("bad", threw(first));
    }

    @Test
    void awaitWhileOneObjectIsLockedTwice() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        int n = 0;
                        synchronized (s) {
                            synchronized (s) {
                                n++;
                            }
                            n += await(s.later(1)); // 1
                        }
                        return Coroutine.of(n);
                    }
                """);
        String message = bad.message(".bad", 1, UNDER_MONITOR);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void monitorOfAnExpression() {
        RefusedClass bad = RefusedClass.of("""
                    private static Object lock(Script s) {
                        return s;
                    }
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        synchronized (lock(s)) {
                            return Coroutine.of(await(s.later(1))); // 1
                        }
                    }
                """);
        String message = bad.message(".bad", 1, UNDER_MONITOR);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInLoopAndHandlerUnderMonitor() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        int n = 0;
                        synchronized (s) {
                            for (int i = 0; i < 2; i++) {
                                try {
                                    n += Integer.parseInt("x");
                                } catch (NumberFormatException e) {
                                    n += await(s.later(1)); // 1
                                }
                            }
                        }
                        return Coroutine.of(n);
                    }
                """);
        String message = bad.message(".bad", 1, UNDER_MONITOR);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    /** The awaited object is evaluated inside the block, the await stands outside of it. */
    @Test
    void awaitOfWhatABlockComputesIsFine() {
        RefusedClass fine = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> good(Script s) {
                        Coroutine<Integer> later;
                        synchronized (s) {
                            later = s.later(5);
                        }
                        return Coroutine.of(await(later));
                    }
                """);
        fine.isRefusedWith();
        fine.running("good", "returned 5");
    }
}
