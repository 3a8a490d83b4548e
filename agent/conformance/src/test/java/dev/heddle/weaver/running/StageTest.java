package dev.heddle.weaver.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.weaver.TargetLoader;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Awaits of stages, with the loop of the runtime instead of a script. */
class StageTest {

    private static final Class<?> TARGET = TargetLoader.wovenFrom("target.Stages", """
            package target;

            import static dev.heddle.Asyncio.await;

            import dev.heddle.*;
            import java.util.concurrent.CompletableFuture;
            import java.util.concurrent.CompletionStage;

            class Stages {
                @Async
                static Coroutine<String> below(CompletionStage<String> first, CompletionStage<String> second) {
                    String r = "r";
                    for (int i = 0; i < 2; i++) {
                        r += 1L + await(first) + i + await(second);
                    }
                    return Coroutine.of(r);
                }

                @Async
                static Coroutine<String> completedMeanwhile(CompletableFuture<String> stage, CompletionStage<?> unused) {
                    Asyncio.getRunningLoop().callSoon(() -> stage.complete("later"));
                    return Coroutine.of(await(stage) + await(Asyncio.sleep(0, "!")));
                }
            }
            """);

    private static Object run(String method, Class<?> parameter, Object first, Object second) {
        return Asyncio.run(call(method, parameter, first, second));
    }

    private static Coroutine<?> call(String name, Class<?> parameter, Object first, Object second) {
        try {
            Method method = TARGET.getDeclaredMethod(name, parameter, CompletionStage.class);
            method.setAccessible(true);
            return (Coroutine<?>) method.invoke(null, first, second);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void stagesThatAreComplete() {
        CompletableFuture<String> a = CompletableFuture.completedFuture("a");
        assertEquals("r1a0b1a1b", run("below", CompletionStage.class, a, CompletableFuture.completedStage("b")));
    }

    @Test
    void stageThatCompletesLater() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertEquals("later!", run("completedMeanwhile", CompletableFuture.class, stage, null));
    }

    @Test
    void stageThatFailsThrowsWhatWasRaised() {
        IOException failure = new IOException("of a stage");
        CompletionStage<String> failed = CompletableFuture.failedStage(failure);
        assertSame(failure, assertThrows(IOException.class, () -> run("below", CompletionStage.class, failed, failed)));
    }
}
