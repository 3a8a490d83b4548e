package dev.heddle.testkit;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.sync.Lock;
import dev.heddle.testing.TestLoop;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A loop for tests finds objects that were never awaited. */
@SuppressWarnings("heddle")
class ForgottenAwaitsIT {

    @Async
    private static Coroutine<Coroutine<String>> sleepOneDay() {
        await(sleep(Duration.ofDays(1)));
        return Coroutine.of(Coroutine.of("result"));
    }

    private static String unawaited(AsyncSupplier<Void> body) {
        TestLoop test = new TestLoop();
        test.run(body);
        return assertThrows(AssertionError.class, test::close).getMessage();
    }

    private static String never(String name, String method) {
        return "coroutine '" + name + "' was never awaited, created at dev.heddle.testkit.ForgottenAwaitsIT." + method;
    }

    @Async
    private static Coroutine<Void> forgettingACoroutine() {
        sleepOneDay();
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    void aForgottenAwaitIsFound() {
        String message = unawaited(ForgottenAwaitsIT::forgettingACoroutine);
        String expected = never("dev.heddle.testkit.ForgottenAwaitsIT.sleepOneDay", "forgettingACoroutine(");
        assertTrue(message.startsWith(expected), message);
    }

    @Async
    private static Coroutine<Void> forgettingASleep() {
        sleep(1);
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    void aForgottenAwaitOfASleepIsFound() {
        String message = unawaited(ForgottenAwaitsIT::forgettingASleep);
        assertTrue(message.startsWith(never("dev.heddle.Asyncio.sleep", "forgettingASleep(")), message);
    }

    @Async
    private static Coroutine<Void> forgettingALock() {
        new Lock().acquire();
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    void aForgottenAwaitOfALockIsFound() {
        String message = unawaited(ForgottenAwaitsIT::forgettingALock);
        assertTrue(message.startsWith(never("dev.heddle.sync.Lock.acquire", "forgettingALock(")), message);
    }

    @Test
    void whatTheTestMakesOutsideTheLoopIsFoundToo() {
        TestLoop test = new TestLoop();
        sleepOneDay();
        String message = assertThrows(AssertionError.class, test::close).getMessage();
        String expected =
                never("dev.heddle.testkit.ForgottenAwaitsIT.sleepOneDay", "whatTheTestMakesOutsideTheLoopIsFoundToo(");
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void aFailedTestMayLeaveCoroutines() {
        assertEquals(
                "own",
                assertThrows(IllegalArgumentException.class, () -> {
                            try (TestLoop test = new TestLoop()) {
                                test.run(() -> {
                                    sleepOneDay();
                                    await(sleep(1));
                                    throw new IllegalArgumentException("own");
                                });
                            }
                        })
                        .getMessage());
    }
}
