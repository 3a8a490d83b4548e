package dev.heddle;

import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.wrapFuture;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.workers.Workers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A {@code CancellationException} of a stage is a failure, unless the stage is one of this library that was cancelled: each kind of stage,
 * awaited in each way, with its outcome coming at each moment.
 */
@Timeout(20)
class CancelledStagesTest {

    private static final CancellationException FAILURE = new CancellationException("503 no responders");

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    /** Where a stage comes from, and what ends it. */
    enum Source {
        LIBRARY_FAILS(true) {
            @Override
            Ending make(EventLoop loop) {
                CompletableFuture<Object> stage = new CompletableFuture<>();
                return new Ending(stage, () -> stage.completeExceptionally(FAILURE));
            }
        },
        LIBRARY_FAILS_WITH_WRAPPERS(true) {
            @Override
            Ending make(EventLoop loop) {
                CompletableFuture<Object> stage = new CompletableFuture<>();
                Throwable wrapped = new CompletionException(new ExecutionException(FAILURE));
                return new Ending(stage, () -> stage.completeExceptionally(wrapped));
            }
        },
        LIBRARY_CANCELS(true) {
            @Override
            Ending make(EventLoop loop) {
                CompletableFuture<Object> stage = new CompletableFuture<>();
                return new Ending(stage, () -> stage.cancel(true));
            }
        },
        TASK_FAILS(true) {
            @Override
            Ending make(EventLoop loop) {
                Future<Object> future = loop.createFuture();
                return new Ending(future.toCompletableFuture(), () -> future.setException(FAILURE));
            }
        },
        FUTURE_IS_CANCELLED(false) {
            @Override
            Ending make(EventLoop loop) {
                Future<Object> future = loop.createFuture();
                return new Ending(future.toCompletableFuture(), future::cancel);
            }
        },
        VIEW_IS_CANCELLED(false) {
            @Override
            Ending make(EventLoop loop) {
                CompletableFuture<Object> stage = loop.createFuture().toCompletableFuture();
                return new Ending(stage, () -> stage.cancel(true));
            }
        },
        TASK_IS_CANCELLED(false) {
            @Override
            Ending make(EventLoop loop) {
                Task<Object> task = loop.createTask(script(x -> loop.createFuture()));
                return new Ending(task.toCompletableFuture(), task::cancel);
            }
        },
        SUBMISSION_IS_CANCELLED(false) {
            @Override
            Ending make(EventLoop loop) {
                CompletableFuture<Object> stage = runCoroutineThreadsafe(script(x -> loop.createFuture()), loop);
                return new Ending(stage, () -> stage.cancel(true));
            }
        };

        final boolean fails;

        Source(boolean fails) {
            this.fails = fails;
        }

        abstract Ending make(EventLoop loop);
    }

    /** A stage, and what ends it. */
    record Ending(CompletableFuture<Object> stage, Runnable end) {}

