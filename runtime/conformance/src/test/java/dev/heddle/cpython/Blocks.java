package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import java.time.Duration;
import java.util.List;

/** Building blocks of the tests of groups and timeouts. */
public final class Blocks {

    private Blocks() {}

    public static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    /** Returns {@code value} after {@code delay} seconds. */
    @Async
    public static <T> Coroutine<T> after(double delay, T value) {
        await(sleep(delay));
        return Coroutine.of(value);
    }

    /** Fails after {@code delay} seconds. */
    @Async
    public static Coroutine<Void> failingAfter(double delay, Throwable failure) {
        await(sleep(delay));
        throw Blocks.<RuntimeException>unchecked(failure);
    }

    /** Throws {@code failure} itself, even if it is a checked exception. The return type lets callers write {@code throw}. */
    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    public static <X extends Throwable> RuntimeException unchecked(Throwable failure) throws X {
        throw (X) failure;
    }

    /** Sleeps, and adds {@code note} to {@code notes} if the sleep is cancelled. */
    @Async
    public static Coroutine<Void> sleeping(double delay, List<String> notes, String note) {
        try {
            await(sleep(delay));
        } catch (CancelledError error) {
            notes.add(note);
            throw error;
        }
        return Coroutine.done();
    }

    /** Sleeps, and fails even if the sleep is cancelled. */
    @Async
    @SuppressWarnings("finally") // clean-up code that fails
    public static Coroutine<Void> failingAtTheEnd(double delay, RuntimeException failure) {
        try {
            await(sleep(delay));
        } finally {
            throw failure;
        }
    }

    /** Awaits {@code awaitable} and returns the failure, which has to be a {@code type}. */
    @Async
    public static <X extends Throwable> Coroutine<X> raised(Class<X> type, Awaitable<?> awaitable) {
        Throwable raised = null;
        try {
            await(awaitable);
        } catch (Throwable failure) {
            raised = failure;
        }
        return Coroutine.of(assertInstanceOf(type, raised, "what was raised"));
    }

    /** Returns the classes of the failures in {@code group}, in order. */
    public static List<Class<?>> types(ExceptionGroup group) {
        return group.exceptions().stream().<Class<?>>map(Object::getClass).toList();
    }
}
