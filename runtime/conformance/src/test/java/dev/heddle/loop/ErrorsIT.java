package dev.heddle.loop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.wrapFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.InterruptError;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An error of each kind at each place: whatever it does, the other tasks clean up, and it is where it has to be. */
class ErrorsIT {

    /** An error of the virtual machine that no version of it has yet. */
    private static final class NewVirtualMachineError extends VirtualMachineError {
        private static final long serialVersionUID = 1;
    }

    private static final List<Throwable> KINDS = List.of(
            new IllegalStateException("injected"),
            new IOException("injected"),
            new AssertionError("injected"),
            new StackOverflowError("injected"),
            new OutOfMemoryError("injected"),
            new InternalError("injected"),
            new UnknownError("injected"),
            new InterruptError("injected"),
            new CancelledError("injected"),
            new NoClassDefFoundError("injected"),
            new LinkageError("injected"),
            new ExceptionInInitializerError("injected"),
            new ExceptionGroup("injected", List.of(new IllegalStateException("inner"))),
            new NewVirtualMachineError());

    /** Where the error is thrown. */
    private enum Place {
        MAIN_AT_ONCE,
        MAIN_LATER,
        TASK,
        EAGER_TASK,
        GROUP_CHILD,
        GROUP_BODY,
        GATHER_CHILD,
        CALLBACK,
        CALLBACK_IN_A_CONTEXT,
        CALLBACK_OF_ANOTHER_THREAD,
        TIMER,
        DONE_CALLBACK,
        EXCEPTION_HANDLER,
        TASK_FACTORY,
        CONTEXT,
        CLEAN_UP_WHEN_CANCELLED,
        CLEAN_UP_AT_THE_END,
        EXECUTOR,
        STAGE,
        WORKER,
        TEXT_IN_A_REPORT
    }

    private final List<String> saved = new ArrayList<>();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    /** Referenced here, because an unreferenced logger loses its settings. Failures of an exception handler are logged. */
    private static final Logger LOGGER = Logger.getLogger("dev.heddle");

