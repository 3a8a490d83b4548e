package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Methods that would be coroutines had they been woven, and are not, as this JVM has no agent: each says so, whether it awaits or not. */
class NotWovenTest {

    @Async
    private static Coroutine<Integer> result(int value, List<String> list) {
        return Coroutine.of(value + list.size());
    }

    @Async
    private Coroutine<Void> nothing() {
        return Coroutine.done();
    }

    private static Coroutine<Integer> noCoroutineFunction() {
        return Coroutine.of(3);
    }

    private static void assertNotWoven(String method, Supplier<Coroutine<?>> call) {
        String message = assertThrows(IllegalStateException.class, call::get).getMessage();
        assertEquals(
                "dev.heddle.NotWovenTest." + method
                        + " (NotWovenTest.java:LINE): an @Async method in a class that was not"
                        + " woven; start the JVM with -javaagent:heddle-agent.jar, which says on standard error what it"
                        + " cannot weave, or let heddle-maven-plugin weave the class in the build",
                message.replaceFirst(":[0-9]+", ":LINE"));
    }

    @Test
    void aMethodThatNeverAwaits() {
        assertNotWoven("result", () -> result(1, List.of()));
        assertNotWoven("nothing", this::nothing);
        for (int i = 0; i < 1000; i++) {
            Coroutine<Integer> allowed = noCoroutineFunction();
            assertEquals("<coroutine of 3>", allowed.toString());
        }
        assertNotWoven("nothing", this::nothing);
    }
}
