package dev.heddle.workers;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.workers.WorkersIT.awaitLatch;
import static dev.heddle.workers.WorkersIT.failureOf;
import static dev.heddle.workers.WorkersIT.sleepLong;
import static dev.heddle.workers.WorkersIT.threads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.InterruptError;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The replacement of a worker whose loop has ended, and the outcome of a submission that cannot start. */
class WorkersReplacedIT {

    /** The messages that the exception handlers got. */
    private final Queue<Object> reports = new ConcurrentLinkedQueue<>();

    @AfterEach
    void noThreadIsLeft() {
        assertEquals(Set.of(), threads());
    }

    private void collectReports(Workers workers) {
        EventLoop loop = workers.loops().get(0);
        CompletableFuture<Void> set = new CompletableFuture<>();
        loop.callSoonThreadsafe(() -> {
            loop.setExceptionHandler((source, report) -> reports.add(report.get("message")));
            set.complete(null);
        });
        set.join();
    }

    private static void die(Workers workers) {
        workers.loops().get(0).callSoonThreadsafe(() -> {
            throw new InternalError("broken");
        });
    }

    /** Waits until the worker 0 of {@code workers} has another loop than {@code former}. */
    private static EventLoop replaced(Workers workers, EventLoop former) {
        while (workers.loops().get(0) == former) {
            Thread.onSpinWait();
        }
        return workers.loops().get(0);
    }

    @Test
    void whoReplacesADeadWorkerHasItsSettings() {
        try (Workers workers = Workers.start(1)) {
            collectReports(workers);
            EventLoop first = workers.loops().get(0);
            TaskFactory factory = Task::of;
            workers.submit(() -> {
                        first.setTaskFactory(factory);
                        first.setDebug(true);
                        first.setSlowCallbackDuration(3600);
                        first.setUnretrievedFailureDelay(7);
                        return Coroutine.done();
                    })
                    .join();
            die(workers);
            EventLoop second = replaced(workers, first);
            die(workers);
            EventLoop third = replaced(workers, second);
            List<Object> settings = workers.submit(() -> Coroutine.of(List.<Object>of(
                            getRunningLoop() == third,
                            third.getTaskFactory() == factory,
                            third.getDebug(),
                            third.getSlowCallbackDuration(),
                            third.getUnretrievedFailureDelay())))
                    .join();
            assertEquals(List.of(true, true, true, 3600.0, 7.0), settings);
            workers.close();
            assertEquals(2, reports.size(), reports::toString);
        }
    }

    /** A dying worker cleans up on its own thread, and the threads that close the workers wait for it. */
    @Test
    void whoClosesWaitsForTheCleanUpOfADeadWorker() {
        List<String> events = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        try (Workers workers = Workers.start(1)) {
            collectReports(workers);
            EventLoop first = workers.loops().get(0);
            workers.submit(() -> {
                try {
                    begun.countDown();
                    await(sleepLong());
                } finally {
                    await(sleep(0.02));
                    events.add("cleaned up");
                }
                return Coroutine.done();
            });
            awaitLatch(begun);
            die(workers);
            replaced(workers, first);
        }
        assertEquals(List.of("cleaned up"), events);
    }

    /** The behaviour of a worker's task factory when it is asked for a task. */
    private record Refusing(Throwable failure) implements TaskFactory {

        @Override
        public <T> @Nullable Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            return null;
        }
    }

    @Test
    void aSubmissionThatCannotStartFailsAndTheWorkerGoesOn() {
        for (Throwable failure : List.of(
                new IllegalStateException("not ready"),
                new StackOverflowError("deep"),
                new OutOfMemoryError("full"),
                new CancelledError("no"),
                new AssertionError("no"),
                new NoClassDefFoundError("no"),
                new Exception("gives null"))) {
            try (Workers workers = Workers.start(1)) {
                collectReports(workers);
                EventLoop loop = workers.loops().get(0);
                loop.callSoonThreadsafe(() -> loop.setTaskFactory(new Refusing(failure)));
                Throwable thrown = failureOf(workers.submit(() -> Coroutine.of(1)));
                assertTrue(thrown == failure || thrown instanceof IllegalStateException, thrown::toString);
                loop.callSoonThreadsafe(() -> loop.setTaskFactory(null));
                assertEquals(2, workers.submit(() -> Coroutine.of(2)).join());
            }
            assertEquals(List.of(), List.copyOf(reports));
        }
    }

    @Test
    void aTaskFactoryThatBreaksTheLoopFailsTheSubmissionAndTheWorkerIsReplaced() {
        for (Error failure : List.of(new InternalError("no"), new UnknownError("no"), new InterruptError("no"))) {
            reports.clear();
            try (Workers workers = Workers.start(1)) {
                collectReports(workers);
                EventLoop loop = workers.loops().get(0);
                loop.callSoonThreadsafe(() -> loop.setTaskFactory(new Refusing(failure)));
                assertSame(failure, failureOf(workers.submit(() -> Coroutine.of(1))));
                EventLoop next = replaced(workers, loop);
                next.callSoonThreadsafe(() -> next.setTaskFactory(null));
                assertEquals(2, workers.submit(() -> Coroutine.of(2)).join());
            }
            assertEquals(1, reports.size(), reports::toString);
        }
    }
}
