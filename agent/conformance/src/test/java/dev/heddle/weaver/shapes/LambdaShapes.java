package dev.heddle.weaver.shapes;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.weaver.Script;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Awaits in lambdas, and lambdas, method references and other dynamic calls around awaits. */
final class LambdaShapes {

    private final String name = "this";

    private LambdaShapes() {}

    /** Any functional interface will do whose method returns a coroutine. */
    interface WithPrimitives {
        Coroutine<String> call(long l, int i, double d, Object o);
    }

    @Async
    static Coroutine<String> capturesAcrossAwait(Script s) throws Exception {
        String text = "t";
        long wide = 1L << 40;
        double d = 0.5;
        AsyncFunction<Integer, String> f = n -> {
            String before = text + wide;
            int more = n + await(s.later(1));
            return Coroutine.of(before + more + d + await(s.later(text)));
        };
        return Coroutine.of(await(f.apply(1)) + await(f.apply(2)));
    }

    @Async
    static Coroutine<Integer> createdBeforeCalledAfter(Script s) throws Exception {
        int captured = await(s.later(5));
        AsyncSupplier<Integer> later = () -> Coroutine.of(captured * await(s.later(2)));
        await(s.later("between"));
        Supplier<Integer> plain = () -> captured + 1;
        int sum = await(later.get()) + await(s.later(100));
        return Coroutine.of(sum + plain.get());
    }

    @Async
    static Coroutine<String> nestedThreeDeep(Script s) throws Exception {
        String a = await(s.later("a"));
        AsyncFunction<String, String> outer = b -> {
            String ab = a + b + await(s.later("1"));
            AsyncFunction<String, String> middle = c -> {
                AsyncSupplier<String> inner = () -> Coroutine.of(ab + c + await(s.later("3")));
                return Coroutine.of(await(s.later("2")) + await(inner.get()));
            };
            return Coroutine.of(await(middle.apply("c")) + b);
        };
        return Coroutine.of(await(outer.apply("b")));
    }

    @Async
    static Coroutine<Integer> recursiveLambda(Script s) throws Exception {
        List<AsyncFunction<Integer, Integer>> self = new ArrayList<>();
        self.add(n -> n == 0
                ? Coroutine.of(await(s.later(1)))
                : Coroutine.of(n * await(self.get(0).apply(n - 1))));
        return Coroutine.of(await(self.get(0).apply(4)));
    }

    private Coroutine<String> capturesReceiver(Script s) throws Exception {
        AsyncSupplier<String> f = () -> Coroutine.of(name + await(s.later("+")) + this.name);
        return f.get();
    }

    @Async
    static Coroutine<String> lambdaThatCapturesThis(Script s) throws Exception {
        return Coroutine.of(await(new LambdaShapes().capturesReceiver(s)));
    }

    @Async
    static Coroutine<String> primitiveParameters(Script s) {
        WithPrimitives f = (l, i, d, o) -> {
            i += await(s.later(1));
            l *= await(s.later(2L));
            return Coroutine.of(l + " " + i + " " + d + " " + o);
        };
        return Coroutine.of(await(f.call(1L << 33, 2, 2.5, "o")));
    }

    @Async
    private static Coroutine<String> referred(Script s, String t) {
        return Coroutine.of(t + await(s.later("r")));
    }

    @Async
    private Coroutine<String> referredInstance(Script s) {
        return Coroutine.of(name + await(s.later("i")));
    }

    @Async
    static Coroutine<String> methodReferencesToAsyncMethods(Script s) {
        BiFunction<Script, String, Coroutine<String>> unbound = LambdaShapes::referred;
        Function<Script, Coroutine<String>> bound = new LambdaShapes()::referredInstance;
        BiFunction<LambdaShapes, Script, Coroutine<String>> ofReceiver = LambdaShapes::referredInstance;
        String first = await(unbound.apply(s, await(s.later("x"))));
        return Coroutine.of(first + await(bound.apply(s)) + await(ofReceiver.apply(new LambdaShapes(), s)));
    }

    @Async
    static Coroutine<Integer> lambdaFailsAndIsCaught(Script s) throws Exception {
        AsyncFunction<Integer, Integer> f = n -> {
            if (await(s.later(n)) > 1) {
                throw new IOException("n is " + n);
            }
            return Coroutine.of(n);
        };
        try {
            return Coroutine.of(await(f.apply(1)) + await(f.apply(2)));
        } catch (IOException e) {
            return Coroutine.of(e.getMessage().length() + await(s.later(10)));
        }
    }

    @Async
    static Coroutine<Integer> expressionLambdas(Script s) throws Exception {
        AsyncFunction<Integer, Integer> twice = n -> s.later(n * 2);
        AsyncFunction<Integer, Integer> awaiting = n -> Coroutine.of(await(s.later(n)) + 1);
        int sum = 0;
        for (AsyncFunction<Integer, Integer> f : List.of(twice, awaiting)) {
            sum = sum * 100 + await(f.apply(7));
        }
        return Coroutine.of(sum);
    }

    /** Its lambdas have a bridge, and the class gets a {@code $deserializeLambda$}. */
    interface Portable extends Function<Integer, Coroutine<Integer>>, Serializable {}

    @Async
    static Coroutine<Integer> serializableLambda(Script s) throws IOException, ClassNotFoundException {
        Portable f = n -> Coroutine.of(n + await(Coroutine.of(1)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(f);
        }
        Function<Integer, Coroutine<Integer>> copy = read(bytes.toByteArray());
        return Coroutine.of(await(copy.apply(await(s.later(40)))) + await(f.apply(1)));
    }

    @SuppressWarnings("unchecked")
    private static <T> T read(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            protected Class<?> resolveClass(java.io.ObjectStreamClass description) throws ClassNotFoundException {
                return Class.forName(description.getName(), false, LambdaShapes.class.getClassLoader());
            }
        }) {
            return (T) in.readObject();
        }
    }

    record Point(int x, long y) {}

    @Async
    static Coroutine<String> dynamicCallsBetweenAwaits(Script s) {
        Point p = new Point(await(s.later(1)), 2);
        boolean equal = p.equals(new Point(1, await(s.later(2L))));
        return Coroutine.of(p + "" + equal + (p.hashCode() == new Point(1, 2).hashCode()) + await(s.later("!")));
    }

    private static final AsyncSupplier<String> IN_FIELD = () -> Coroutine.of("f" + await(Coroutine.of(1)));

    @Async
    static Coroutine<String> lambdaInStaticField(Script s) throws Exception {
        return Coroutine.of(await(IN_FIELD.get()) + await(s.later("x")));
    }

    @Async
    static Coroutine<String> intersectionLambda(Script s) throws Exception {
        AsyncSupplier<String> f = (AsyncSupplier<String> & Serializable) () -> Coroutine.of(await(s.later("both")));
        return Coroutine.of(await(f.get()) + (f instanceof Serializable));
    }
}