    @BeforeEach
    void logNothing() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        LOGGER.setLevel(null);
    }

    private static boolean leavesLoop(Throwable error) {
        return error instanceof InternalError || error instanceof UnknownError || error instanceof InterruptError;
    }

    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    private static <X extends Throwable> RuntimeException thrown(Throwable error) throws X {
        throw (X) error;
    }

    private static void raise(Throwable error) {
        throw ErrorsIT.<RuntimeException>thrown(error);
    }

    @Async
    private static Coroutine<Void> failing(Throwable error) {
        await(sleep(0.001));
        raise(error);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> failingAtOnce(Throwable error) {
        raise(error);
        await(sleep(0));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> failingCleanUp(Throwable error) {
        try {
            await(sleep(3600));
        } finally {
            await(sleep(0.001));
            raise(error);
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> session(int number) {
        try {
            await(sleep(3600));
        } finally {
            await(sleep(0.005 * number));
            await(sleep(0));
            saved.add("session " + number);
        }
        return Coroutine.done();
    }

    /** An object whose {@code toString} throws {@code error}. */
    private record Wordless(Throwable error) implements Runnable {

        @Override
        public void run() {
            throw new IllegalArgumentException("to be reported");
        }

        @Override
        public String toString() {
            raise(error);
            return "";
        }
    }

    private record Factory(Throwable error) implements TaskFactory {

        @Override
        public <T extends @Nullable Object> Task<T> newTask(
                EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            raise(error);
            return Task.of(loop, coroutine, options);
        }
    }

    @Async
    private Coroutine<String> main(Place place, Throwable error) throws Exception {
        createTask(session(1));
        createTask(taskGroup(group -> {
            group.createTask(session(2));
            return session(3);
        }));
        await(sleep(0));
        await(sleep(0)); // all sessions have begun
        if (place == Place.MAIN_AT_ONCE) {
            raise(error);
        }
        try {
            await(inject(place, error));
        } catch (Throwable failure) {
            if (failure != error
                    && !(failure instanceof ExceptionGroup group
                            && group.exceptions().contains(error))
                    && !(error instanceof CancelledError && failure instanceof CancelledError)) {
                throw failure;
            }
            if (place == Place.MAIN_LATER || leavesLoop(failure)) {
                throw failure;
            }
        }
        await(sleep(0.02));
        getRunningLoop().setTaskFactory(null);
        assertEquals("goes on", await(createTask(other())));
        return Coroutine.of("ended");
    }

    @Async
    private static Coroutine<String> other() {
        await(sleep(0.001));
        return Coroutine.of("goes on");
    }

    @Async
    private static Coroutine<Void> inject(Place place, Throwable error) throws Exception {
        EventLoop loop = getRunningLoop();
        switch (place) {
            case MAIN_LATER -> await(failing(error));
            case TASK -> await(createTask(failing(error)));
            case EAGER_TASK -> await(createEagerTask(failingAtOnce(error)));
            case GROUP_CHILD ->
                await(taskGroup(group -> {
                    group.createTask(failing(error));
                    await(sleep(1));
                    return Coroutine.done();
                }));
            case GROUP_BODY ->
                await(taskGroup(group -> {
                    group.createTask(sleeping());
                    return failing(error);
                }));
            case GATHER_CHILD -> await(gather(failing(error), sleep(0.01)));
            case TASK_FACTORY -> {
                loop.setTaskFactory(new Factory(error));
                createTask(sleeping());
            }
            case CONTEXT ->
                new Context().run(() -> {
                    raise(error);
                    return null;
                });
            case CLEAN_UP_WHEN_CANCELLED -> {
                Task<Void> task = createTask(failingCleanUp(error));
                await(sleep(0));
                task.cancel();
                await(task);
            }
            case CLEAN_UP_AT_THE_END -> createTask(failingCleanUp(error));
            case EXECUTOR ->
                await(toThread(() -> {
                    raise(error);
                    return null;
                }));
            case STAGE -> await(wrapFuture(CompletableFuture.failedStage(error)));
            case WORKER -> onWorker(error);
            default -> await(inCallback(place, error));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> inCallback(Place place, Throwable error) {
        EventLoop loop = getRunningLoop();
        switch (place) {
            case CALLBACK -> loop.callSoon(() -> raise(error));
            case CALLBACK_IN_A_CONTEXT -> loop.callSoon(() -> raise(error), new Context());
            case CALLBACK_OF_ANOTHER_THREAD -> await(toThread(() -> loop.callSoonThreadsafe(() -> raise(error))));
            case TIMER -> loop.callLater(0.001, () -> raise(error));
            case DONE_CALLBACK -> {
                Future<Integer> future = loop.createFuture();
                future.addDoneCallback(done -> raise(error));
                future.setResult(1);
            }
            case EXCEPTION_HANDLER -> {
                var handler = loop.getExceptionHandler();
                loop.setExceptionHandler((source, report) -> {
                    source.setExceptionHandler(handler);
                    raise(error);
                });
                loop.callSoon(() -> raise(new IllegalArgumentException("to be reported")));
            }
            case TEXT_IN_A_REPORT -> loop.callSoon(new Wordless(error));
            default -> throw new AssertionError(place);
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleeping() {
        await(sleep(3600));
        return Coroutine.done();
    }

    /** The failure is that of the future, whatever becomes of the worker. */
    private static void onWorker(Throwable error) {
        try (Workers workers = Workers.start(1)) {
            EventLoop loop = workers.loops().get(0);
            CompletableFuture<Void> set = new CompletableFuture<>();
            loop.callSoonThreadsafe(() -> {
                loop.setExceptionHandler((source, report) -> {});
                set.complete(null);
            });
            set.join();
            Throwable failure = workers.submit(() -> failing(error))
                    .handle((value, thrown) -> thrown)
                    .join();
            assertTrue(
                    failure == error || (error instanceof CancelledError && failure instanceof RuntimeException),
                    () -> "on the worker: " + failure);
            String next = workers.submitEach(index -> other())
                    .get(0)
                    .handle((value, thrown) -> thrown == null ? value : "died: " + thrown)
                    .join();
            boolean died = leavesLoop(error) && next.startsWith("died: "); // it may take a moment until it is replaced
            assertTrue(died || next.equals("goes on"), next);
        }
    }

    /** Whether {@code error}, thrown at {@code place}, ends the run. */
    private static boolean ends(Place place, Throwable error) {
        return switch (place) {
            case MAIN_AT_ONCE, MAIN_LATER -> true;
            case WORKER -> false;
            default -> leavesLoop(error);
        };
    }

    private void check(Place place, Throwable error) {
        saved.clear();
        reports.clear();
        String result = null;
        Throwable failure = null;
        try (Runner runner = new Runner()) {
            runner.loop().setExceptionHandler((loop, report) -> reports.add(report));
            result = runner.run(main(place, error));
        } catch (Throwable thrown) {
            failure = thrown;
        }
        assertEquals(
                List.of("session 1", "session 2", "session 3"),
                saved.stream().sorted().toList());
        if (!ends(place, error)) {
            assertNull(failure, () -> "run threw " + error);
            assertEquals("ended", result);
        } else if (place == Place.CLEAN_UP_AT_THE_END) {
            assertSame(error, failure);
        } else if (error instanceof CancelledError) {
            assertTrue(failure instanceof CancelledError, String.valueOf(failure));
        } else {
            assertSame(error, failure);
        }
    }

    /** 21 places and 14 kinds of errors are 294 cases. */
    @Test
    void theOtherTasksCleanUpWhateverIsThrownWhere() {
        for (Place place : Place.values()) {
            for (Throwable error : KINDS) {
                try {
                    check(place, error);
                } catch (Throwable failure) {
                    throw new AssertionError(error.getClass().getSimpleName() + " at " + place, failure);
                }
                assertFalse(Thread.interrupted());
            }
        }
    }
}
