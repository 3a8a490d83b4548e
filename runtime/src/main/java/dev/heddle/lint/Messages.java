// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** The texts of the messages. The texts about awaits and {@code @Async} methods are those of the weaver. */
final class Messages {

    static final String UNDER_MONITOR =
            "await inside a synchronized block, whose monitor would stay locked while others run; "
                    + "use dev.heddle.sync.Lock, or await before or after the block";
    static final String SYNCHRONIZED =
            "an @Async method cannot be synchronized: its monitor would stay locked while others run; use dev.heddle.sync.Lock";
    static final String METHOD_REFERENCE = "await as a method reference, which cannot suspend; "
            + "write a lambda that returns a Coroutine, such as x -> Coroutine.of(await(x))";
    static final String WRONG_RETURN = "an @Async method returns a dev.heddle.Coroutine, this one does not; "
            + "let it return Coroutine<T>, or Coroutine<Void> when it has no result";
    static final String TRY_IN_LAMBDA =
            "this lambda returns a coroutine from inside a try, but has no await, so it is no coroutine itself: "
                    + "the coroutine runs later, and the try does not cover it; return Coroutine.of(await(…))";

    static final String WAIT_OF_OBJECT =
            "wait is the method of Object here, which hides the one that is imported; write Asyncio.wait(…)";

    static final String QUEUE_OF_JDK =
            "Queue is java.util.Queue here, which has no such method; import dev.heddle.sync.Queue";

    private Messages() {}

    /** The message for an await of a value of {@code type}, which is no awaitable; or null if there is nothing to say that javac does not say. */
    static @Nullable String cannotAwait(@Nullable Element type) {
        if (Types.isSubtype(type, "java.util.concurrent.Future")) {
            return "a java.util.concurrent.Future cannot be awaited, because it has no callbacks; "
                    + "use a CompletableFuture, or await(toThread(() -> future.get()))";
        }
        if (Types.isSubtype(type, "java.util.concurrent.Flow.Publisher")) {
            return "a Flow.Publisher cannot be awaited, because it publishes many elements; "
                    + "iterate(publisher, prefetch) makes an AsyncIterator of it";
        }
        return null;
    }

    /** The message for a call of {@code method} of {@code Object} in place of {@code meant}. */
    static String ofObject(String method, String meant) {
        return method + " is the method of Object, which wakes no task; call " + meant;
    }

    /** The message for a handler in a loop that catches {@code type}. */
    static String swallows(CharSequence type) {
        return "this loop continues when its task is cancelled, since it catches " + type
                + ", and CancelledError is an Error; catch Exception, or throw the CancelledError again";
    }

    static String withoutBody(String kind) {
        return "@Async on " + kind + " method, which has no body to suspend; annotate the methods that implement it";
    }

    /** The message for an await in {@code body}, which is no coroutine. */
    static String awaitOutside(Body body) {
        return switch (body.kind) {
            case CONSTRUCTOR ->
                "await in a constructor, which cannot suspend; "
                        + "await in a static @Async method that creates the object afterwards";
            case STATIC_INITIALISER ->
                "await in a static initialiser, which cannot suspend; "
                        + "await in an @Async method and store the result from there";
            case LAMBDA ->
                "await in a lambda that does not return a Coroutine; "
                        + "use a functional interface whose method returns one, such as AsyncSupplier or AsyncFunction";
            case MAIN ->
                "await in main, which no loop runs; "
                        + "await in an @Async method that returns a Coroutine, and call Asyncio.run of that here";
            default ->
                body.otherAsync != null
                        ? "await outside an @Async method, as @" + body.otherAsync + " is not dev.heddle.Async; "
                                + "import dev.heddle.Async in its place, and let the method return a Coroutine"
                        : "await outside an @Async method; annotate the method with @Async and let it return a Coroutine";
        };
    }

    static String wrongAnnotation(String name) {
        return "@" + name
                + " is not dev.heddle.Async, so this method is no coroutine; import dev.heddle.Async in its place";
    }

    /** The message for a dropped result of {@code method} in {@code body}, which is null in a class outside of methods. */
    static String dropped(String noun, CharSequence method, @Nullable Body body) {
        String rule = "the " + noun + " that " + method + " returns is dropped, so it never runs; ";
        if (body != null && body.kind == Body.Kind.ASYNC) {
            return rule + "await it, or start it with createTask";
        }
        return rule + "await it in an @Async method, start it with createTask, or run it with Asyncio.run";
    }

    static String droppedByLambda(String noun, CharSequence method) {
        return "the " + noun + " that " + method
                + " returns is dropped, since the lambda returns nothing, so it never runs; "
                + "start it with createTask, or use an interface whose method returns the Coroutine, such as AsyncSupplier";
    }

    static String notTheResult(String noun, CharSequence method) {
        return "this is the " + noun + " that " + method + " returns, and not its result; await it";
    }

    static String unused(String noun, CharSequence variable) {
        return "the " + noun + " in " + variable
                + " is never used, so it never runs; await it, or start it with createTask";
    }

    static String lockHeld(String lock) {
        return "await while " + lock
                + " is locked, which excludes nobody: all tasks of a loop share the thread that holds the lock; "
                + "use dev.heddle.sync.Lock";
    }

    static String blocks(CharSequence call, String remedy) {
        return call + " blocks the thread of the loop, and with it every other task; " + remedy;
    }
}
