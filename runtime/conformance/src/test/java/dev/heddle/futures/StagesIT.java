package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.shared;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions that take a stage of another library. */
class StagesIT {

    /** A function that awaits a stage. */
    enum Way {
        ENSURE_FUTURE(true) {
            @Override
            <T> Awaitable<T> of(CompletionStage<T> stage) {
                return ensureFuture(stage);
            }
        },
        WAIT_FOR(true) {
            @Override
            <T> Awaitable<T> of(CompletionStage<T> stage) {
                return waitFor(stage, Duration.ofSeconds(60));
            }
        },
        GATHER(true) {
            @Override
            <T> Awaitable<T> of(CompletionStage<T> stage) {
                return first(gather(stage, CompletableFuture.completedFuture("more")));
            }
        },
        SHIELD(false) {
            @Override
            <T> Awaitable<T> of(CompletionStage<T> stage) {
                return shield(stage);
            }
        },
        SHARED(false) {
            @Override
            <T> Awaitable<T> of(CompletionStage<T> stage) {
                return shared(stage);
            }
        };

        /** Whether a cancelled wait cancels the stage. */
        private final boolean cancels;

        Way(boolean cancels) {
            this.cancels = cancels;
        }

        abstract <T> Awaitable<T> of(CompletionStage<T> stage);
    }

    /** How a stage ends. */
    enum End {
        RESULT,
        FAILURE,
        CANCELLED_BY_THE_TASK
    }

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    @SuppressWarnings("unchecked") // the list has the result of the stage first
    private static <T> Coroutine<T> first(Awaitable<? extends List<?>> results) {
        return (Coroutine<T>) firstOf(results);
    }

    @Async
    private static Coroutine<Object> firstOf(Awaitable<? extends List<?>> results) {
        return Coroutine.of(await(results).get(0));
    }

    static Stream<Arguments> cases() {
        return Arrays.stream(Way.values())
                .flatMap(way -> Stream.of(true, false)
                        .flatMap(done -> Arrays.stream(End.values()).map(end -> Arguments.of(way, done, end))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void passTheOutcomeOn(Way way, boolean doneBefore, End end) throws Exception {
        CompletableFuture<String> stage = new CompletableFuture<>();
        if (doneBefore) {
            end(stage, end);
        }
        String outcome = loop.runUntilComplete(() -> {
            Task<String> task = createTask(() -> Coroutine.of(await(way.of(stage))));
            await(sleep(0));
            await(sleep(0));
            if (!doneBefore) {
                if (end == End.CANCELLED_BY_THE_TASK) {
                    task.cancel();
                } else {
                    end(stage, end);
                }
            }
            try {
                return Coroutine.of("result " + await(task));
            } catch (CancelledError error) {
                return Coroutine.of("cancelled");
            } catch (Exception failure) {
                return Coroutine.of("failure " + failure.getMessage());
            }
        });
        switch (end) {
            case RESULT -> assertEquals("result r", outcome);
            case FAILURE -> assertEquals("failure f", outcome);
            default -> {
                assertEquals(doneBefore ? "result r" : "cancelled", outcome);
                assertEquals(!doneBefore && way.cancels, stage.isCancelled());
            }
        }
    }

    private static void end(CompletableFuture<String> stage, End end) {
        if (end == End.FAILURE) {
            stage.completeExceptionally(new IOException("f"));
        } else {
            stage.complete("r");
        }
    }

    @Test
    void sharedStageServesTheOthers() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        String result = loop.runUntilComplete(() -> {
            Task<String> first = createTask(() -> Coroutine.of(await(shared(stage))));
            Task<String> second = createTask(() -> Coroutine.of(await(shared(stage))));
            await(sleep(0));
            first.cancel();
            await(sleep(0));
            stage.complete("result");
            return Coroutine.of(await(second));
        });
        assertEquals("result", result);
    }

    @Test
    void timeoutOfZeroFindsAStageThatIsDone() {
        assertEquals("r", loop.runUntilComplete(() -> waitFor(CompletableFuture.completedFuture("r"), Duration.ZERO)));
        CompletableFuture<String> stage = new CompletableFuture<>();
        assertThrows(TimeoutException.class, () -> loop.runUntilComplete(() -> waitFor(stage, Duration.ofMillis(1))));
        assertTrue(stage.isCancelled());
    }

    @Async
    private static Coroutine<List<Integer>> collected(CompletionStage<Integer> first, CompletionStage<Integer> second) {
        return Coroutine.of(await(gather(first, second)));
    }

    @Test
    void gatherOfStages() {
        CompletableFuture<Integer> one = new CompletableFuture<>();
        CompletableFuture<Integer> two = new CompletableFuture<>();
        loop.callSoon(() -> one.complete(1));
        loop.callSoon(() -> two.complete(2));
        List<Integer> results = loop.runUntilComplete(() -> collected(one, two));
        assertEquals(List.of(1, 2), results);
        IOException failure = new IOException("x");
        CompletableFuture<Integer> failed = CompletableFuture.failedFuture(failure);
        assertSame(failure, assertThrows(IOException.class, () -> loop.runUntilComplete(() -> collected(one, failed))));
    }
}
