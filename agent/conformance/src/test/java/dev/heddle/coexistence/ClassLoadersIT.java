package dev.heddle.coexistence;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Woven classes in class loaders of their own, as containers and plug-ins have them. */
@Timeout(60)
class ClassLoadersIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.util.function.*;

            public class Plugin implements Function<Integer, Coroutine<Integer>>, Supplier<Integer> {
                private static int calls;

                @Override
                @Async
                public Coroutine<Integer> apply(Integer i) {
                    calls++;
                    int sum = 0;
                    for (int round = 0; round < 3; round++) {
                        await(sleep(0));
                        sum += await(twice(i));
                    }
                    return Coroutine.of(sum + calls);
                }

                @Async
                private static Coroutine<Integer> twice(int i) {
                    await(sleep(0));
                    return Coroutine.of(2 * i);
                }

                /** Runs a loop by itself. */
                @Override
                public Integer get() {
                    return run(apply(7));
                }
            }

            class Absent {
                static Absent make() {
                    return new Absent();
                }
            }

            class Heir extends Absent {
                @Async
                Coroutine<Void> work() {
                    await(sleep(0));
                    return Coroutine.done();
                }
            }

            class Cautious implements Function<Boolean, Coroutine<String>> {
                @Override
                @Async
                public Coroutine<String> apply(Boolean isThere) {
                    Absent absent = isThere ? Absent.make() : null;
                    await(sleep(0));
                    return Coroutine.of(absent == null ? "without" : absent.toString());
                }
            }
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void compile() throws IOException {
        Program.compile(directory, "Plugin", SOURCE);
    }

    @Test
    void manyThreadsLoadAndCallAClassForTheFirstTime() throws Exception {
        int threads = 16;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int repetition = 0; repetition < 20; repetition++) {
                try (URLClassLoader loader = childOfOurs()) {
                    CyclicBarrier start = new CyclicBarrier(threads);
                    Callable<String> first = () -> {
                        start.await(30, TimeUnit.SECONDS);
                        return run(ClassLoadersIT.<Boolean, String>function(loader, "Cautious")
                                .apply(false));
                    };
                    List<Future<String>> results = new ArrayList<>();
                    for (int i = 0; i < threads; i++) {
                        results.add(executor.submit(first));
                    }
                    for (Future<String> result : results) {
                        assertEquals("without", result.get(30, TimeUnit.SECONDS));
                    }
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void twoLoadersHaveAClassOfTheSameNameEach() throws Exception {
        try (URLClassLoader one = childOfOurs();
                URLClassLoader other = childOfOurs()) {
            var first = ClassLoadersIT.<Integer, Integer>function(one, "Plugin");
            var second = ClassLoadersIT.<Integer, Integer>function(other, "Plugin");

            assertNotSame(first.getClass(), second.getClass());
            assertEquals(List.of(62, 121, 2), run(all(List.of(first.apply(10), second.apply(20), first.apply(0)))));
        }
    }

    @Async
    private static Coroutine<List<Integer>> all(List<Coroutine<Integer>> coroutines) {
        return Coroutine.of(await(gather(coroutines)));
    }

    @Test
    void aLoaderThatPrefersItsOwnRuntimeRunsItsOwnLoop() throws Exception {
        URL[] urls = {url(directory), url(Program.whereIs(Coroutine.class))};
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Object plugin = make(loader, "Plugin");

            assertNotSame(Coroutine.class, loader.loadClass(Coroutine.class.getName()));
            assertEquals(43, ((Supplier<?>) plugin).get());
        }
    }

    @Test
    void aClassWhoseSuperclassIsAbsentFailsAsWithoutTheAgent() throws Exception {
        Files.delete(directory.resolve("Absent.class"));
        try (URLClassLoader loader = childOfOurs()) {
            NoClassDefFoundError failure = assertThrows(NoClassDefFoundError.class, () -> loader.loadClass("Heir"));

            assertEquals("Absent", failure.getMessage());
        }
    }

    @Test
    void aVariableOfAnAbsentClassDoesNotMatterWhileItIsNull() throws Exception {
        Files.delete(directory.resolve("Absent.class"));
        try (URLClassLoader loader = childOfOurs()) {
            var cautious = ClassLoadersIT.<Boolean, String>function(loader, "Cautious");

            assertEquals("without", run(cautious.apply(false)));
            NoClassDefFoundError failure = assertThrows(NoClassDefFoundError.class, () -> run(cautious.apply(true)));
            assertEquals("Absent", failure.getMessage());
        }
    }

    private URLClassLoader childOfOurs() throws MalformedURLException {
        return new URLClassLoader(new URL[] {url(directory)}, getClass().getClassLoader());
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    @SuppressWarnings("unchecked") // as the source has it
    private static <A, T> Function<A, Coroutine<T>> function(ClassLoader loader, String name)
            throws ReflectiveOperationException {
        return (Function<A, Coroutine<T>>) make(loader, name);
    }

    private static Object make(ClassLoader loader, String name) throws ReflectiveOperationException {
        var constructor = loader.loadClass(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
