package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.workers.WorkersIT.LONG;
import static dev.heddle.workers.WorkersIT.awaitLatch;
import static dev.heddle.workers.WorkersIT.failureOf;
import static dev.heddle.workers.WorkersIT.sleepLong;
import static dev.heddle.workers.WorkersIT.threads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How workers end: by themselves, at a deadline, by force, by a failure. No thread is left in any case. */
class WorkersShutdownIT {

    private static final Duration SHORT = Duration.ofMillis(20);

    /** The reports to the exception handlers. */
    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    /** The stacks of tasks that were reported because they do not end. */
    private final Queue<Object> stacks = new ConcurrentLinkedQueue<>();

    /** The reported work that had been submitted to a worker that died. */
    private final Queue<Object> work = new ConcurrentLinkedQueue<>();

    @AfterEach
    void noThreadIsLeft() {
        assertEquals(Set.of(), threads());
    }

    private void collectReports(Workers workers) {
        for (EventLoop loop : workers.loops()) {
            CompletableFuture<Void> set = new CompletableFuture<>();
            loop.callSoonThreadsafe(() -> {
                loop.setExceptionHandler((source, report) -> {
                    reports.add(report.get("message") + ": " + cause(report));
                    if (report.containsKey("task")) {
                        stacks.add(report.get("stack"));
                    }
                    work.addAll((List<?>) report.getOrDefault("work", List.of()));
                });
                set.complete(null);
            });
            set.join();
        }
    }

    private static Object cause(java.util.Map<String, Object> report) {
        return report.getOrDefault("exception", "");
    }

    @Test
    void actionsRunOnceBeforeAShutdownWaits() {
        Workers workers = Workers.start(2);
        List<String> actions = new ArrayList<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        CompletableFuture<Void> service = workers.submit(() -> {
            await(end);
            return Coroutine.done();
        });
        Runnable action = () -> actions.add("twice");
        workers.onShutdown(action);
        workers.onShutdown(action).run();
        workers.onShutdown(action);
        workers.onShutdown(() -> end.complete(null));
        workers.close();
        assertTrue(service.isDone());
        workers.close();
        assertEquals(List.of("twice", "twice"), actions);
        workers.onShutdown(() -> actions.add("late")).run();
        assertEquals(List.of("twice", "twice", "late"), actions);
    }

    @Test
    void coroutineGoesToTheWorkerThatItIsSubmittedTo() {
        try (Workers workers = Workers.start(3)) {
            for (int worker = 2; worker >= 0; worker--) {
                String name = workers.submit(
                                worker,
                                () -> Coroutine.of(Thread.currentThread().getName()))
                        .join();
                assertEquals("heddle-worker-" + worker, name);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> workers.submit(3, Coroutine::done));
        }
    }

    @Test
    void closeWaitsForWhatRuns() {
        CompletableFuture<String> work;
        try (Workers workers = Workers.start(2)) {
            work = workers.submit(() -> {
                await(sleep(0.01));
                return Coroutine.of("ended");
            });
        }
        assertTrue(work.isDone());
        assertEquals("ended", work.join());
    }

    @Test
    void whatRunsWhileNothingMoreIsTakenEndsBeforeTheDeadline() {
        Workers workers = Workers.start(1);
        CompletableFuture<String> work = workers.submit(() -> {
            String refused = null;
            while (refused == null) {
                await(sleep(0));
                refused = refusal(workers);
            }
            return Coroutine.of(refused);
        });
        assertTrue(workers.shutdown(LONG));
        assertTrue(work.isDone());
        assertTrue(
                work.join().endsWith(" takes no more coroutines; submit them before shutdown or close"), work.join());
    }

    /** Why the workers take no more, null if they do. */
    private static String refusal(Workers workers) {
        try {
            workers.submit(() -> Coroutine.done());
            return null;
        } catch (IllegalStateException refused) {
            return refused.getMessage();
        }
    }

    @Test
    void shuttingDownAgainTellsTheSame() {
        Workers inTime = Workers.start(1);
        assertTrue(inTime.shutdown(LONG));
        assertTrue(inTime.shutdown(Duration.ZERO));

        Workers late = Workers.start(1);
        late.submit(() -> sleepLong());
        assertFalse(late.shutdown(Duration.ZERO));
        assertFalse(late.shutdown(LONG));
    }

