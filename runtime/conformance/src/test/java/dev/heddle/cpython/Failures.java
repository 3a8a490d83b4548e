package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;

/** Asserts that awaiting fails. */
public final class Failures {

    private Failures() {}

    /** Awaits {@code awaitable}, which has to throw a {@code type}, and returns the failure. */
    @Async
    public static <X extends Throwable> Coroutine<X> thrown(Class<X> type, Awaitable<?> awaitable) {
        Object result;
        try {
            result = await(awaitable);
        } catch (Throwable failure) {
            return Coroutine.of(assertInstanceOf(type, failure));
        }
        throw new AssertionError("no " + type.getSimpleName() + " but the result " + result);
    }
}
