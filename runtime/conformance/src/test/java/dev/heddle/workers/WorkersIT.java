package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Work on workers: on which worker it runs, and the outcome of its future. */
class WorkersIT {

    static final Duration LONG = Duration.ofMinutes(1);

    static Throwable failureOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }

    /** Waits until the loop has run everything that was sent to it. */
    static void settle(EventLoop loop) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        loop.callSoonThreadsafe(() -> loop.callSoon(() -> loop.callSoon(() -> settled.complete(null))));
        settled.join();
    }

    @Async
    static Coroutine<Void> sleepLong() {
        await(sleep(3600));
        return Coroutine.done();
    }

    @Test
    void eachWorkerIsANamedThreadWithALoop() {
        try (Workers workers = Workers.start(3)) {
            List<CompletableFuture<String>> places = workers.submitEach(index -> {
                String before = Thread.currentThread().getName();
                await(sleep(0));
                assertSame(workers.loops().get(index), getRunningLoop());
                assertFalse(Thread.currentThread().isDaemon());
                return Coroutine.of(
                        index + " " + before + " " + Thread.currentThread().getName());
            });
            assertEquals(
                    List.of(
                            "0 heddle-worker-0 heddle-worker-0",
                            "1 heddle-worker-1 heddle-worker-1",
                            "2 heddle-worker-2 heddle-worker-2"),
                    places.stream().map(CompletableFuture::join).toList());
            assertEquals(3, workers.size());
            assertEquals("<Workers size=3 load=0>", workers.toString());
        }
    }

    @Test
    void aWorkerForEachCore() {
        try (Workers workers = Workers.start()) {
            assertEquals(Runtime.getRuntime().availableProcessors(), workers.size());
        }
    }

    @Test
    void atLeastOneWorker() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Workers.start(0));
        assertEquals("not a number of workers: 0; at least 1 is needed", refused.getMessage());
    }

    @Test
    void theLeastBusyWorkerGetsTheNext() {
        try (Workers workers = Workers.start(3)) {
            CompletableFuture<String> gate = new CompletableFuture<>();
            List<CompletableFuture<EventLoop>> waiting = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                waiting.add(workers.submit(() -> {
                    await(gate);
                    return Coroutine.of(getRunningLoop());
                }));
            }
            assertEquals("<Workers size=3 load=6>", workers.toString());
            gate.complete("open");
            List<EventLoop> loops = workers.loops();
            assertEquals(
                    List.of(loops.get(0), loops.get(1), loops.get(2), loops.get(0), loops.get(1), loops.get(2)),
                    waiting.stream().map(CompletableFuture::join).toList());
        }
    }

    @Test
    void aFailureIsThatOfTheFuture() {
        try (Workers workers = Workers.start(1)) {
            assertInstanceOf(IOException.class, failureOf(workers.submit(() -> {
                await(sleep(0));
                throw new IOException("no");
            })));
            assertInstanceOf(
                    NullPointerException.class,
                    failureOf(workers.submit(() -> null)),
                    "a function that makes no coroutine");
        }
    }

    @Test
    void aCoroutineOfALoopAwaitsOneOfAnother() {
        try (Workers workers = Workers.start(2)) {
            List<EventLoop> loops = workers.loops();
            CompletableFuture<String> answer = workers.submit(() -> {
                String far = await(workers.submit(() -> Coroutine.of("from " + loops.indexOf(getRunningLoop()))));
                return Coroutine.of(far + " to " + loops.indexOf(getRunningLoop()));
            });
            assertEquals("from 1 to 0", answer.join());
        }
    }

    @Test
    void cancellingTheFutureCancelsTheCoroutine() {
        try (Workers workers = Workers.start(1)) {
            List<String> events = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Void> cleaned = new CompletableFuture<>();
            CompletableFuture<Void> work = workers.submit(() -> {
                try {
                    begun.countDown();
                    await(sleepLong());
                } finally {
                    events.add("cancelled");
                    await(sleep(0));
                    events.add("cleaned up");
                    cleaned.complete(null);
                }
                return Coroutine.done();
            });
            begun.await();
            work.cancel(false);
            cleaned.join();
            assertEquals(List.of("cancelled", "cleaned up"), events);
            assertTrue(workers.shutdown(LONG), "nothing was left to cancel");
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void aCoroutineThatIsCancelledCancelsTheFuture() {
        try (Workers workers = Workers.start(1)) {
            CompletableFuture<Void> work = workers.submit(() -> {
                currentTask().cancel();
                await(sleepLong());
                return Coroutine.done();
            });
            assertThrows(CancellationException.class, work::join);
        }
    }

    @Test
    void cancellingTheAwaitCancelsOnTheOtherLoop() {
        try (Workers workers = Workers.start(2)) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<String> told = new CompletableFuture<>();
            workers.submit(() -> {
                        CompletableFuture<Void> far = workers.submit(() -> {
                            try {
                                begun.complete(null);
                                await(sleepLong());
                            } finally {
                                told.complete(Thread.currentThread().getName());
                            }
                            return Coroutine.done();
                        });
                        var near = createTask(waitFor(far));
                        await(sleep(0)); // near waits now
                        await(begun);
                        near.cancel();
                        await(Asyncio.wait(List.of(near)));
                        assertTrue(near.isCancelled());
                        return Coroutine.done();
                    })
                    .join();
            assertEquals("heddle-worker-1", told.join());
        }
    }

    @Async
    private static Coroutine<Void> waitFor(CompletableFuture<Void> far) {
        return Coroutine.of(await(far));
    }

    @Test
    void aCoroutineThatIsCancelledBeforeItBeginsNeverDoes() {
        try (Workers workers = Workers.start(1)) {
            List<String> events = new ArrayList<>();
            CountDownLatch gate = new CountDownLatch(1);
            workers.loops().get(0).callSoonThreadsafe(() -> awaitLatch(gate));
            CompletableFuture<Void> work = workers.submit(() -> {
                events.add("began");
                return Coroutine.done();
            });
            work.cancel(false);
            gate.countDown();
            settle(workers.loops().get(0));
            assertEquals(List.of(), events);
            assertEquals("<Workers size=1 load=0>", workers.toString());
        }
    }

    static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @Test
    void tracesNameTheSubmission() {
        try (Workers workers = Workers.start(1)) {
            Throwable failure = failureOf(workers.submit(() -> {
                await(sleep(0));
                throw new IllegalStateException("here");
            }));
            assertTrue(
                    List.of(failure.getStackTrace()).stream()
                            .anyMatch(line -> line.getMethodName().equals("submit")
                                    && line.getClassName().equals(Workers.class.getName())),
                    () -> List.of(failure.getStackTrace()).toString());
        }
    }

    /** The threads of workers that are alive. */
    static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("heddle-worker-"))
                .collect(Collectors.toSet());
    }
}