    @Test
    void aLimitMayBeLongerThanTheClockCountsOrOver() {
        assertTrue(Workers.start(1).shutdown(Duration.ofSeconds(Long.MAX_VALUE)));
        Workers workers = Workers.start(1);
        CompletableFuture<Void> work = workers.submit(() -> sleepLong());
        assertFalse(workers.shutdown(Duration.ofSeconds(Long.MIN_VALUE)));
        assertTrue(work.isCancelled());
    }

    @Test
    void nothingIsTakenAfterwards() {
        Workers workers = Workers.start(1);
        workers.close();
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> workers.submit(() -> Coroutine.of(1)));
        assertEquals(
                "<Workers size=1 load=0 shutdown> takes no more coroutines; submit them before shutdown or close",
                refused.getMessage());
        assertThrows(IllegalStateException.class, () -> workers.submitEach(index -> Coroutine.of(1)));
        workers.close();
        assertTrue(workers.shutdown(Duration.ZERO), "shutting down again does nothing");
        assertTrue(workers.loops().get(0).isClosed());
    }

    @Test
    void whatRunsAtTheDeadlineIsCancelled() {
        Workers workers = Workers.start(2);
        CountDownLatch begun = new CountDownLatch(2);
        List<CompletableFuture<String>> works = workers.submitEach(index -> {
            try {
                begun.countDown();
                await(sleepLong());
            } catch (CancelledError cancelled) {
                await(sleep(0));
                return Coroutine.of("cleaned up " + index);
            }
            return Coroutine.of("not cancelled");
        });
        CompletableFuture<Void> other = workers.submit(() -> sleepLong());
        awaitLatch(begun);
        assertFalse(workers.shutdown(SHORT));
        assertEquals(
                List.of("cleaned up 0", "cleaned up 1"),
                works.stream().map(CompletableFuture::join).toList());
        assertThrows(CancellationException.class, other::join);
    }

    @Test
    void tasksThatWereLeftAreCancelledAtTheEnd() {
        Queue<String> events = new ConcurrentLinkedQueue<>();
        try (Workers workers = Workers.start(1)) {
            workers.submit(() -> {
                        createTask(background(events));
                        await(sleep(0));
                        return Coroutine.done();
                    })
                    .join();
        }
        assertEquals(List.of("begun", "cancelled"), List.copyOf(events));
    }

    @Async
    private static Coroutine<Void> background(Queue<String> events) {
        events.add("begun");
        try {
            await(sleepLong());
        } finally {
            events.add("cancelled");
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> stubborn(boolean idle, CountDownLatch begun) {
        begun.countDown();
        while (true) {
            try {
                await(sleep(idle ? 3600 : 0));
            } catch (CancelledError swallowed) {
                assertFalse(swallowed.toString().isEmpty());
            }
        }
    }

    @Test
    void whatDoesNotEndIsReportedAndDropped() {
        Workers workers = Workers.start(2);
        collectReports(workers);
        CountDownLatch begun = new CountDownLatch(2);
        List<CompletableFuture<Void>> works = workers.submitEach(index -> stubborn(index == 0, begun));
        awaitLatch(begun);
        assertFalse(workers.shutdown(SHORT, SHORT));
        workers.close(); // the threads may have got no processor for so short a time
        assertEquals(
                "worker heddle-worker-0 was shut down before the coroutine ended",
                failureOf(works.get(0)).getMessage());
        assertEquals(
                "worker heddle-worker-1 was shut down before the coroutine ended",
                failureOf(works.get(1)).getMessage());
        assertEquals(
                List.of("Task was destroyed but it is pending!: ", "Task was destroyed but it is pending!: "),
                List.copyOf(reports));
        assertEquals(2, stacks.size());
        stacks.forEach(stack -> assertTrue(stack.toString().contains("WorkersShutdownIT.stubborn("), stack::toString));
    }

    @SuppressWarnings("heddle") // blocks on purpose
    @Test
    void aThreadThatBlocksIsInterrupted() {
        Workers workers = Workers.start(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> work = workers.submit(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupt) {
                return Coroutine.of("interrupted");
            }
            return Coroutine.of("not interrupted");
        });
        awaitLatch(begun);
        assertFalse(workers.shutdown(SHORT, SHORT));
        workers.close(); // the thread may have got no processor for so short a time
        assertTrue(work.isDone());
    }

    @Test
    void anInterruptEndsTheWait() {
        Workers workers = Workers.start(1);
        CompletableFuture<Void> work = workers.submit(() -> sleepLong());
        Thread.currentThread().interrupt();
        assertFalse(workers.shutdown(LONG));
        assertTrue(Thread.interrupted(), "the flag is set again");
        assertTrue(work.isCancelled());
    }

    @Test
    void anInterruptEndsAWaitWithoutALimit() {
        Workers workers = Workers.start(1);
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> work = workers.submit(() -> {
            awaitWaiting(waiting);
            waiting.interrupt();
            return sleepLong();
        });
        workers.close();
        assertTrue(Thread.interrupted(), "the flag is set again");
        assertTrue(work.isCancelled());
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aVmErrorEndsTheWaitOfWhoShutsDown() {
        Workers workers = Workers.start(1);
        collectReports(workers);
        InternalError error = new InternalError("broken");
        List<String> events = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> work = workers.submit(() -> {
            try {
                begun.countDown();
                await(sleepLong());
            } finally {
                await(sleep(0));
                events.add("cleaned up");
            }
            return Coroutine.done();
        });
        awaitLatch(begun);
        Thread waiting = Thread.currentThread();
        workers.loops().get(0).callSoonThreadsafe(() -> {
            awaitWaiting(waiting);
            throw error;
        });
        workers.close();
        assertSame(error, failureOf(work).getCause());
        assertEquals(List.of("cleaned up"), events);
        assertEquals(1, reports.size(), reports.toString());
    }

    @Test
    void aStackOverflowInACallbackIsReportedAndTheWorkerGoesOn() {
        try (Workers workers = Workers.start(1)) {
            collectReports(workers);
            workers.loops().get(0).callSoonThreadsafe(() -> {
                throw new StackOverflowError("deep");
            });
            assertEquals(
                    "goes on", workers.submit(() -> Coroutine.of("goes on")).join());
            assertEquals(1, reports.size(), reports.toString());
            assertTrue(reports.peek().endsWith(": java.lang.StackOverflowError: deep"), reports.toString());
        }
    }

    @Test
    void aWorkerCannotWaitForItself() {
        try (Workers workers = Workers.start(1)) {
            String message = workers.submit(() -> Coroutine.of(assertThrows(IllegalStateException.class, workers::close)
                            .getMessage()))
                    .join();
            assertEquals(
                    "worker heddle-worker-0 cannot wait for its own end; call shutdown or close on another thread",
                    message);
            assertEquals(1, workers.submit(() -> Coroutine.of(1)).join(), "nothing was shut down");
        }
    }

    @Test
    void aVmErrorInACallbackFailsTheWorkOfItsWorkerOnly() {
        try (Workers workers = Workers.start(2)) {
            collectReports(workers);
            CountDownLatch begun = new CountDownLatch(2);
            List<CompletableFuture<String>> gates = List.of(new CompletableFuture<>(), new CompletableFuture<>());
            List<CompletableFuture<String>> works = workers.submitEach(index -> {
                begun.countDown();
                return Coroutine.of(await(gates.get(index)));
            });
            awaitLatch(begun);
            InternalError error = new InternalError("broken");
            CountDownLatch held = new CountDownLatch(1);
            workers.loops().get(0).callSoonThreadsafe(() -> {
                awaitLatch(held);
                throw error;
            });
            CompletableFuture<Integer> late = workers.submitEach(Coroutine::of).get(0);
            held.countDown();
            Throwable failure = failureOf(works.get(0));
            assertEquals("worker heddle-worker-0 died before the coroutine ended", failure.getMessage());
            assertSame(error, failure.getCause());
            assertSame(error, failureOf(late).getCause());
            gates.get(1).complete("open");
            assertEquals("open", works.get(1).join());
            assertEquals(
                    List.of("fine", "fine"),
                    workers.submitEach(index -> Coroutine.of("fine")).stream()
                            .map(CompletableFuture::join)
                            .toList(),
                    "another worker has taken the place");
            assertEquals(
                    List.of("worker heddle-worker-0 died and was replaced, and the coroutines that were submitted to"
                            + " it fail: java.lang.InternalError: broken"),
                    List.copyOf(reports));
            assertEquals(2, work.size(), work::toString);
            assertTrue(work.stream().anyMatch(text -> text.toString().startsWith("<Task pending ")), work::toString);
            assertTrue(work.stream().anyMatch(text -> text.toString().startsWith("not begun: ")), work::toString);
        }
    }

    @Test
    void aVmErrorInACoroutineIsItsFailure() {
        try (Workers workers = Workers.start(1)) {
            collectReports(workers);
            InternalError error = new InternalError("broken");
            CompletableFuture<Void> work = workers.submit(() -> {
                throw error;
            });
            assertSame(error, failureOf(work));
            assertEquals(1, reports.size());
        }
    }
}
