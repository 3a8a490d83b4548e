package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.fromCallback;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Completer;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waits for the callbacks of other libraries. */
class FromCallbackIT {

    /** Where a library calls back. */
    enum Caller {
        INSIDE_START {
            @Override
            void call(FromCallbackIT test, Runnable callback) {
                callback.run();
            }
        },
        LOOP {
            @Override
            void call(FromCallbackIT test, Runnable callback) {
                test.loop.callSoon(callback);
            }
        },
        OTHER_THREAD {
            @Override
            void call(FromCallbackIT test, Runnable callback) {
                Thread thread = new Thread(callback);
                test.threads.add(thread);
                thread.start();
            }
        };

        abstract void call(FromCallbackIT test, Runnable callback);
    }

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    FromCallbackIT() {
        loop.setExceptionHandler((source, context) ->
                events.add("reported " + context.get("message") + ": " + context.get("exception")));
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        loop.close();
    }

    @Async
    private Coroutine<Void> cancel(Task<?> task) {
        task.cancel();
        try {
            await(task);
        } catch (CancelledError error) {
            events.add("cancelled");
        }
        return Coroutine.done();
    }

    private <T> T run(AsyncSupplier<T> body) {
        return loop.runUntilComplete(body);
    }

    @ParameterizedTest
    @EnumSource
    void result(Caller caller) {
        assertEquals(
                "result",
                run(() ->
                        fromCallback(completer -> caller.call(this, () -> assertTrue(completer.complete("result"))))));
    }

    @ParameterizedTest
    @EnumSource
    void failuresAreThrownAsTheyAre(Caller caller) {
        for (Throwable failure : List.of(
                new IOException("x"),
                new CompletionException(new IOException("inner")),
                new CancellationException("of the library"),
                new CancelledError(),
                new AssertionError("x"))) {
            assertSame(
                    failure,
                    assertThrows(
                            failure.getClass(),
                            () -> run(() -> fromCallback(
                                    completer -> caller.call(this, () -> assertTrue(completer.fail(failure)))))));
        }
        assertEquals(List.of(), events);
    }

    @ParameterizedTest
    @EnumSource
    void firstCallCounts(Caller caller) {
        Integer result = run(() -> fromCallback(completer -> caller.call(this, () -> {
            events.add("first " + completer.complete(1));
            events.add("second " + completer.complete(2));
            events.add("third " + completer.fail(new IOException("x")));
            completer.onCancel(() -> events.add("wrong"));
        })));
        assertEquals(1, result);
        threads.forEach(FromCallbackIT::join); // the loop does not wait for the calls after the first
        assertEquals(List.of("first true", "second false", "third false"), events);
    }

    /** Exactly one of many threads wins, and its value is the result. */
    @Test
    void threadsRace() {
        for (int round = 0; round < 200; round++) {
            AtomicInteger won = new AtomicInteger(-1);
            int result = run(() -> fromCallback(completer -> {
                CountDownLatch start = new CountDownLatch(1);
                for (int i = 0; i < 3; i++) {
                    int value = i;
                    Caller.OTHER_THREAD.call(this, () -> {
                        awaitLatch(start);
                        if (completer.complete(value)) {
                            assertTrue(won.compareAndSet(-1, value));
                        }
                    });
                }
                start.countDown();
            }));
            for (Thread thread : threads) {
                join(thread);
            }
            threads.clear();
            assertEquals(won.get(), result);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void startIsCalledAtTheAwait() {
        run(() -> {
            Coroutine<Integer> coroutine = fromCallback(completer -> {
                events.add("starts");
                completer.complete(7);
            });
            events.add("made");
            events.add("result " + await(coroutine));
            return Coroutine.done();
        });
        assertEquals(List.of("made", "starts", "result 7"), events);
    }

    @Test
    void cancellationReachesTheLibrary() {
        run(() -> {
            List<Completer<String>> held = new ArrayList<>();
            Task<String> task = createTask(fromCallback(completer -> {
                completer.onCancel(() -> events.add("aborts the first"));
                completer.onCancel(() -> events.add("aborts the second"));
                held.add(completer);
            }));
            await(sleep(0));
            await(cancel(task));
            events.add("late " + held.get(0).complete("dropped"));
            held.get(0).onCancel(() -> events.add("aborts at once"));
            return Coroutine.done();
        });
        assertEquals(
                List.of("aborts the second", "aborts the first", "cancelled", "late false", "aborts at once"), events);
    }

    /** The limit is real time, as a pending callback holds the virtual clock. */
    @Test
    void timeoutReachesTheLibrary() {
        assertThrows(
                TimeoutException.class,
                () -> run(() -> waitFor(
                        fromCallback(completer -> completer.onCancel(() -> events.add("aborts"))),
                        Duration.ofMillis(1))));
        assertEquals(List.of("aborts"), events);
    }

    /** As an asyncio future: the result is dropped, and the library is not told, as it has ended. */
    @Test
    void cancellationAfterTheResult() {
        run(() -> {
            List<Completer<String>> held = new ArrayList<>();
            Task<String> task = createTask(fromCallback(completer -> {
                completer.onCancel(() -> events.add("wrong"));
                held.add(completer);
            }));
            await(sleep(0));
            events.add("completes " + held.get(0).complete("result"));
            await(cancel(task));
            return Coroutine.done();
        });
        assertEquals(List.of("completes true", "cancelled"), events);
    }

    @Test
    void failingCancelActionIsReported() {
        run(() -> {
            Task<String> task = createTask(fromCallback(completer -> completer.onCancel(FromCallbackIT::broken)));
            await(sleep(0));
            await(cancel(task));
            return Coroutine.done();
        });
        assertEquals(2, events.size(), events::toString);
        assertTrue(events.get(0).startsWith("reported Exception in cancelling"), events::toString);
        assertTrue(events.get(0).endsWith("IllegalStateException: broken"), events::toString);
        assertEquals("cancelled", events.get(1));
    }

    private static void broken() {
        throw new IllegalStateException("broken");
    }

    @Test
    void whatStartThrowsIsThrownAtTheAwait() {
        Consumer<Completer<String>> start = completer -> {
            completer.onCancel(() -> events.add("aborts what has begun"));
            throw new IllegalStateException("refused");
        };
        assertEquals(
                "refused",
                assertThrows(IllegalStateException.class, () -> run(() -> fromCallback(start)))
                        .getMessage());
        assertEquals(List.of("aborts what has begun"), events);
        assertEquals(
                "refused",
                assertThrows(
                                IllegalStateException.class,
                                () -> run(() -> fromCallback(completer -> {
                                    completer.complete("result");
                                    throw new IllegalStateException("refused");
                                })))
                        .getMessage(),
                "rather than that the failure is lost");
    }

    @Test
    void pendingCallbackHoldsTheVirtualClock() {
        double time = run(() -> {
            Task<Void> timer = createTask(() -> {
                await(sleep(3600));
                return Coroutine.done();
            });
            await(sleep(0));
            await(fromCallback(completer -> Caller.OTHER_THREAD.call(this, () -> completer.complete(null))));
            timer.cancel();
            return Coroutine.of(loop.time());
        });
        assertTrue(time < 3600, () -> "the clock has jumped to " + time);
    }
}
