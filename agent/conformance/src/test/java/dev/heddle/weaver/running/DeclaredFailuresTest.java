package dev.heddle.weaver.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.TargetLoader;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Awaits that declare exceptions, so that the compiler lets the program catch them. */
class DeclaredFailuresTest {

    private static final Class<?> TARGET = TargetLoader.wovenFrom("target.Declared", """
            package target;

            import static dev.heddle.Asyncio.await;
            import static dev.heddle.Asyncio.sleep;

            import dev.heddle.*;
            import java.io.IOException;
            import java.util.concurrent.CompletableFuture;
            import java.util.concurrent.CompletionStage;

            class Declared {

                static int chosen;

                // Has no throws clause, as a method of a foreign interface has none.
                static Coroutine<String> call(AsyncSupplier<String> body) {
                    return Asyncio.timeout(java.time.Duration.ofSeconds(9), time -> body.get());
                }

                @Async
                static Coroutine<String> caught() {
                    try {
                        return Coroutine.of(await(call(() -> { await(sleep(0)); throw new IOException("read"); }), IOException.class));
                    } catch (IOException failure) {
                        return Coroutine.of("caught " + failure.getMessage());
                    }
                }

                @Async
                static Coroutine<String> oneOfTwo() {
                    String seen = "";
                    for (int i = 0; i < 2; i++) {
                        int round = i;
                        try {
                            await(call(() -> {
                                await(sleep(0));
                                throw round == 0 ? new IOException("read") : new InterruptedException("stop");
                            }), IOException.class, InterruptedException.class);
                        } catch (IOException failure) {
                            seen += "1 " + failure.getMessage() + " ";
                        } catch (InterruptedException failure) {
                            seen += "2 " + failure.getMessage();
                        }
                    }
                    return Coroutine.of(seen);
                }

                @Async
                static Coroutine<String> another() {
                    try {
                        await(call(() -> { await(sleep(0)); throw new IllegalArgumentException("other"); }), IOException.class);
                    } catch (IOException failure) {
                        throw new AssertionError(failure);
                    } catch (IllegalArgumentException failure) {
                        return Coroutine.of("caught " + failure.getMessage());
                    }
                    return Coroutine.of("nothing");
                }

                @Async
                static Coroutine<String> stage() {
                    CompletableFuture<String> stage = new CompletableFuture<>();
                    Asyncio.getRunningLoop().callSoon(() -> stage.completeExceptionally(new IOException("stage")));
                    try {
                        return Coroutine.of(await((CompletionStage<String>) stage, IOException.class));
                    } catch (IOException failure) {
                        return Coroutine.of("caught " + failure.getMessage());
                    }
                }

                @Async
                static Coroutine<String> stageOfTwo() {
                    CompletableFuture<String> stage = new CompletableFuture<>();
                    Asyncio.getRunningLoop().callSoon(() -> stage.complete("stage"));
                    try {
                        return Coroutine.of(await(stage, IOException.class, InterruptedException.class));
                    } catch (IOException | InterruptedException failure) {
                        throw new AssertionError(failure);
                    }
                }

                static Class<IOException> choose() {
                    chosen++;
                    return null;
                }

                // The operands below stay, and the class is an expression like any other.
                @Async
                static Coroutine<String> evaluated() throws IOException {
                    String text = "a" + await(sleep(0, "b"), choose()) + 3L + await(sleep(0, "c"), choose()) + chosen;
                    return Coroutine.of(text);
                }
            }
            """);

    private static Object run(String name) throws ReflectiveOperationException {
        Method method = TARGET.getDeclaredMethod(name);
        method.setAccessible(true);
        return Asyncio.run((Coroutine<?>) method.invoke(null));
    }

    @Test
    void declaredFailureIsCaught() throws Exception {
        assertEquals("caught read", run("caught"));
        assertEquals("1 read 2 stop", run("oneOfTwo"));
        assertEquals("caught stage", run("stage"));
    }

    @Test
    void anotherFailureIsThrownAsItIs() throws Exception {
        assertEquals("caught other", run("another"));
    }

    @Test
    void classIsEvaluatedAndDropped() throws Exception {
        assertEquals("ab3c2", run("evaluated"));
        assertEquals("stage", run("stageOfTwo"));
    }

    @Test
    void compilerWantsItCaught() {
        Executable uncaught = () -> SourceCompiler.compile("target.Uncaught", """
                package target;
                import dev.heddle.*;
                class Uncaught {
                    @Async
                    static Coroutine<Void> uncaught() {
                        return Coroutine.of(Asyncio.await(Coroutine.done(), java.io.IOException.class));
                    }
                }
                """);
        String message = assertThrows(SourceCompiler.Rejected.class, uncaught).getMessage();
        assertTrue(message.contains("java.io.IOException"), message);
    }
}
