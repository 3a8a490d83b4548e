package dev.heddle.threads;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Awaitable;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.cpython.Mirrors;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.TestLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/** toThread. */
@Timeout(20)
class CPythonThreadsIT {

    @CoroutineTest
    @Mirrors(
            value = {
                "test_threads.ToThreadTests.test_to_thread",
                "test_threads.ToThreadTests.test_to_thread_args_kwargs"
            },
            adapted = "a callable captures its arguments")
    void toThreadGivesTheResult(TestLoop test) {
        List<Integer> numbers = List.of(40, 2);
        test.run(() -> {
            assertEquals(
                    42,
                    await(toThread(
                            () -> numbers.stream().mapToInt(Integer::intValue).sum())));
            return Coroutine.done();
        });
    }

    private static Void fail() {
        throw new IllegalStateException("test");
    }

    @CoroutineTest
    @Mirrors("test_threads.ToThreadTests.test_to_thread_exception")
    void toThreadThrowsTheFailure(TestLoop test) {
        test.run(() -> {
            try {
                await(toThread(CPythonThreadsIT::fail));
            } catch (IllegalStateException failure) {
                assertEquals("test", failure.getMessage());
                return Coroutine.done();
            }
            throw new AssertionError("nothing was thrown");
        });
    }

    @CoroutineTest
    @Mirrors("test_threads.ToThreadTests.test_to_thread_once")
    void toThreadCallsOnce(TestLoop test) {
        AtomicInteger calls = new AtomicInteger();
        test.run(() -> {
            assertEquals(1, await(toThread(calls::incrementAndGet)));
            return Coroutine.done();
        });
        assertEquals(1, calls.get());
    }

    @CoroutineTest
    @Mirrors("test_threads.ToThreadTests.test_to_thread_concurrent")
    void toThreadCallsConcurrently(TestLoop test) {
        AtomicInteger calls = new AtomicInteger();
        test.run(() -> {
            List<Awaitable<Integer>> futures = Stream.<Callable<Integer>>generate(() -> calls::incrementAndGet)
                    .limit(10)
                    .map(call -> toThread(call))
                    .toList();
            assertEquals(Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), Set.copyOf(await(gather(futures))));
            return Coroutine.done();
        });
        assertEquals(10, calls.get());
    }

    @CoroutineTest
    @Mirrors("test_threads.ToThreadTests.test_to_thread_contextvars")
    void toThreadTakesTheContextAlong(TestLoop test) {
        ContextVar<String> variable = new ContextVar<>("variable");
        test.run(() -> {
            variable.set("parrot");
            assertEquals("parrot", await(toThread(variable::get)));
            return Coroutine.done();
        });
    }
}
