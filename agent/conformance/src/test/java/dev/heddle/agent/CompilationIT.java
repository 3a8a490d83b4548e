package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compilation of woven methods by HotSpot, in a JVM of its own that compiles in the foreground. */
class CompilationIT {

    /** The method is called by woven bodies alone, which need no coroutine of it, and never suspends: nothing of it is ever resolved. */
    private static final String FIBONACCI = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Fibonacci {
                @Async
                static Coroutine<Integer> fib(int n) {
                    return Coroutine.of(n < 2 ? n : await(fib(n - 1)) + await(fib(n - 2)));
                }

                @Async
                static Coroutine<Void> main() {
                    for (int i = 0; i < 5; i++) {
                        System.out.println("fib(22) = " + await(fib(22)));
                    }
                    return Coroutine.done();
                }

                public static void main(String[] args) {
                    run(main());
                }
            }
            """;

    @TempDir
    private Path directory;

    /** JDK-8280473: compilers before JDK 19 refuse a method with a dynamic constant that was not resolved. */
    @Test
    void compilesWhatHasNeverSuspended() throws Exception {
        Outcome outcome = Program.compile(directory, "Fibonacci", FIBONACCI)
                .withAgent("")
                .with("-Xbatch")
                .with("-XX:+PrintCompilation")
                .run("Fibonacci");
        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().contains("fib(22) = 17711"), outcome.out());
        List<String> compilations = outcome.out()
                .lines()
                .filter(line -> line.contains("Fibonacci::fib"))
                .toList();
        assertTrue(compilations.stream().noneMatch(line -> line.contains("COMPILE SKIPPED")), compilations::toString);
        assertTrue(
                compilations.stream().anyMatch(line -> line.matches(".* 4 +Fibonacci::fib .*")),
                compilations::toString);
    }
}
