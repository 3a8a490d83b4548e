package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Methods that await each other and fail. A method that calls the next one also calls {@link #here} on the same line.
 * These calls record the trace that plain calls would have.
 */
final class Traced {

    /** The line at which each method calls the next one. */
    private static final Map<String, Integer> LINES = new HashMap<>();

    private Traced() {}

    /** Records that {@code method} calls from this line, and returns {@code value}. */
    static <T> T here(String method, T value) {
        int line = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow())
                .getLineNumber();
        LINES.put(method, line);
        return value;
    }

    /**
     * Returns the frames that {@code methods} would have, the innermost first. The part of a name after a dot
     * distinguishes several calls in one method.
     */
    static List<String> plainFrames(String... methods) {
        return Stream.of(methods)
                .map(method -> method.replaceFirst("[.].*", "") + ":" + LINES.get(method))
                .toList();
    }

    /** The frames of a trace that are methods of this class. */
    static List<String> frames(Throwable failure) {
        return frames(Arrays.asList(failure.getStackTrace()));
    }

    static List<String> frames(List<StackTraceElement> trace) {
        return trace.stream()
                .filter(element -> element.getClassName().startsWith(Traced.class.getName()))
                .filter(element -> !element.getMethodName().equals("here"))
                .map(element -> nameOf(element) + ":" + element.getLineNumber())
                .toList();
    }

    private static String nameOf(StackTraceElement element) {
        return element.getMethodName().replaceFirst("^lambda\\$(.*)\\$.*", "$1");
    }

    @Async
    static Coroutine<Void> failing(double delay) throws IOException {
        if (delay >= 0) {
            await(sleep(delay));
        }
        throw here("failing", new IOException("broken"));
    }

    @Async
    static Coroutine<Void> calling(double delay) throws IOException {
        await(here("calling", failing(delay)));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> callingLater(double delay) throws IOException {
        await(sleep(1));
        await(here("callingLater", calling(delay)));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> delegating(double delay) throws IOException {
        return calling(delay);
    }

    @Async
    static Coroutine<Void> outermost(Awaitable<?> awaitable) {
        await(here("outermost", awaitable));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> recursive(int depth) throws IOException {
        await(here("recursive", depth == 0 ? failing(1) : recursive(depth - 1)));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughTask(double delay) throws IOException {
        Task<Void> task = createTask(calling(delay));
        await(sleep(0));
        await(here("throughTask", task));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughDoneTask() throws IOException {
        Task<Void> task = createTask(calling(1));
        await(sleep(5));
        await(here("throughDoneTask", task));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughGather() throws IOException {
        Future<List<Void>> both = gather(sleep(5), calling(1));
        await(here("throughGather", both));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughWaitFor() throws IOException {
        Duration limit = Duration.ofSeconds(5);
        await(waitFor(here("throughWaitFor", calling(1)), limit));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> throughStage(CompletableFuture<?> stage) {
        await(here("throughStage", stage));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> rethrowing() throws IOException {
        try {
            await(here("rethrowing", calling(1)));
        } catch (IOException failure) {
            await(sleep(1));
            throw failure;
        } finally {
            await(sleep(1));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> wrapping() {
        try {
            await(here("wrapping.call", calling(1)));
        } catch (IOException failure) {
            throw here("wrapping", new IllegalStateException("wrapped", failure));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> looping() throws IOException {
        for (int i = 0; i < 3; i++) {
            await(sleep(1));
            if (i == 2) {
                await(here("looping", calling(1)));
            }
        }
        return Coroutine.done();
    }

    static AsyncSupplier<Void> lambda() {
        return () -> {
            await(sleep(1));
            await(here("lambda", calling(1)));
            return Coroutine.done();
        };
    }

    /** Methods that are not static, of a class inside another. */
    final class Inner {

        @Async
        Coroutine<Void> method(AsyncSupplier<Void> next) throws Exception {
            await(sleep(1));
            await(here("method", next.get()));
            return Coroutine.done();
        }
    }

    static Inner inner() {
        return new Traced().new Inner();
    }

    /** Awaits the same failed future repeatedly, and returns the length of its trace after each await. */
    @Async
    static Coroutine<List<Integer>> failingAgain(Future<Void> failed, int times) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try {
                await(sleep(0));
                await(failed);
            } catch (RuntimeException failure) {
                lengths.add(failure.getStackTrace().length);
            }
        }
        return Coroutine.of(lengths);
    }

    /** Throws the same failure through two methods repeatedly, and returns the length of its trace after each time. */
    @Async
    static Coroutine<List<Integer>> throwingAgain(RuntimeException failure, int times) {
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try {
                await(throwing(failure));
            } catch (RuntimeException caught) {
                lengths.add(caught.getStackTrace().length);
            }
        }
        return Coroutine.of(lengths);
    }

    @Async
    static Coroutine<Void> throwing(RuntimeException failure) {
        await(sleep(0));
        throw failure;
    }

    @Async
    static Coroutine<Void> waiting(Awaitable<?> awaitable) {
        await(here("waiting", awaitable));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> waitingDeep(int depth, Awaitable<?> awaitable) {
        await(here("waitingDeep", depth == 0 ? waiting(awaitable) : waitingDeep(depth - 1, awaitable)));
        return Coroutine.done();
    }
}
