package dev.heddle.weaver.refusals;

import static dev.heddle.weaver.refusals.RefusedClass.threw;

import org.junit.jupiter.api.Test;

/** Neither constructors nor static initialisers can suspend: the JVM runs each of them as one call. */
class InitialiserRefusalTest {

    private static final String IN_CONSTRUCTOR = "await in a constructor, which cannot suspend; "
            + "await in a static @Async method that creates the object afterwards";

    @Test
    void awaitInConstructor() {
        RefusedClass bad = RefusedClass.of("""
                    Refused(Script s) {
                        s.say("constructed");
                        await(s.later(1)); // 1
                    }
                    static Coroutine<Object> bad(Script s) {
                        return Coroutine.of(new Refused(s));
                    }
                """);
        String message = bad.message(".<init>", 1, IN_CONSTRUCTOR);
        bad.isRefusedWith(message);
        bad.running("bad", "constructed", threw(message));
    }

    @Test
    void awaitInArgumentOfSuperConstructor() {
        RefusedClass bad = RefusedClass.of("""
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
        String message = bad.message("$Child.<init>", 1, IN_CONSTRUCTOR);
        bad.nestedIsRefusedWith(RefusedClass.NAME + "$Child", message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInStaticInitialiser() {
        RefusedClass bad = RefusedClass.of("""
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
        bad.nestedIsRefusedWith(RefusedClass.NAME + "$Holder", message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInArgumentOfAnotherConstructor() {
        RefusedClass bad = RefusedClass.of("""
                    Refused(Object o) {}
                    Refused(Script s) {
                        this((Object) await(s.later(1))); // 1
                    }
                    static Coroutine<Object> bad(Script s) {
                        return Coroutine.of(new Refused(s));
                    }
                """);
        String message = bad.message(".<init>", 1, IN_CONSTRUCTOR);
        bad.isRefusedWith(message);
        bad.running("bad", threw(message));
    }

    @Test
    void awaitInFieldInitialiser() {
        RefusedClass bad = RefusedClass.of("""
                    static class Holder {
                        final Object held = await(Coroutine.of(1)); // 1
                    }
                    static Coroutine<Object> bad(Script s) {
                        return Coroutine.of(new Holder().held);
                    }
                """);
        String message = bad.message("$Holder.<init>", 1, IN_CONSTRUCTOR);
        bad.nestedIsRefusedWith(RefusedClass.NAME + "$Holder", message);
        bad.running("bad", threw(message));
    }
}
