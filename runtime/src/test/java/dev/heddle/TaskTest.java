package dev.heddle;

import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a task runs its coroutine, and every rule of cancelling. */
class TaskTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.setExceptionHandler((source, context) -> {});
        loop.close();
    }

    private void turn() {
        loop.stop();
        loop.runForever();
    }

    /** Runs everything that does not need time to pass. */
    private void settle() {
        for (int i = 0; i < 10; i++) {
            turn();
        }
    }

    @Test
    void runsFromAwaitToAwait() {
        Task<Object> one =
                loop.createTask(script(x -> events.add(1)).then(x -> sleep(0)).then(x -> events.add(3)));
        loop.createTask(script(x -> events.add(2)).then(x -> sleep(0)).then(x -> events.add(4)));
        loop.runUntilComplete(one);
        assertEquals(List.of(1, 2, 3, 4), events);
        assertEquals(true, one.result());
    }

    @Test
    void sleepTakesItsTimeAndGivesItsResult() {
        assertEquals("slept", loop.runUntilComplete(script(x -> sleep(2.5, "slept"))));
        assertEquals(2.5, loop.time());
        assertEquals("shared", loop.runUntilComplete(script(x -> sleep(-1, "shared"))));
        assertThrows(IllegalArgumentException.class, () -> sleep(Double.NaN));
    }

    @Test
    void sleepCanBeAwaitedAgainAndBySeveral() {
        Awaitable<Void> sleep = sleep(1);
        loop.runUntilComplete(script(x -> sleep).then(x -> sleep));
        assertEquals(2, loop.time());
        loop.createTask(script(x -> sleep(0.5)).then(x -> sleep).then(x -> events.add("late " + loop.time())));
        loop.createTask(script(x -> sleep).then(x -> events.add("early " + loop.time())));
        Task<Object> cancelled = loop.createTask(script(x -> sleep));
        turn();
        cancelled.cancel();
        loop.runUntilIdle(Duration.ofSeconds(5));
        assertEquals(List.of("early 3.0", "late 3.5"), events);
        assertTrue(cancelled.isCancelled());
    }

    @Test
    void gatherMakesATaskOfEachSleep() {
        for (double seconds : new double[] {0, 1}) {
            Object results = loop.runUntilComplete(script(x -> {
                Future<List<Void>> both = Asyncio.gather(sleep(seconds), sleep(seconds));
                assertEquals(3, Asyncio.allTasks().size());
                return both;
            }));
            assertEquals(Arrays.asList(null, null), results);
        }
    }

    @Test
    void knowsTheCurrentTaskAndAllTasks() {
        Task<Object> waiting = loop.createTask(script(x -> sleep(100)));
        Task<Object> task =
                loop.createTask(script(x -> events.add(currentTask())).then(x -> Asyncio.allTasks()));
        loop.callSoon(() -> assertNull(currentTask()));
        assertEquals(Set.of(waiting, task), loop.runUntilComplete(task));
        assertEquals(List.of(task), events);
    }

    @Test
    void namesItselfAndShowsItsState() {
        Task<Object> task = loop.createTask(script(x -> sleep(1)), "worker");
        assertEquals("worker", task.name());
        assertEquals("<Task pending name='worker' coro=" + task.coroutine() + ">", task.toString());
        task.setName("renamed");
        turn();
        assertEquals("<Task pending name='renamed' coro=" + task.coroutine() + " awaits=<sleep 1 s>>", task.toString());
        assertTrue(loop.createTask(Coroutine.done()).name().matches("Task-[0-9]+"));
    }

    @Test
    void showsWhereItStands() throws IOException {
        Task<Object> task = loop.createTask(script(x -> script(y -> sleep(1))), "worker");
        assertEquals(List.of(), task.stack());
        turn();
        StringBuilder text = new StringBuilder();
        task.printStack(text);
        assertEquals(2, task.stack().size());
        String line = "\tat dev.heddle.Asyncio.script(Asyncio.java)";
        assertEquals(
                List.of("Stack of " + task, line, line), text.toString().lines().toList());
    }

    @Test
    void hasNoOutcomeButThatOfItsCoroutine() {
        Task<Object> task = loop.createTask(script(), "worker");
        assertEquals(
                "Task does not support setResult: the coroutine gives the result of " + task,
                assertThrows(IllegalStateException.class, () -> task.setResult(1))
                        .getMessage());
        assertEquals(
                "Task does not support setException: the coroutine gives the failure of " + task,
                assertThrows(IllegalStateException.class, () -> task.setException(new IOException()))
                        .getMessage());
    }

    @Test
    void failsWithTheVeryFailure() {
        IOException failure = new IOException("gone");
        Task<Object> task = loop.createTask(script(x -> {
            throw failure;
        }));
        assertSame(failure, assertThrows(IOException.class, () -> loop.runUntilComplete(script(x -> task))));
        assertEquals(List.of(failure.getStackTrace()), task.stack());
    }

    @Test
    void cannotAwaitItself() {
        List<Task<Object>> self = new ArrayList<>();
        self.add(loop.createTask(script(x -> self.get(0))));
        String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(self.get(0)))
                .getMessage();
        assertTrue(message.startsWith("Task cannot await on itself: <Task pending"), message);
    }

    @Test
    void cannotAwaitAFutureOfAnotherLoop() {
        try (EventLoop other = EventLoop.create()) {
            Future<Object> foreign = other.createFuture();
            Task<Object> task = loop.createTask(script(x -> foreign), "local");
            String message = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task))
                    .getMessage();
            assertTrue(message.contains("name='local'"), message);
            assertTrue(message.contains(loop.toString().replace("idle", "running")), message);
            assertTrue(
                    message.endsWith("which is attached to a different loop, " + other
                            + "; await its toCompletableFuture(), which any loop can"),
                    message);
        }
    }

    // Cancelling

    /** The message of a cancellation that a sleep took is gone once it was thrown: gather finds none in the task. */
    @Test
    void cancelledSleepTakesTheMessageWithIt() {
        Task<Object> child = loop.createTask(script(x -> sleep(5)).handle(error -> events.add(error.getMessage())));
        Task<Object> outer = loop.createTask(script(x -> Asyncio.gather(child)));
        settle();
        outer.cancel("M");
        CancelledError error = assertThrows(CancelledError.class, () -> loop.runUntilComplete(outer));
        assertNull(error.getMessage());
        assertEquals(List.of("M"), events);
    }

    @Test
    void cancelledBeforeItBeganNeverRuns() {
        Task<Object> task = loop.createTask(script(x -> events.add("ran")));
        assertTrue(task.cancel("early"));
        assertFalse(task.isCancelled());
        turn();
        assertTrue(task.isCancelled());
        assertEquals(List.of(), events);
        CancelledError first = assertThrows(CancelledError.class, task::result);
        assertEquals("early", first.getMessage());
        CancelledError second = assertThrows(CancelledError.class, task::result);
        assertNotSame(first, second);
        assertNull(second.getMessage());
    }

    @Test
    void cancelReachesTheInnermostTaskAtOnce() {
        Task<Object> inner = loop.createTask(script(x -> sleep(100)));
        Task<Object> outer = loop.createTask(script(x -> inner));
        turn();
        assertTrue(outer.cancel("stop"));
        assertEquals(1, inner.cancelling());
        settle();
        assertTrue(inner.isCancelled());
        assertTrue(outer.isCancelled());
        assertEquals("stop", assertThrows(CancelledError.class, outer::result).getMessage());
        assertTrue(loop.timers.isEmpty(), "the timer is gone");
    }

    @Test
    @Tag("slow")
    void cancelReachesTheEndOfTenThousandTasks() {
        Task<Object> inner = loop.createTask(script(x -> sleep(100)));
        Task<Object> outermost = inner;
        for (int i = 0; i < 10_000; i++) {
            Task<Object> awaited = outermost;
            outermost = loop.createTask(script(x -> awaited));
        }
        turn();
        assertTrue(outermost.cancel());
        Task<Object> last = outermost;
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(last));
        assertTrue(inner.isCancelled());
    }

    @Test
    void cancelBreaksACircle() {
        List<Task<Object>> tasks = new ArrayList<>();
        tasks.add(loop.createTask(script(x -> tasks.get(1))));
        tasks.add(loop.createTask(script(x -> tasks.get(0))));
        Task<Object> outside = loop.createTask(script(x -> tasks.get(0)));
        turn();
        assertTrue(outside.cancel());
        settle();
        assertTrue(outside.isCancelled()
                && tasks.get(0).isCancelled()
                && tasks.get(1).isCancelled());
        assertEquals(1, outside.cancelling());
    }

    @Test
    void cancelLosesAResultThatIsOnItsWay() {
        Future<Integer> future = loop.createFuture();
        Task<Object> task = loop.createTask(script(x -> future));
        turn();
        future.setResult(7);
        task.cancel();
        turn();
        assertTrue(task.isCancelled());
    }

    @Test
    void cancelInTheTurnInWhichTheTimerIsDueEndsTheSleep() {
        Task<Object> task = loop.createTask(script(x -> sleep(1)).then(x -> events.add("slept")));
        loop.callAt(1, () -> events.add(task.cancel("late"))); // scheduled before the sleep, so it runs before it
        assertEquals(
                "late",
                assertThrows(CancelledError.class, () -> loop.runUntilComplete(task))
                        .getMessage());
        assertEquals(List.of(true), events);
    }

    @Test
    void swallowedCancellationLeavesTheCounter() {
        Task<Object> task = loop.createTask(
                script(x -> sleep(100)).handle(cancelled -> sleep(1)).then(x -> "survived"));
        turn();
        task.cancel();
        assertEquals("survived", loop.runUntilComplete(task));
        assertFalse(task.isCancelled());
        assertEquals(1, task.cancelling());
        assertFalse(task.cancel());
        assertEquals(1, task.cancelling());
    }

    @Test
    void selfCancelIsDeliveredAtTheNextRealSuspension() {
        Future<Integer> done = loop.createFuture();
        done.setResult(1);
        Task<Object> task = loop.createTask(script(x -> currentTask().cancel())
                .then(x -> done)
                .then(x -> events.add("awaited a done future"))
                .then(x -> sleep(1))
                .then(x -> events.add("not reached")));
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertEquals(List.of("awaited a done future"), events);
        assertEquals(0, loop.time());
    }

    @Test
    void returningWithACancellationPendingEndsCancelled() {
        Task<Object> task = loop.createTask(script(x -> currentTask().cancel("mine")));
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertTrue(task.isCancelled());
        assertEquals("mine", assertThrows(CancelledError.class, task::result).getMessage());
    }

    @Test
    void uncancelTakesAPendingRequestBack() {
        Task<Object> task = loop.createTask(script(x -> currentTask().cancel())
                .then(x -> currentTask().uncancel())
                .then(x -> sleep(1, 12)));
        assertEquals(12, loop.runUntilComplete(task));
        assertEquals(0, task.cancelling());
        assertEquals(0, task.uncancel());
    }

    @Test
    void anotherFailureDuringCancellationWins() {
        IOException failure = new IOException("while cleaning up");
        Task<Object> task = loop.createTask(script(x -> sleep(100)).handle(cancelled -> {
            throw failure;
        }));
        turn();
        task.cancel();
        assertSame(failure, assertThrows(IOException.class, () -> loop.runUntilComplete(task)));
        assertFalse(task.isCancelled());
    }

    @Test
    void raisingCancelledErrorIsACancellation() {
        Task<Object> task = loop.createTask(script(x -> {
            throw new CancelledError("own");
        }));
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertTrue(task.isCancelled());
        assertEquals(0, task.cancelling());
    }

    @Test
    void secondCancelBeforeDeliveryKeepsTheFirstMessage() {
        Task<Object> task = loop.createTask(script(x -> sleep(100)));
        turn();
        task.cancel("first");
        task.cancel("second");
        assertEquals(2, task.cancelling());
        assertEquals(
                "first",
                assertThrows(CancelledError.class, () -> loop.runUntilComplete(task))
                        .getMessage());
    }

    @Test
    void errorOfTheVirtualMachineIsStoredAndLeavesTheLoop() {
        InternalError error = new InternalError("test");
        Task<Object> task = loop.createTask(script(x -> {
            throw error;
        }));
        assertSame(error, assertThrows(InternalError.class, () -> loop.runUntilComplete(task)));
        assertSame(error, task.exception());
        assertEquals(1, loop.runUntilComplete(Script.<Integer>script(x -> 1)), "and the loop is well");
    }

    @Test
    void stackOverflowEndsTheTaskAlone() {
        Task<Object> task = loop.createTask(script(x -> recurse(1)));
        loop.runUntilComplete(script(x -> sleep(1)));
        assertTrue(task.exception() instanceof StackOverflowError);
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    @Test
    void createTaskNeedsARunningLoop() {
        Coroutine<Void> coroutine = Coroutine.done();
        assertEquals(
                "no running event loop on thread " + Thread.currentThread().getName()
                        + "; call this in a coroutine that Asyncio.run or EventLoop.runUntilComplete runs",
                assertThrows(IllegalStateException.class, () -> createTask(coroutine))
                        .getMessage());
        coroutine.discard();
    }
}
