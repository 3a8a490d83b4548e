package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.timeout;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Four methods that await each other. The innermost catches a failure that is raised in one of many ways, and records its trace. */
final class CaughtFailures {

    /** The ways in which a failure reaches the handler. Each has the name of the method with which the trace begins. */
    enum Raise {
        HERE(),
        HELPER("helper"),
        NESTED("nested"),
        NESTED_HELPER("helper", "nestedHelper"),
        OBJECT("object"),
        LATER("later"),
        LATER_OBJECT("later"),
        TASK("later"),
        DONE_TASK("later"),
        EAGER_TASK("nested"),
        FUTURE(),
        STAGE(),
        STAGE_MADE_HERE("stage"),
        LATE_STAGE(),
        RESOURCE("helper"),
        BLOCK_BODY("helper", "body");

        final List<String> methods;

        Raise(String... methods) {
            this.methods = List.of(methods);
        }
    }

    /** The kinds of handler. */
    enum Handler {
        EXACT,
        THROWABLE,
        SEVERAL,
        IN_LOOP,
        AFTER_FINALLY
    }

    /** The ways in which the handler continues. */
    enum Then {
        RETURN,
        THROW,
        WRAP,
        THROW_LATER
    }

    private final Raise raise;
    private final Handler handler;
    private final Then then;

    /** A bit for each method that suspends before it awaits the next. */
    private final int pauses;

    /** The trace when it was caught. */
    StackTraceElement[] caught = {};

    /** The failure that was caught. */
    Throwable failure = new Throwable();

    /** The stack of the task just before the failure was raised. */
    List<StackTraceElement> stack = List.of();

    CaughtFailures(Raise raise, Handler handler, Then then, int pauses) {
        this.raise = raise;
        this.handler = handler;
        this.then = then;
        this.pauses = pauses;
    }

    @Async
    Coroutine<Void> first() throws Exception {
        await(sleep(pauses & 1));
        await(second());
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> second() throws Exception {
        if ((pauses & 2) != 0) {
            await(sleep(1));
        }
        await(third());
        return Coroutine.done();
    }

    @Async
    Coroutine<Void> third() throws Exception {
        if ((pauses & 4) != 0) {
            await(sleep(1));
        }
        await(catching());
        return Coroutine.done();
    }

    @Async
    Coroutine<Void> catching() throws Exception {
        if ((pauses & 8) != 0) {
            await(sleep(1));
        }
        stack = currentTask().stack();
        switch (handler) {
            case EXACT -> {
                try {
                    await(raising());
                } catch (IOException e) {
                    look(e);
                }
            }
            case THROWABLE -> {
                try {
                    await(raising());
                } catch (Throwable e) {
                    look(e);
                }
            }
            case SEVERAL -> {
                try {
                    await(raising());
                } catch (IllegalStateException | IOException e) {
                    look(e);
                }
            }
            case IN_LOOP -> {
                for (int i = 0; i < 2; i++) {
                    try {
                        await(sleep(i));
                        await(raising());
                    } catch (IOException e) {
                        look(e);
                    }
                }
            }
            case AFTER_FINALLY -> {
                try {
                    try {
                        await(raising());
                    } finally {
                        await(sleep(pauses & 1));
                    }
                } catch (IOException e) {
                    look(e);
                }
            }
            default -> throw new AssertionError(handler);
        }
        if (then == Then.THROW_LATER) {
            await(sleep(1));
        }
        if (then != Then.RETURN) {
            throw then == Then.WRAP ? new IllegalStateException("wrapped", failure) : (Exception) failure;
        }
        return Coroutine.done();
    }

    private void look(Throwable e) {
        failure = e;
        caught = e.getStackTrace();
    }

    @Async
    private Coroutine<Void> raising() throws Exception {
        switch (raise) {
            case HERE -> throw new IOException("here");
            case HELPER -> helper();
            case NESTED -> await(nested());
            case NESTED_HELPER -> await(nestedHelper());
            case OBJECT -> {
                AsyncSupplier<Void> supplier = this::object;
                await(supplier.get());
            }
            case LATER -> await(later());
            case LATER_OBJECT -> {
                AsyncSupplier<Void> supplier = this::later;
                await(supplier.get());
            }
            case TASK -> await(createTask(later()));
            case DONE_TASK -> {
                Future<Void> task = createTask(later());
                await(sleep(2));
                await(task);
            }
            case EAGER_TASK -> await(createEagerTask(nested()));
            case FUTURE -> {
                Future<Void> future = getRunningLoop().createFuture();
                future.setException(new IOException("made here"));
                await(future);
            }
            case STAGE -> await(Outside.FAILED);
            case STAGE_MADE_HERE -> await(stage());
            case LATE_STAGE -> {
                CompletableFuture<Void> stage = new CompletableFuture<>();
                getRunningLoop().callSoon(() -> stage.completeExceptionally(Outside.failure()));
                await(stage);
            }
            case RESOURCE -> {
                try (AutoCloseable resource = () -> {}) {
                    helper();
                }
            }
            case BLOCK_BODY -> await(timeout(Duration.ofSeconds(9), limit -> body()));
            default -> throw new AssertionError(raise);
        }
        return Coroutine.done();
    }

    private static void helper() throws IOException {
        throw new IOException("helper");
    }

    @Async
    private static Coroutine<Void> nested() throws IOException {
        throw new IOException("nested");
    }

    @Async
    private static Coroutine<Void> nestedHelper() throws IOException {
        helper();
        return Coroutine.done();
    }

    @Async
    Coroutine<Void> object() throws IOException {
        throw new IOException("object");
    }

    @Async
    Coroutine<Void> later() throws IOException {
        await(sleep(1));
        throw new IOException("later");
    }

    private static CompletableFuture<Void> stage() {
        return CompletableFuture.failedFuture(new IOException("stage"));
    }

    @Async
    private static Coroutine<Void> body() throws IOException {
        helper();
        return Coroutine.done();
    }

    /** The names of the methods of this class in {@code trace}. */
    static List<String> methods(Stream<StackTraceElement> trace) {
        return trace.filter(element -> element.getClassName().equals(CaughtFailures.class.getName()))
                .map(StackTraceElement::getMethodName)
                .filter(name -> !name.startsWith("lambda$"))
                .toList();
    }

    static List<String> methods(Throwable failure) {
        return methods(Arrays.stream(failure.getStackTrace()));
    }

    /** Failures that no method here has raised. */
    static final class Outside {

        static final CompletableFuture<Void> FAILED = CompletableFuture.failedFuture(failure());

        private Outside() {}

        static IOException failure() {
            IOException failure = new IOException("outside");
            failure.setStackTrace(new StackTraceElement[] {new StackTraceElement("Outside", "raise", null, 1)});
            return failure;
        }
    }
}
