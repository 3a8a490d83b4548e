package dev.heddle.threads;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.failing;
import static dev.heddle.cpython.Events.attempt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.cpython.Coroutines;
import dev.heddle.cpython.Events;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Calls between threads: toThread, runCoroutineThreadsafe and callSoonThreadsafe. */
class ThreadsIT {

    private static final long SECONDS = 10;

    private static void pass(CountDownLatch latch) {
        try {
            assertTrue(latch.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void toThreadRunsElsewhereAndTheLoopGoesOn() {
        Events.check("loop goes on, other thread True", log -> {
            Thread own = Thread.currentThread();
            CountDownLatch latch = new CountDownLatch(1);
            getRunningLoop().callSoon(() -> {
                log.add("loop goes on");
                latch.countDown();
            });
            boolean other = await(toThread(() -> {
                pass(latch);
                return Thread.currentThread() != own;
            }));
            log.add("other thread " + (other ? "True" : "False"));
            return Coroutine.done();
        });
    }

    private static Integer failHere() {
        throw new IllegalArgumentException("E");
    }

    @Test
    void failureInAThreadIsThatOfTheAwait() {
        Events.check("IllegalArgumentException: E", log -> {
            log.add(await(attempt(toThread(ThreadsIT::failHere))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> inThread(CountDownLatch began, CountDownLatch release, CountDownLatch ended) {
        return Coroutine.of(await(toThread(() -> {
            began.countDown();
            pass(release);
            ended.countDown();
            return "lost";
        })));
    }

    @Test
    void cancellingFreesTheTaskAtOnceAndTheThreadRunsOn() {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Events.check("CancelledError: M, 1", log -> {
            CountDownLatch began = new CountDownLatch(1);
            Task<String> task = createTask(inThread(began, release, ended));
            await(sleep(0));
            pass(began);
            task.cancel("M");
            log.add(await(attempt(task)));
            log.add(ended.getCount());
            return Coroutine.done();
        });
        release.countDown();
        pass(ended);
    }

    /** Runs {@code program} while another thread runs a loop for ever. */
    private static void withLoopElsewhere(Consumer<EventLoop> program) throws InterruptedException {
        EventLoop loop = EventLoop.create();
        Thread thread = new Thread(loop::runForever);
        thread.start();
        try {
            program.accept(loop);
        } finally {
            loop.callSoonThreadsafe(loop::stop);
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
            assertFalse(thread.isAlive());
            loop.close();
        }
    }

    @Async
    private static Coroutine<Thread> threadOfTask() {
        await(sleep(0));
        return Coroutine.of(Thread.currentThread());
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    @Test
    void coroutineRunsOnTheThreadOfItsLoop() throws InterruptedException {
        withLoopElsewhere(loop -> {
            Thread thread = get(runCoroutineThreadsafe(threadOfTask(), loop));
            assertNotSame(Thread.currentThread(), thread);
            assertSame(thread, get(runCoroutineThreadsafe(threadOfTask(), loop)));
        });
    }

    @Test
    void failureOfACoroutineElsewhere() throws InterruptedException {
        withLoopElsewhere(loop -> {
            CompletableFuture<String> future = runCoroutineThreadsafe(failing("E"), loop);
            Throwable failure =
                    assertThrows(CompletionException.class, () -> get(future)).getCause();
            assertEquals("E", failure.getMessage());
            assertSame(IllegalArgumentException.class, failure.getClass());
        });
    }

    @Async
    private static Coroutine<Void> waiting(CountDownLatch began, CountDownLatch cancelled) {
        try {
            began.countDown();
            await(createFuture());
        } catch (CancelledError error) {
            cancelled.countDown();
            throw error;
        }
        return Coroutine.done();
    }

    @Test
    void cancellingTheResultCancelsTheTaskElsewhere() throws InterruptedException {
        withLoopElsewhere(loop -> {
            CountDownLatch began = new CountDownLatch(1);
            CountDownLatch cancelled = new CountDownLatch(1);
            CompletableFuture<Void> future = runCoroutineThreadsafe(waiting(began, cancelled), loop);
            pass(began);
            assertTrue(future.cancel(true));
            pass(cancelled);
        });
    }

    @Test
    void cancelledTaskElsewhereCancelsTheResult() throws InterruptedException {
        withLoopElsewhere(loop -> {
            CompletableFuture<Void> future = runCoroutineThreadsafe(raising(), loop);
            assertThrows(CancellationException.class, () -> get(future));
            assertTrue(future.isCancelled());
        });
    }

    @Async
    private static Coroutine<Void> raising() {
        throw new CancelledError("own");
    }

    @Async
    private static Coroutine<String> callingAcross(EventLoop other) {
        String result = await(runCoroutineThreadsafe(Coroutines.after(0, "from the other loop"), other));
        return Coroutine.of(result);
    }

    @Test
    void oneLoopAwaitsACoroutineOfAnother() throws InterruptedException {
        withLoopElsewhere(other -> {
            try (EventLoop loop = EventLoop.virtualTime()) {
                assertEquals("from the other loop", loop.runUntilComplete(callingAcross(other)));
            }
        });
    }
}
