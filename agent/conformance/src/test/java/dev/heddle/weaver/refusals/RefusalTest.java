package dev.heddle.weaver.refusals;

import static dev.heddle.weaver.refusals.RefusedClass.NAME;
import static dev.heddle.weaver.refusals.RefusedClass.threw;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.weaver.Weaver;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Bad input: each is refused with one message that says where, why and what to write instead. The class still loads, the
 * method throws the message, and the other methods of the class work.
 */
class RefusalTest {

    private static final String OUTSIDE =
            "await outside an @Async method; annotate the method with @Async and let it return a Coroutine";

    private static final String WRONG_RETURN_TYPE =
            "an @Async method returns a dev.heddle.Coroutine, this one does not; "
                    + "let it return Coroutine<T>, or Coroutine<Void> when it has no result";

    private static final String METHOD_REFERENCE = "await as a method reference, which cannot suspend; "
            + "write a lambda that returns a Coroutine, such as x -> Coroutine.of(await(x))";

    @Test
    void moreParametersThanABodyCanHave() {
        String parameters = IntStream.range(0, 127).mapToObj(i -> "long p" + i).collect(Collectors.joining(", "));
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(%s, boolean last) {
                        return Coroutine.of(1); // 1
                    }
                    @Async
                    static Coroutine<Integer> full(%s) {
                        return Coroutine.of(1);
                    }
                """.formatted(parameters, parameters));
        bad.isRefusedWith(bad.message(
                ".bad",
                1,
                "the woven method has one parameter more, and would exceed 255 slots of parameters (JVMS 4.3.3); "
                        + "pass some of them in an object"));
    }

    @Test
    void awaitOutsideAsync() {
        RefusedClass bad = RefusedClass.of("""
                    static Coroutine<Integer> bad(Script s) {
                        s.say("before");
                        return Coroutine.of(s.say("argument", 1) + await(s.later(1))); // 1
                    }
                """);
        String message = bad.message(".bad", 1, OUTSIDE);
        bad.isRefusedWith(message);
        bad.running("bad", "before", "argument", threw(message));
    }

    /** Annotations that are named as ours, or say the same, on a method and on its class. */
    @Test
    void awaitUnderTheAnnotationOfAnother() {
        for (String name : new String[] {"Async", "Asynchronous"}) {
            RefusedClass bad = RefusedClass.of("""
                        static class Spring {
                            @interface %s {}
                        }
                        @Spring.%s
                        static class Service {
                            static Coroutine<Integer> inside(Script s) {
                                return Coroutine.of(await(s.later(1)));
                            }
                        }
                        @Spring.%s
                        static Coroutine<Integer> bad(Script s) {
                            return Coroutine.of(await(s.later(1))); // 1
                        }
                    """.formatted(name, name, name));
            bad.isRefusedWith(bad.message(
                    ".bad",
                    1,
                    "await outside an @Async method, as @" + NAME + "$Spring$" + name + " is not dev.heddle.Async; "
                            + "import dev.heddle.Async in its place, and let the method return a Coroutine"));
            String inside = NAME + "$Service.inside (Refused.java:" + bad.line("s.later(1)));") + "): ";
            bad.nestedIsRefusedWith(
                    NAME + "$Service",
                    inside + "await outside an @Async method, as @" + NAME + "$Spring$" + name
                            + " is not dev.heddle.Async; "
                            + "import dev.heddle.Async in its place, and let the method return a Coroutine");
        }
    }

    @Test
    void awaitInMain() {
        for (String parameters : new String[] {"", "String[] args"}) {
            RefusedClass bad = RefusedClass.of("""
                        public static void main(%s) {
                            await((Awaitable<?>) null); // 1
                        }
                    """.formatted(parameters));
            bad.isRefusedWith(bad.message(
                    ".main",
                    1,
                    "await in main, which no loop runs; "
                            + "await in an @Async method that returns a Coroutine, and call Asyncio.run of that here"));
        }
    }

    @Test
    void refusedAwaitIsCaughtWhereItStands() {
        RefusedClass bad = RefusedClass.of("""
                    private static <T> T wrong(Coroutine<T> c) {
                        return await(c); // 1
                    }
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        try {
                            return Coroutine.of(wrong(s.later(1)));
                        } catch (IllegalStateException e) {
                            s.say(e.getMessage());
                            return Coroutine.of(await(s.later(2)));
                        }
                    }
                """);
        String message = bad.message(".wrong", 1, OUTSIDE);
        bad.isRefusedWith(message);
        bad.running("bad", message, "returned 2");
    }

    @Test
    void awaitInLambdaThatReturnsNoCoroutine() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        int one = await(s.later(1));
                        Supplier<Integer> f = () -> {
                            s.say("called");
                            return one + await(s.later(2)); // 1
                        };
                        s.say("created");
                        return Coroutine.of(f.get());
                    }
                """);
        String message = bad.message(
                ".lambda$bad$0",
                1,
                "await in a lambda that does not return a Coroutine; use a functional interface whose method returns one, "
                        + "such as AsyncSupplier or AsyncFunction");
        bad.isRefusedWith(message);
        bad.running("bad", "created", "called", threw(message));
    }

    @Test
    void awaitAsMethodReference() {
        RefusedClass bad = RefusedClass.of("""
                    private static <T> Function<Awaitable<T>, T> generic() {
                        return Asyncio::await; // 1
                    }
                    static Coroutine<Integer> bad(Script s) {
                        Function<Coroutine<Integer>, Integer> f = Asyncio::await; // 2
                        Function<CompletionStage<String>, String> g = Asyncio::await; // 3
                        s.say("created");
                        try {
                            f.apply(s.later(1));
                        } catch (IllegalStateException e) {
                            s.say(e.getMessage());
                        }
                        try {
                            g.apply(null);
                        } catch (IllegalStateException e) {
                            s.say(e.getMessage());
                        }
                        return Coroutine.of(Refused.<Integer>generic().apply(s.later(2)));
                    }
                """);
        String generic = bad.message(".generic", 1, METHOD_REFERENCE);
        String ofCoroutine = bad.message(".bad", 2, METHOD_REFERENCE);
        String ofStage = bad.message(".bad", 3, METHOD_REFERENCE);
        bad.isRefusedWith(generic, ofCoroutine, ofStage);
        bad.running("bad", "created", ofCoroutine, ofStage, threw(generic));
    }

    @Test
    void asyncMethodThatReturnsNoCoroutine() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static Object object(Script s) {
                        return await(s.later(s.say("body", 1))); // 1
                    }
                    @Async
                    static void nothing(Script s) {
                        s.say("body"); // 2
                    }
                    static Coroutine<Object> bad(Script s) {
                        try {
                            nothing(s);
                        } catch (IllegalStateException e) {
                            s.say(e.getMessage());
                        }
                        return Coroutine.of(object(s));
                    }
                """);
        String object = bad.message(".object", 1, WRONG_RETURN_TYPE);
        String nothing = bad.message(".nothing", 2, WRONG_RETURN_TYPE);
        bad.isRefusedWith(object, nothing);
        bad.running("bad", nothing, threw(object));
    }

    @Test
    void asyncOnMethodsWithoutBody() {
        RefusedClass bad = RefusedClass.of("""
                    @Async
                    static native Coroutine<Integer> fromC(Script s);
                    interface Source {
                        @Async
                        Coroutine<Integer> next(Script s);
                    }
                    static Coroutine<Integer> bad(Script s) {
                        Source source = Refused::fine;
                        return source.next(s);
                    }
                """);
        String remedy = "which has no body to suspend; annotate the methods that implement it";
        bad.isRefusedWith(NAME + ".fromC (Refused.java): @Async on a native method, " + remedy);
        bad.nestedIsRefusedWith(
                NAME + "$Source", NAME + "$Source.next (Refused.java): @Async on an abstract method, " + remedy);
        assertNull(Weaver.weave(bad.classFiles().get(NAME + "$Source")).classFile());
        bad.running("bad", "returned 2");
    }

    @Test
    void withoutDebugInformation() {
        RefusedClass bad = RefusedClass.of("""
                    static Coroutine<Integer> bad(Script s) {
                        return Coroutine.of(await(s.later(1)));
                    }
                """, "-g:none");
        String message = NAME + ".bad (unknown source): " + OUTSIDE;
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }
}
