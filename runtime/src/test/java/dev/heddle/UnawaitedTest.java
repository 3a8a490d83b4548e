package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.net.DatagramOptions;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import dev.heddle.sync.Semaphore;
import dev.heddle.testing.MemoryDatagrams;
import dev.heddle.workers.SharedQueue;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every public method returns that returns something to await: it is reported if nobody awaits it, and not if somebody does. A
 * {@link Future} is not meant, which goes on without anybody.
 */
class UnawaitedTest {

    private static final List<String> PACKAGES =
            List.of("dev.heddle", "dev.heddle.sync", "dev.heddle.testing", "dev.heddle.workers");

    /** What returns something that was made before. */
    private static final List<String> GETTERS = List.of("dev.heddle.Task.coroutine");

    /** The names in reports, where they are not those of the methods. */
    private static final Map<String, String> NAMES = Map.of(
            "dev.heddle.Coroutine.done", "dev.heddle.Coroutine.of",
            "dev.heddle.sync.Barrier.abort", "dev.heddle.Coroutine.of",
            "dev.heddle.sync.Barrier.reset", "dev.heddle.Coroutine.of",
            "dev.heddle.sync.Condition.acquire", "dev.heddle.sync.Lock.acquire",
            "dev.heddle.testing.MemoryDatagrams.bind", "dev.heddle.testing.MemoryDatagrams.bound",
            "dev.heddle.testing.MemoryDatagrams.connect", "dev.heddle.testing.MemoryDatagrams.connected");

    private static final int FEWEST_METHODS = 25;

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<String> reports = new ArrayList<>();

