package dev.heddle;

import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.Asyncio.wrapFuture;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.threads.DefaultExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that reach a loop from other threads, and messages that it sends to them. */
@Timeout(20)
class OutsideTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        loop.close();
    }

    private void turn() {
        loop.stop();
        loop.runForever();
    }

    private void inThread(Runnable runnable) {
        Thread thread = new Thread(runnable, "other");
        threads.add(thread);
        thread.start();
    }

    // The inbox

    @Test
    void wakesALoopThatSleeps() {
        inThread(() -> loop.callSoonThreadsafe(loop::stop));
        loop.runForever();
        assertFalse(loop.isRunning());
    }

    @Test
    void takesEverythingFromSeveralThreadsInTheOrderOfEach() {
        int senders = 4;
        int messages = 10_000;
        int[] last = new int[senders];
        int[] received = new int[1];
        for (int s = 0; s < senders; s++) {
            int sender = s;
            inThread(() -> {
                for (int m = 1; m <= messages; m++) {
                    int message = m;
                    loop.execute(() -> {
                        assertEquals(last[sender] + 1, message);
                        last[sender] = message;
                        if (++received[0] == senders * messages) {
                            loop.stop();
                        }
                    });
                }
            });
        }
        loop.setExceptionHandler((source, context) -> events.add(context));
        loop.runForever();
        assertEquals(senders * messages, received[0]);
        assertEquals(List.of(), events);
    }

    @Test
    void runsWhatArrivesDuringATurnInTheNext() {
        loop.callSoon(() -> {
            loop.callSoonThreadsafe(() -> events.add("sent"));
            events.add("turn");
        });
        turn();
        assertEquals(List.of("turn"), events);
        turn();
        assertEquals(List.of("turn", "sent"), events);
    }

    // Stages

    @Test
    void doneStageIsADoneFuture() {
        Future<Integer> future = onLoop(() -> wrapFuture(CompletableFuture.completedFuture(7)));
        assertEquals(7, future.result());
    }

    /** Calls {@code maker} while the loop runs, as a coroutine would. */
    private <T> T onLoop(java.util.function.Supplier<T> maker) {
        List<T> made = new ArrayList<>();
        loop.callSoon(() -> made.add(maker.get()));
        turn();
        return made.get(0);
    }

    @Test
    void stageCompletedByAnotherThreadHoldsVirtualTime() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        loop.jumpAfterIdle(Duration.ofDays(1));
        loop.callLater(1_000_000, () -> {});
        inThread(() -> stage.complete("outside"));
        assertEquals("outside", loop.runUntilComplete(script(x -> wrapFuture(stage))));
        assertEquals(0, loop.time());
    }

    @Test
    void stageFailsWithTheCauseItself() {
        IOException failure = new IOException("gone");
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        CompletableFuture<Integer> dependent = stage.thenApply(value -> value + 1);
        inThread(() -> stage.completeExceptionally(failure));
        assertSame(
                failure,
                assertThrows(IOException.class, () -> loop.runUntilComplete(script(x -> wrapFuture(dependent)))));
        assertSame(
                failure,
                onLoop(() -> wrapFuture(CompletableFuture.failedFuture(new CompletionException(failure))))
                        .exception());
    }

    @Test
    void cancellingTheFutureCancelsTheStage() {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        Future<Integer> future = onLoop(() -> wrapFuture(stage));
        assertTrue(future.cancel());
        assertTrue(stage.isCancelled());
    }

    @Test
    void stageThatRefusesEverythingHoldsNobodyUp() {
        IllegalStateException refusal = new IllegalStateException("no cancelling");
        CompletableFuture<Integer> stage = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterrupt) {
                throw refusal;
            }

            @Override
            public CompletableFuture<Integer> whenComplete(BiConsumer<? super Integer, ? super Throwable> action) {
                if (!events.isEmpty()) {
                    throw refusal;
                }
                return super.whenComplete(action);
            }
        };
        loop.setExceptionHandler((source, context) -> events.add(context.get("exception")));
        Task<Integer> task = loop.createTask(script(x -> wrapFuture(stage)));
        turn();
        task.cancel();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertEquals(List.of(refusal), events);
        assertSame(
                refusal,
                assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(script(x -> wrapFuture(stage)))));
        // Nothing is expected from outside: a sleep may jump.
        loop.runUntilComplete(sleep(1));
    }

    @Test
    void stageThatEndsAfterTheLoopIsForgotten() {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        Future<Integer> future = onLoop(() -> wrapFuture(stage));
        loop.close();
        stage.complete(7);
        assertFalse(future.isDone());
    }

    // Executors

    @Test
    void toThreadCallsInAnotherThread() {
        Thread here = Thread.currentThread();
        Thread there = loop.runUntilComplete(script(x -> toThread(Thread::currentThread)));
        assertNotSame(here, there);
        assertTrue(there.isDaemon());
    }

    @Test
    void toThreadCallsNothingBeforeItIsAwaited() {
        Awaitable<Boolean> call = toThread(() -> events.add("called"));
        turn();
        assertEquals(List.of(), events);
        loop.runUntilComplete(call);
        assertEquals(List.of("called"), events);
    }

    @Test
    void runInExecutorThrowsTheVeryFailure() {
        IOException failure = new IOException("gone");
        Future<Integer> future = onLoop(() -> loop.runInExecutor(null, () -> {
            throw failure;
        }));
        assertSame(failure, assertThrows(IOException.class, () -> loop.runUntilComplete(future)));
    }

    @Test
    void runInExecutorDropsACancelledCall() {
        Queue<Runnable> queue = new ArrayDeque<>();
        Future<Boolean> future = loop.runInExecutor(queue::add, () -> events.add("called"));
        assertTrue(future.cancel());
        queue.remove().run();
        assertEquals(List.of(), events);
    }

    @Test
    void runInExecutorPassesARefusal() {
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
        Executor full = runnable -> {
            throw refusal;
        };
        Executor poor = runnable -> {
            throw noThread;
        };
        assertSame(refusal, assertThrows(RejectedExecutionException.class, () -> loop.runInExecutor(full, () -> 1)));
        assertSame(noThread, assertThrows(OutOfMemoryError.class, () -> loop.runInExecutor(poor, () -> 1)));
        // Nothing is expected from outside: a sleep may jump.
        loop.runUntilComplete(sleep(1));
    }

    @Test
    void waitingForAThreadEndsAtACancellation() {
        CountDownLatch never = new CountDownLatch(1);
        Task<Object> task = loop.createTask(script(x -> toThread(() -> {
            never.await();
            return 1;
        })));
        inThread(() -> loop.callSoonThreadsafe(task::cancel));
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        never.countDown();
    }

    @Test
    void virtualTimeDoesNotRunAwayFromACall() {
        loop.jumpAfterIdle(Duration.ofDays(1));
        assertEquals("in time", loop.runUntilComplete(waitFor(toThread(() -> "in time"), Duration.ofMillis(1))));
        assertEquals(0, loop.time());
    }

    @Test
    void poolBeforeJava21HasDaemons() throws Exception {
        ExecutorService pool = DefaultExecutor.pool();
        Thread thread = pool.submit(Thread::currentThread).get();
        assertEquals("heddle-1", thread.getName());
        assertTrue(thread.isDaemon());
        pool.shutdown();
    }

    // Coroutines from other threads

    @Test
    void runsACoroutineOfAnotherThread() {
        inThread(() -> {
            Object result = runCoroutineThreadsafe(script(x -> sleep(1)).then(x -> 7), loop)
                    .join();
            loop.execute(() -> {
                events.add(result);
                loop.stop();
            });
        });
        loop.runForever();
        assertEquals(List.of(7), events);
    }

    @Test
    void cancellingTheResultCancelsTheTask() {
        CompletableFuture<Object> result = runCoroutineThreadsafe(script(x -> sleep(100)), loop);
        turn();
        turn();
        Task<?> task = loop.tasks.all().iterator().next();
        result.cancel(false);
        turn();
        turn();
        assertTrue(task.isCancelled());
        CompletableFuture<Object> early = runCoroutineThreadsafe(script(x -> events.add("ran")), loop);
        early.cancel(false);
        turn();
        turn();
        assertEquals(List.of(), events);
    }

    @Test
    void refusesACoroutineWhenItIsClosed() {
        loop.close();
        Coroutine<Object> coroutine = script();
        assertEquals(
                "Event loop is closed: " + loop,
                assertThrows(IllegalStateException.class, () -> runCoroutineThreadsafe(coroutine, loop))
                        .getMessage());
        assertFalse(coroutine.discard());
    }
}
