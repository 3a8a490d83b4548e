package dev.heddle.testing;

import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A loop for tests where nothing is woven. */
class TestLoopTest {

    @CoroutineTest
    void unwovenTestSaysHowToWeaveIt(TestLoop test) {
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> test.run(() -> {
                            Asyncio.await(sleep(1));
                            return Coroutine.done();
                        }))
                .getMessage();
        assertTrue(message.startsWith("dev.heddle.testing.TestLoopTest.lambda$unwovenTest"), message);
        assertTrue(message.contains("was not woven; start the JVM with -javaagent:heddle-agent.jar"), message);
    }

    @Test
    void limitAndTimeMayBeLongerThanThereIsTime() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        try (TestLoop test = new TestLoop()) {
            test.timeLimit(longest).advance(longest);
            assertTrue(test.time() > 9e9);
        }
    }

    @Test
    void closeWithoutARunDoesNothing() {
        TestLoop test = new TestLoop();
        assertEquals(0, test.time());
        test.close();
        assertTrue(test.loop().isClosed());
    }
}
