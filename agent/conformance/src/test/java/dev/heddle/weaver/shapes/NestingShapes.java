package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.AbstractList;
import java.util.List;

/** Async methods of classes within classes, and what they reach in those around them. */
final class NestingShapes {

    private int secret = 5;
    private static int shared;

    private NestingShapes() {}

    private int bump(int by) {
        secret += by;
        return secret;
    }

    private final class Inner {
        private int own = 3;

        @Async
        private Coroutine<Integer> reachOut(Script s) {
            secret += await(s.later(1));
            own += bump(await(s.later(10)));
            return Coroutine.of(own + NestingShapes.this.secret);
        }

        final class Innermost {
            @Async
            Coroutine<Integer> reachFurther(Script s) {
                own *= await(s.later(2));
                return Coroutine.of(own + secret + await(reachOut(s)));
            }
        }
    }

    @Async
    static Coroutine<Integer> innerClasses(Script s) {
        NestingShapes outer = new NestingShapes();
        Inner inner = outer.new Inner();
        int sum = await(inner.reachOut(s));
        return Coroutine.of(sum * 1000 + await(inner.new Innermost().reachFurther(s)));
    }

    private static final class Nested {
        @Async
        private static Coroutine<Integer> useShared(Script s) {
            shared = 0;
            shared += await(s.later(4));
            return Coroutine.of(++shared);
        }
    }

    @Async
    static Coroutine<Integer> nestMates(Script s) {
        return Coroutine.of(await(Nested.useShared(s)) + shared);
    }

    @Async
    static Coroutine<Integer> localClass(Script s) {
        int captured = await(s.later(7));
        String text = "four";
        class Local {
            final int field = captured;

            @Async
            Coroutine<Integer> sum(long l) {
                return Coroutine.of(field + text.length() + (int) l + await(s.later(captured)));
            }
        }
        Local local = new Local();
        await(s.later(0));
        return Coroutine.of(await(local.sum(1L)) + await(new Local().sum(2L)));
    }

    interface Step {
        Coroutine<String> run(String t);
    }

    @Async
    static Coroutine<String> anonymousClass(Script s) {
        String captured = await(s.later("c"));
        Step step = new Step() {
            private int runs;

            @Override
            @Async
            public Coroutine<String> run(String t) {
                runs++;
                return Coroutine.of(t + captured + await(s.later(runs)));
            }
        };
        return Coroutine.of(await(step.run("1")) + await(step.run("2")));
    }

    @Async
    static Coroutine<String> anonymousClassWithoutAwait(Script s) {
        String captured = await(s.later("e"));
        List<String> list = new AbstractList<>() {
            @Override
            public String get(int index) {
                return captured + index;
            }

            @Override
            public int size() {
                return 2;
            }
        };
        return Coroutine.of(list + await(s.later("!")));
    }

    sealed interface Shape permits Circle, Square {
        @Async
        default Coroutine<Double> doubled(Script s) {
            return Coroutine.of(2 * await(area(s)));
        }

        Coroutine<Double> area(Script s);
    }

    record Circle(double radius) implements Shape {
        @Override
        @Async
        public Coroutine<Double> area(Script s) {
            return Coroutine.of(3 * radius * await(s.later(radius)));
        }
    }

    record Square(double side) implements Shape {
        @Override
        @Async
        public Coroutine<Double> area(Script s) {
            return Coroutine.of(side * await(s.later(side)));
        }
    }

    @Async
    static Coroutine<Double> sealedRecords(Script s) {
        double sum = 0;
        for (Shape shape : List.of(new Circle(1), new Square(2))) {
            sum += await(shape.doubled(s));
        }
        return Coroutine.of(sum);
    }

    abstract static class Template {
        @Async
        final Coroutine<String> run(Script s) {
            return Coroutine.of("<" + await(body(s)) + ">" + await(s.later("")));
        }

        abstract Coroutine<String> body(Script s);
    }

    static final class Lent extends Template {
        private final String text;

        Lent(String text) {
            this.text = text;
        }

        @Override
        @Async
        Coroutine<String> body(Script s) {
            Template nested = new Template() {
                @Override
                @Async
                Coroutine<String> body(Script s) {
                    return Coroutine.of(text + await(s.later("n")));
                }
            };
            return nested.run(s);
        }
    }

    @Async
    static Coroutine<String> templateMethods(Script s) {
        return Coroutine.of(await(new Lent("t").run(s)));
    }

    private static final Object LOCK = new Object();

    private synchronized int guarded(int by) {
        return bump(by);
    }

    private static synchronized void touchShared() {
        shared++;
    }

    /** A monitor is fine as long as no await happens while it is held. */
    @Async
    static Coroutine<String> monitorsBesideAwaits(Script s) {
        NestingShapes o = new NestingShapes();
        shared = 0;
        int before = await(s.later(1));
        synchronized (LOCK) {
            before += o.guarded(2);
            synchronized (o) {
                touchShared();
                s.say(Thread.holdsLock(LOCK) && Thread.holdsLock(o));
            }
        }
        before += await(s.later(3));
        for (int i = 0; i < 2; i++) {
            synchronized (new Object()) {
                before++;
            }
            before *= await(s.later(2));
        }
        s.say(Thread.holdsLock(LOCK) || Thread.holdsLock(o));
        return Coroutine.of(before + " " + shared);
    }

    @Async
    static Coroutine<String> exceptionOutOfMonitor(Script s) {
        try {
            synchronized (LOCK) {
                throw new IllegalStateException("inside");
            }
        } catch (IllegalStateException e) {
            return Coroutine.of(e.getMessage() + Thread.holdsLock(LOCK) + await(s.later("!")));
        }
    }

    /** Waiting under a monitor, for a thread that notifies under the same one, is as in any other method. */
    @SuppressWarnings("heddle") // blocks on purpose
    @Async
    static Coroutine<String> waitsAndIsNotified(Script s) throws InterruptedException {
        Object monitor = await(s.later(new Object()));
        boolean[] notified = new boolean[1];
        Thread notifier = new Thread(() -> {
            synchronized (monitor) {
                notified[0] = true;
                monitor.notifyAll();
            }
        });
        synchronized (monitor) {
            notifier.start();
            while (!notified[0]) {
                monitor.wait();
            }
        }
        notifier.join();
        return Coroutine.of(await(s.later("notified ")) + Thread.holdsLock(monitor));
    }
}
