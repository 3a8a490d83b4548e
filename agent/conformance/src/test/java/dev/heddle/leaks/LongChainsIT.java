package dev.heddle.leaks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any number of suspended methods may await each other: how they end takes no stack, and no more time than they are. */
class LongChainsIT {

    /** The JVM cuts traces off there (its option MaxJavaStackTraceDepth). */
    private static final int LONGEST_TRACE = 1024;

    /** How many calls nest on the stack before it unwinds. */
    private static final int NESTED = 500;

    @Async
    private static <T> Coroutine<T> chain(int length, Awaitable<T> awaitable) {
        if (length % NESTED == 0) {
            await(sleep(0));
        }
        return Coroutine.of(await(length == 0 ? awaitable : chain(length - 1, awaitable)));
    }

    @Async
    private Coroutine<Integer> overridable(int length) {
        await(sleep(0));
        return Coroutine.of(length == 0 ? 0 : 1 + await(overridable(length - 1)));
    }

    @Async
    private static Coroutine<Object> failing() {
        await(sleep(1));
        throw new IllegalArgumentException("ground");
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 100_000})
    void resumes(int length) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals("ground", loop.runUntilComplete(chain(length, sleep(1, "ground"))));
            assertEquals(length, loop.runUntilComplete(overridable(length)));
        }
    }

    private static void assertTraceOfChain(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        assertEquals(LONGEST_TRACE, trace.length);
        assertEquals("chain", trace[1].getMethodName());
        assertEquals("chain", trace[LONGEST_TRACE - 1].getMethodName());
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 100_000})
    void fails(int length) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertTraceOfChain(assertThrows(
                    IllegalArgumentException.class, () -> loop.runUntilComplete(chain(length, failing()))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 100_000})
    void isCancelled(int length) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Object> task = loop.createTask(chain(length, sleep(1000, "never")));
            loop.callLater(1, () -> task.cancel("stop"));
            assertTraceOfChain(assertThrows(CancelledError.class, () -> loop.runUntilComplete(task)));
            assertTrue(task.isCancelled());
        }
    }

    /** Each method throws a failure of its own, the next one's cause; each gets a trace of the longest kind at most. */
    @Async
    private static Coroutine<Object> wrapping(int length) {
        await(sleep(0));
        try {
            return Coroutine.of(await(length == 0 ? failing() : wrapping(length - 1)));
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException("wrapped", failure);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 1_200)
    void failsWithManyCauses(int length) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Throwable failure =
                    assertThrows(IllegalArgumentException.class, () -> loop.runUntilComplete(wrapping(length)));
            int causes = 0;
            int longest = 0;
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                causes++;
                longest = Math.max(longest, cause.getStackTrace().length);
            }
            assertEquals(length + 1, causes);
            assertEquals(LONGEST_TRACE, longest);
        }
    }
}