    /** The stages, derived from one stage, that are awaited. */
    enum Derivation {
        ITSELF {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return stage;
            }
        },
        APPLIED {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return stage.thenApply(value -> value).thenApply(value -> value);
            }
        },
        COMPOSED {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return CompletableFuture.completedFuture("").thenCompose(value -> stage);
            }
        },
        COPIED {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return stage.copy();
            }
        },
        MINIMAL {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return stage.minimalCompletionStage();
            }
        },
        ALL {
            @Override
            CompletionStage<Object> of(CompletableFuture<Object> stage) {
                return CompletableFuture.allOf(CompletableFuture.completedFuture(1), stage)
                        .thenApply(value -> value);
            }
        };

        abstract CompletionStage<Object> of(CompletableFuture<Object> stage);
    }

    /** When the stage ends: before it is awaited, or after that on the loop's thread. */
    enum Moment {
        BEFORE,
        AFTER
    }

    static Stream<Arguments> stages() {
        return Arrays.stream(Source.values())
                .flatMap(source -> Arrays.stream(Derivation.values())
                        .flatMap(derivation -> Arrays.stream(Moment.values())
                                .map(moment -> Arguments.of(source, derivation, moment))));
    }

    /** Runs a turn, and those that what happens in it makes necessary. */
    private void settle() {
        loop.runUntilIdle(Duration.ZERO);
    }

    private static void assertOutcome(Source source, Future<?> future) {
        assertTrue(future.isDone(), future::toString);
        assertEquals(!source.fails, future.isCancelled(), future::toString);
        if (source == Source.LIBRARY_CANCELS) {
            assertSame(CancellationException.class, future.exception().getClass());
        } else if (source.fails) {
            assertSame(FAILURE, future.exception());
        }
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aStageThatIsAwaited(Source source, Derivation derivation, Moment moment) {
        Ending ending = source.make(loop);
        CompletionStage<Object> stage = derivation.of(ending.stage());
        settle();
        if (moment == Moment.BEFORE) {
            ending.end().run();
            settle();
        }
        Task<Object> awaiting = loop.createTask(script(x -> wrapFuture(stage)));
        Task<String> catching = loop.createTask(Script.<String>script(x -> wrapFuture(stage))
                .handle(failure -> failure instanceof Exception ? "an exception" : "an error"));
        Task<List<Object>> gathering = loop.createTask(script(x -> gather(wrapFuture(stage))));
        Task<Waited<Future<Object>>> waiting =
                loop.createTask(script(x -> Asyncio.wait(List.of(wrapFuture(stage)), ReturnWhen.FIRST_EXCEPTION)));
        settle();
        if (moment == Moment.AFTER) {
            ending.end().run();
            settle();
        }
        assertOutcome(source, awaiting);
        assertEquals(source.fails ? "an exception" : "an error", catching.result());
        assertOutcome(source, gathering);
        waiting.result().done().forEach(future -> assertOutcome(source, future));
    }

    static Stream<Arguments> derivedStages() {
        return Arrays.stream(Source.values())
                .flatMap(source ->
                        Arrays.stream(Derivation.values()).map(derivation -> Arguments.of(source, derivation)));
    }

    @ParameterizedTest
    @MethodSource("derivedStages")
    void aStageThatEndsOnAnotherThread(Source source, Derivation derivation) throws InterruptedException {
        try (EventLoop other = EventLoop.create()) {
            Ending ending = source.make(other);
            CompletionStage<Object> stage = derivation.of(ending.stage());
            Task<Object> awaiting = loop.createTask(script(x -> wrapFuture(stage)));
            settle();
            Thread thread = new Thread(() -> {
                other.runUntilIdle(Duration.ZERO);
                ending.end().run();
                other.runUntilIdle(Duration.ZERO);
            });
            thread.start();
            thread.join();
            settle();
            assertOutcome(source, awaiting);
        }
    }

    /** A thread that joins the stage throws the failure of the stage's call. */
    @ParameterizedTest
    @EnumSource
    void aCallThatJoinsAStage(Source source) {
        Ending ending = source.make(loop);
        settle();
        ending.end().run();
        settle();
        Task<Object> joining =
                loop.createTask(script(x -> toThread(() -> ending.stage().join())));
        loop.createTask(script(x -> Asyncio.wait(List.of(joining))));
        loop.runUntilIdle(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(!source.fails, joining.isCancelled(), joining::toString);
        if (source.fails) {
            assertTrue(joining.exception() instanceof Exception, joining::toString);
        }
    }

    @Test
    void aCallThatThrowsTheException() {
        Task<Object> calling = loop.createTask(script(x -> toThread(() -> {
            throw FAILURE;
        })));
        assertSame(FAILURE, assertThrows(CancellationException.class, () -> loop.runUntilComplete(calling)));
        assertFalse(calling.isCancelled());
    }

    @Test
    void anAwaitThatIsCancelledCancelsItsStageAlone() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        Task<Object> cancelled = loop.createTask(script(x -> wrapFuture(stage)));
        Task<Object> beside = loop.createTask(script(x -> wrapFuture(stage)));
        settle();
        cancelled.cancel();
        settle();
        assertTrue(stage.isCancelled());
        assertTrue(cancelled.isCancelled());
        assertFalse(beside.isCancelled(), "nobody has asked this task to end");
        assertSame(CancellationException.class, beside.exception().getClass());
    }

    @Test
    void aTaskThatFailsWithTheExceptionIsNotCancelledForOthers() {
        Task<Object> task = loop.createTask(script(x -> {
            throw FAILURE;
        }));
        CompletableFuture<Object> view = task.toCompletableFuture();
        settle();
        assertFalse(view.isCancelled());
        assertSame(FAILURE, assertThrows(ExecutionException.class, view::get).getCause());
    }

    @Test
    void workersTellACancellationFromAFailure() {
        try (Workers workers = Workers.start(1)) {
            CompletableFuture<Object> fails = workers.submit(() -> {
                throw FAILURE;
            });
            CompletableFuture<Object> cancelled = workers.submit(() -> {
                throw new CancelledError();
            });
            Task<Object> ofFailure = loop.createTask(script(x -> wrapFuture(fails.thenApply(value -> value))));
            Task<Object> ofCancellation = loop.createTask(script(x -> wrapFuture(cancelled.thenApply(value -> value))));
            loop.createTask(script(x -> Asyncio.wait(List.of(ofFailure, ofCancellation))));
            loop.runUntilIdle(Duration.ofSeconds(Long.MAX_VALUE));
            assertFalse(fails.isCancelled());
            assertSame(FAILURE, ofFailure.exception());
            assertTrue(cancelled.isCancelled());
            assertTrue(ofCancellation.isCancelled());
        }
    }
}
