package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Async methods of every kind and in every kind of class. */
final class MethodShapes {

    private MethodShapes() {}

    static class Base {
        protected int value = 1;

        @Async
        Coroutine<Integer> packagePrivate(Script s) {
            return Coroutine.of(value + await(s.later(1)));
        }

        @Async
        protected Coroutine<String> overridden(Script s, String t) {
            return Coroutine.of("base" + t + await(s.later("b")));
        }

        @Async
        public final Coroutine<String> callsOverridden(Script s) {
            return Coroutine.of(await(overridden(s, "1")) + await(this.overridden(s, "2")) + value);
        }
    }

    static class Derived extends Base {
        protected int value = 2;

        @Override
        @Async
        protected Coroutine<String> overridden(Script s, String t) {
            String before = await(s.later("d"));
            String inherited = await(super.overridden(s, t));
            super.value += await(s.later(10));
            return Coroutine.of(before + inherited + super.value + value);
        }

        @Async
        private Coroutine<Integer> hidden(Script s, int n) {
            return n == 0 ? s.later(value) : Coroutine.of(1 + await(hidden(s, n - 1)));
        }

        @Async
        final Coroutine<Integer> usesPrivate(Script s) {
            return Coroutine.of(await(hidden(s, 2)) + await(packagePrivate(s)));
        }
    }

    @Async
    static Coroutine<String> overridingAndSuperCalls(Script s) {
        Base b = new Derived();
        return Coroutine.of(await(b.callsOverridden(s)) + await(new Base().callsOverridden(s)));
    }

    @Async
    static Coroutine<Integer> privateAndPackagePrivate(Script s) {
        return Coroutine.of(await(new Derived().usesPrivate(s)) * await(new Derived().hidden(s, 0)));
    }

    static class WithOverloads {
        @Async
        static Coroutine<String> same(Script s, int n) {
            return Coroutine.of("int" + n + await(s.later(1)));
        }

        @Async
        static Coroutine<String> same(Script s, Object o) {
            return Coroutine.of("object" + o + await(same(s, 3)));
        }

        @Async
        Coroutine<String> same(Script s) {
            return Coroutine.of(await(same(s, "x")) + await(same(s, 4)));
        }
    }

    @Async
    static Coroutine<String> overloads(Script s) {
        return Coroutine.of(await(new WithOverloads().same(s)));
    }

    interface Named<T> {
        T name();

        @Async
        default Coroutine<String> greet(Script s) {
            return Coroutine.of("hello " + name() + await(punctuation(s)) + await(statics(s, 3)));
        }

        @Async
        private Coroutine<String> punctuation(Script s) {
            return Coroutine.of(await(s.later("!")) + name());
        }

        @Async
        static Coroutine<Integer> statics(Script s, int n) {
            return n == 0 ? s.later(0) : Coroutine.of(n + await(statics(s, n - 1)));
        }
    }

    interface Louder extends Named<String> {
        @Override
        @Async
        default Coroutine<String> greet(Script s) {
            return Coroutine.of(await(Named.super.greet(s)) + await(s.later("!!")));
        }
    }

    record Person(String name, int age) implements Louder {
        @Async
        Coroutine<String> older(Script s) {
            return Coroutine.of(name + (age + await(s.later(1))) + await(Louder.super.greet(s)));
        }
    }

    @Async
    static Coroutine<String> interfaceMethods(Script s) {
        Named<String> plain = () -> "lambda";
        return Coroutine.of(await(plain.greet(s)) + await(new Person("p", 40).greet(s)) + await(Named.statics(s, 1)));
    }

    @Async
    static Coroutine<String> recordMethods(Script s) {
        return Coroutine.of(await(new Person("r", 41).older(s)));
    }

    enum Operation {
        PLUS("+") {
            @Override
            @Async
            Coroutine<Integer> apply(Script s, int a, int b) {
                return Coroutine.of(a + b + await(s.later(0)));
            }
        },
        TIMES("*") {
            @Override
            @Async
            Coroutine<Integer> apply(Script s, int a, int b) {
                int product = 0;
                for (int i = 0; i < a; i++) {
                    product = await(PLUS.apply(s, product, b));
                }
                return Coroutine.of(product);
            }
        };

        private final String sign;

        Operation(String sign) {
            this.sign = sign;
        }

        abstract Coroutine<Integer> apply(Script s, int a, int b);

        @Async
        Coroutine<String> describe(Script s) {
            return Coroutine.of(sign + name() + await(apply(s, 2, 3)));
        }
    }

    @Async
    static Coroutine<String> enumConstantBodies(Script s) {
        return Coroutine.of(await(Operation.PLUS.describe(s)) + await(Operation.TIMES.describe(s)));
    }

    interface Source<T> {
        Coroutine<? extends T> next(Script s);
    }

    static class Texts implements Source<CharSequence>, Supplier<Coroutine<String>> {
        private int count;
        private final Script script;

        Texts(Script script) {
            this.script = script;
        }

        @Override
        @Async
        public Coroutine<String> next(Script s) {
            return Coroutine.of("text" + ++count + await(s.later("!")));
        }

        @Override
        @Async
        public Coroutine<String> get() {
            return Coroutine.of("got" + ++count + await(script.later("?")));
        }
    }

    /** The bridge copies the annotation, and must run the body once. */
    @Async
    static Coroutine<String> bridges(Script s) {
        Source<CharSequence> source = new Texts(s);
        Supplier<Coroutine<String>> supplier = new Texts(s);
        return Coroutine.of("" + await(source.next(s)) + await(source.next(s)) + await(supplier.get()));
    }

    @Async
    private static <T extends Number & Comparable<T>> Coroutine<T> largest(Script s, List<? extends T> values) {
        T best = values.get(0);
        for (T each : values) {
            T awaited = await(s.later(each));
            if (awaited.compareTo(best) > 0 && awaited.intValue() > 0) {
                best = awaited;
            }
        }
        return Coroutine.of(best);
    }

    @Async
    static Coroutine<Integer> generics(Script s) {
        int largest = await(largest(s, List.of(3, 9, 5)));
        return Coroutine.of(
                largest + await(MethodShapes.<Integer>largest(s, List.of(-1))).intValue());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    @Async
    private static <T> Coroutine<String> varargs(Script s, T first, T... rest) {
        rest[0] = await(s.later(first));
        return Coroutine.of(rest.getClass().getSimpleName() + Arrays.toString(rest));
    }

    @Async
    static Coroutine<String> genericVarargs(Script s) {
        return Coroutine.of(await(varargs(s, "a", "b", await(s.later("c")))) + await(varargs(s, 1, 2)));
    }
}