    UnawaitedTest() {
        loop.setExceptionHandler((source, context) -> reports.add(String.valueOf(context.get("message"))));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    // The methods

    static List<Method> methods() throws IOException, URISyntaxException {
        Path root = Path.of(Asyncio.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Method> methods = new ArrayList<>();
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.startsWith("package-info"))
                        .map(file -> load(name + "." + file.substring(0, file.length() - ".class".length())))
                        .filter(type -> Modifier.isPublic(type.getModifiers()))
                        .flatMap(type -> Arrays.stream(type.getMethods()))
                        .filter(UnawaitedTest::isMeant)
                        .forEach(methods::add);
            }
        }
        return methods.stream().distinct().toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, UnawaitedTest.class.getClassLoader());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean isMeant(Method method) {
        return Awaitable.class.isAssignableFrom(method.getReturnType())
                && !Future.class.isAssignableFrom(method.getReturnType())
                && !Modifier.isAbstract(method.getModifiers())
                && !GETTERS.contains(nameOf(method));
    }

    private static String nameOf(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    static Stream<Arguments> cases() throws IOException, URISyntaxException {
        return methods().stream().flatMap(method -> Stream.of(true, false).map(debug -> Arguments.of(method, debug)));
    }

    @Test
    void thereAreManySuchMethods() throws Exception {
        assertTrue(methods().size() >= FEWEST_METHODS, () -> "only " + FEWEST_METHODS);
    }

    // Calling them

    private @Nullable Object receiver(Class<?> type) {
        if (type == EventLoop.class) {
            return loop;
        }
        List<Object> receivers = List.of(
                new Lock(),
                new Event(),
                new Condition(),
                new Semaphore(1),
                new BoundedSemaphore(1),
                new Barrier(2),
                Queue.fifo(0),
                SharedQueue.unbounded(),
                MemoryDatagrams.create());
        return receivers.stream().filter(type::isInstance).findFirst().orElse(null);
    }

    private Object argument(Class<?> type) {
        Map<Class<?>, Object> arguments = Map.ofEntries(
                Map.entry(double.class, 1.0),
                Map.entry(Class.class, RuntimeException.class),
                Map.entry(Duration.class, Duration.ofSeconds(1)),
                Map.entry(ReturnWhen.class, ReturnWhen.ALL_COMPLETED),
                Map.entry(Awaitable.class, loop.createFuture()),
                Map.entry(Collection.class, List.of(loop.createFuture())),
                Map.entry(AsyncFunction.class, (AsyncFunction<Object, Object>) UnawaitedTest::nothing),
                Map.entry(AsyncSupplier.class, (AsyncSupplier<Object>) () -> nothing(null)),
                Map.entry(Consumer.class, (Consumer<Completer<Object>>) completer -> completer.complete("a result")),
                Map.entry(CompletionStage.class, new CompletableFuture<>()),
                Map.entry(Callable.class, (Callable<Object>) () -> 1),
                Map.entry(BooleanSupplier.class, (BooleanSupplier) () -> true),
                Map.entry(SocketAddress.class, new InetSocketAddress("10.0.0.1", 53)),
                Map.entry(DatagramOptions.class, DatagramOptions.DEFAULT),
                Map.entry(Object.class, "an object"));
        return Objects.requireNonNull(arguments.get(type), () -> "no argument of " + type);
    }

    private static Coroutine<Object> nothing(@Nullable Object argument) {
        return Script.script();
    }

    /** Runs {@code body} in the loop. */
    private void inLoop(Runnable body) {
        loop.callSoon(body);
        loop.runUntilIdle(Duration.ZERO);
    }

    private Awaitable<?> call(Method method) {
        Object[] arguments =
                Arrays.stream(method.getParameterTypes()).map(this::argument).toArray();
        try {
            return (Awaitable<?>)
                    Objects.requireNonNull(method.invoke(receiver(method.getDeclaringClass()), arguments), "awaitable");
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String reportOf(Method method) {
        return "coroutine '" + NAMES.getOrDefault(nameOf(method), nameOf(method)) + "' was never awaited, created at ";
    }

    private void watch(boolean debug) {
        if (debug) {
            loop.setDebug(true);
        } else {
            loop.setReportUnawaited(true);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatNobodyAwaitsIsReported(Method method, boolean debug) {
        watch(debug);
        inLoop(() -> call(method));
        loop.close();
        List<String> found = reports.stream()
                .filter(report -> report.startsWith(reportOf(method)))
                .toList();
        assertEquals(1, found.size(), reports::toString);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatSomebodyAwaitsIsNotReported(Method method, boolean debug) {
        watch(debug);
        inLoop(() -> {
            Future<?> awaiting = Asyncio.ensureFuture(call(method));
            loop.callLater(0, awaiting::cancel);
            awaiting.addDoneCallback(done -> done.markRetrieved());
        });
        loop.close();
        assertFalse(reports.stream().anyMatch(report -> report.contains("never awaited")), reports::toString);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void withoutDebugModeNothingIsReported(Method method) {
        inLoop(() -> call(method));
        loop.close();
        assertEquals(List.of(), reports);
    }

    // Those that are made while no loop runs

    @Test
    void aTestKnowsWhatItsThreadMakesWhileNoLoopRuns() throws InterruptedException {
        loop.setReportUnawaited(true);
        Asyncio.sleep(1);
        List<Awaitable<Void>> elsewhere = new ArrayList<>();
        Thread other = new Thread(() -> elsewhere.add(Asyncio.sleep(2)));
        other.start();
        other.join();
        try (EventLoop second = EventLoop.virtualTime()) {
            second.callSoon(() -> Asyncio.sleep(3));
            second.runUntilIdle(Duration.ZERO);
            loop.close();
            second.runUntilComplete(elsewhere.get(0));
        }
        assertEquals(1, reports.size(), reports::toString);
        assertTrue(reports.get(0).contains("dev.heddle.Asyncio.sleep"), reports.get(0));
    }

    @Test
    void aTestForgetsThemWhenItDoesNotWantThemAnyMore() {
        loop.setReportUnawaited(true);
        Asyncio.sleep(1);
        loop.setReportUnawaited(false);
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Test
    void ofManyATestKnowsTheNameOnly() {
        int most = 1_000;
        loop.setReportUnawaited(true);
        inLoop(() -> {
            for (int i = 0; i <= most; i++) {
                Asyncio.sleep(1);
            }
        });
        loop.close();
        assertEquals(most + 1, reports.size());
        assertTrue(reports.get(most - 1).contains("created at"), reports.get(most - 1));
        assertEquals("coroutine 'dev.heddle.Asyncio.sleep' was never awaited", reports.get(most));
    }
}
