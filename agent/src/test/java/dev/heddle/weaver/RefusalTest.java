package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Bad input: each is refused with one message that says where, why and what to write instead. The class still loads, the
 * method throws the message, and the other methods of the class work.
 */
class RefusalTest {

    private static final String NAME = "target.Refused";

    private static final String HEADER = """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import dev.heddle.weaver.Script;
            import java.util.concurrent.CompletionStage;
            import java.util.function.*;

            class Refused {
                @Async
                static Coroutine<Integer> fine(Script s) {
                    return Coroutine.of(await(s.later(1)) + 1);
                }
            """;

    private static final String UNDER_MONITOR =
            "await inside a synchronized block, whose monitor would stay locked while others run; "
                    + "use dev.heddle.sync.Lock, or await before or after the block";

    private static final String OUTSIDE =
            "await outside an @Async method; annotate the method with @Async and let it return a Coroutine";

    private static final String WRONG_RETURN_TYPE =
            "an @Async method returns a dev.heddle.Coroutine, this one does not; "
                    + "let it return Coroutine<T>, or Coroutine<Void> when it has no result";

    private static final String METHOD_REFERENCE = "await as a method reference, which cannot suspend; "
            + "write a lambda that returns a Coroutine, such as x -> Coroutine.of(await(x))";

    /** A class with {@code members}, which mark the lines of refusals by comments {@code // 1}, {@code // 2} and so on. */
    private record Bad(String text, Map<String, byte[]> classFiles) {

        static Bad of(String members, String... options) {
            String text = HEADER + members + "}\n";
            return new Bad(text, SourceCompiler.compile(NAME, text, options));
        }

        /** The message for {@code member} of the class at the line marked by {@code mark}. */
        String message(String member, int mark, String rule) {
            List<String> lines = text.lines().toList();
            int line = 1;
            while (!lines.get(line - 1).endsWith("// " + mark)) {
                line++;
            }
            return NAME + member + " (Refused.java:" + line + "): " + rule;
        }

        void isRefusedWith(String... messages) {
            nestedIsRefusedWith(NAME, messages);
        }

        void nestedIsRefusedWith(String className, String... messages) {
            List<Refusal> refusals = Weaver.weave(classFiles.get(className)).refusals();
            assertEquals(
                    List.of(messages), refusals.stream().map(Refusal::message).toList());
        }

        /** Calls the static method {@code name(Script)} of the woven class and expects {@code events}. */
        void running(String name, String... events) {
            try {
                Class<?> type = Class.forName(NAME, true, new TargetLoader(NAME, classFiles, TargetLoader::weave));
                assertEquals(List.of(events), Shapes.outcome(type, name, new Script(n -> true, n -> false)));
                assertEquals(List.of("returned 2"), Shapes.outcome(type, "fine", new Script(n -> true, n -> false)));
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String threw(String message) {
        return "threw java.lang.IllegalStateException: " + message;
    }

    @Test
    void coroutineReturnedThroughFinallyInSynchronizedBlock() {
        Bad bad = Bad.of("""
                    @Async
                    static Coroutine<Integer> bad(Script s) {
                        synchronized (s) {
                            try {
                                return s.later(1); // 1
                            } finally { s.say("finally"); }
                        }
                    }
                """);
        bad.isRefusedWith(bad.message(".bad", 1, UNDER_MONITOR));
        bad.running("bad", threw(bad.message(".bad", 1, UNDER_MONITOR)));
    }

    @Test
    void moreParametersThanABodyCanHave() {
        String parameters = IntStream.range(0, 127).mapToObj(i -> "long p" + i).collect(Collectors.joining(", "));
        Bad bad = Bad.of("""
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
    void awaitInSynchronizedBlock() {
        Bad bad = Bad.of("""
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
    void synchronizedMethod() {
        Bad bad = Bad.of("""
                    @Async
                    static synchronized Coroutine<Integer> bad(Script s) {
                        s.say("body"); // 1
                        return Coroutine.of(await(s.later(1)));
                    }
                """);
        String message = bad.message(
                ".bad",
                1,
                "an @Async method cannot be synchronized: its monitor would stay locked while others run; "
                        + "use dev.heddle.sync.Lock");
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInConstructor() {
        Bad bad = Bad.of("""
                    Refused(Script s) {
                        s.say("constructed");
                        await(s.later(1)); // 1
                    }
                    static Coroutine<Object> bad(Script s) {
                        return Coroutine.of(new Refused(s));
                    }
                """);
        String message = bad.message(
                ".<init>",
                1,
                "await in a constructor, which cannot suspend; "
                        + "await in a static @Async method that creates the object afterwards");
        bad.isRefusedWith(message);
        bad.running("bad", "constructed", threw(message));
    }

    @Test
    void awaitInArgumentOfSuperConstructor() {
        Bad bad = Bad.of("""
                    static class Parent {
                        Parent(Object o) {}
                    }
                    static class Child extends Parent {
                        Child(Script s) {
                            super(await(s.later(1))); // 1
                        }
                    }
                    static Coroutine<Object> bad(Script s) {
                        return Coroutine.of(new Child(s));
                    }
                """);
        String message = bad.message(
                "$Child.<init>",
                1,
                "await in a constructor, which cannot suspend; "
                        + "await in a static @Async method that creates the object afterwards");
        bad.nestedIsRefusedWith(NAME + "$Child", message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInStaticInitialiser() {
        Bad bad = Bad.of("""
                    static class Holder {
                        static final Object HELD = await(Coroutine.of(1)); // 1
                    }
                    static Coroutine<Object> bad(Script s) throws Throwable {
                        try {
                            return Coroutine.of(Holder.HELD);
                        } catch (ExceptionInInitializerError e) {
                            throw e.getCause();
                        }
                    }
                """);
        String message = bad.message(
                "$Holder.<clinit>",
                1,
                "await in a static initialiser, which cannot suspend; "
                        + "await in an @Async method and store the result from there");
        bad.nestedIsRefusedWith(NAME + "$Holder", message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitOutsideAsync() {
        Bad bad = Bad.of("""
                    static Coroutine<Integer> bad(Script s) {
                        s.say("before");
                        return Coroutine.of(s.say("argument", 1) + await(s.later(1))); // 1
                    }
                """);
        String message = bad.message(".bad", 1, OUTSIDE);
        bad.isRefusedWith(message);
        bad.running("bad", "before", "argument", threw(message));
    }

    @Test
    void refusedAwaitIsCaughtWhereItStands() {
        Bad bad = Bad.of("""
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
        Bad bad = Bad.of("""
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
        Bad bad = Bad.of("""
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
        Bad bad = Bad.of("""
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
        Bad bad = Bad.of("""
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
        Bad bad = Bad.of("""
                    static Coroutine<Integer> bad(Script s) {
                        return Coroutine.of(await(s.later(1)));
                    }
                """, "-g:none");
        String message = NAME + ".bad (unknown source): " + OUTSIDE;
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void classFileWithoutStackMapFrames() {
        Bad bad = Bad.of("""
                    static void nothing() {}
                """);
        byte[] classFile = bad.classFiles().get(NAME).clone();
        classFile[7] = 50; // Java 6
        List<Refusal> refusals = Weaver.weave(classFile).refusals();
        assertEquals(
                List.of(NAME
                        + ".fine (Refused.java:13): class file version 50 is older than Java 7 and has no stack map "
                        + "frames; compile it with --release 8 or later"),
                refusals.stream().map(Refusal::message).toList());
    }
}
