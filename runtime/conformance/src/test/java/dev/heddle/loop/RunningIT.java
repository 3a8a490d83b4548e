package dev.heddle.loop;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.setEventLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.failing;
import static dev.heddle.cpython.Coroutines.value;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks, loops and run as woven programs see them; {@code traces.py} prints the events. */
class RunningIT {

    @Async
    private static Coroutine<Void> named(Events log) {
        log.add(currentTask().name());
        await(sleep(1));
        return Coroutine.done();
    }

    @Test
    void tasksOfTheLoop() {
        check("3, a, b, True", log -> {
            Task<Void> first = createTask(named(log), "a");
            Task<Void> second = createTask(named(log), "b");
            log.add(allTasks().size());
            await(first);
            await(second);
            log.add(allTasks().equals(Set.of(currentTask())));
            return Coroutine.done();
        });
    }

    @Test
    void noTaskInACallback() {
        check("None, True", log -> {
            getRunningLoop()
                    .callSoon(() -> log.add(String.valueOf(currentTask()).replace("null", "None")));
            await(sleep(0));
            log.add(currentTask() != null);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Task<?>> task() {
        await(sleep(1));
        return Coroutine.of(currentTask());
    }

    @Test
    void awaitedCoroutineRunsInTheSameTask() {
        check("True, False", log -> {
            log.add(await(task()) == currentTask());
            log.add(await(createTask(task())) == currentTask());
            return Coroutine.done();
        });
    }

    @Test
    void ensureFutureKeepsFutures() {
        check("True, True, 1", log -> {
            Future<Integer> future = createFuture();
            log.add(ensureFuture(future) == future);
            Task<Integer> task = createTask(value(1));
            log.add(ensureFuture(task) == task);
            log.add(await(ensureFuture(value(1))));
            return Coroutine.done();
        });
    }

    @Test
    void sleepGivesItsResult() {
        check("a@1.5, b@1.5, None@1.5", log -> {
            log.at(await(sleep(1.5, "a")));
            log.at(await(sleep(0, "b")));
            log.at(await(attempt(sleep(-3))));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> saying(Events log, String name) {
        log.add(name);
        return Coroutine.done();
    }

    @Test
    void tasksBeginInTheOrderInWhichTheyWereMade() {
        check("made, soon, a, b, later", log -> {
            getRunningLoop().callSoon(() -> log.add("soon"));
            List<Task<Void>> tasks = List.of(createTask(saying(log, "a")), createTask(saying(log, "b")));
            getRunningLoop().callSoon(() -> log.add("later"));
            log.add("made");
            await(Asyncio.wait(tasks));
            return Coroutine.done();
        });
    }

    @Test
    void loopsOfAThread() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            setEventLoop(loop);
            assertSame(loop, getEventLoop());
            Future<Integer> task = ensureFuture(value(3));
            assertSame(loop, task.loop());
            assertEquals(3, loop.runUntilComplete(task));
            setEventLoop(null);
            EventLoop made = getEventLoop();
            assertNotSame(loop, made);
            assertSame(made, getEventLoop());
            assertTrue(loop.runUntilComplete(runsIn(loop)));
            made.close();
        } finally {
            setEventLoop(null);
        }
    }

    @Async
    private static Coroutine<Boolean> runsIn(EventLoop loop) {
        await(sleep(1));
        return Coroutine.of(getRunningLoop() == loop && getEventLoop() == loop);
    }

    @Async
    private static Coroutine<String> leavingTasks(List<String> events) {
        getRunningLoop()
                .setExceptionHandler((loop, context) -> events.add(context.get("message")
                        + (context.get("exception") instanceof Throwable failure ? ": " + failure.getMessage() : "")));
        createTask(cleaning(events, "a", false), "a");
        createTask(cleaning(events, "b", true), "b");
        createTask(starting(events), "c");
        await(sleep(0));
        return Coroutine.of("main");
    }

    @Async
    private static Coroutine<Void> cleaning(List<String> events, String name, boolean fails) {
        try {
            await(createFuture());
        } finally {
            await(sleep(0));
            events.add(name + " cleaned");
            if (fails) {
                throw new IllegalArgumentException(name + " failed");
            }
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> starting(List<String> events) {
        try {
            await(createFuture());
        } catch (CancelledError cancelled) {
            createTask(cleaning(events, "never", false));
            events.add("started another");
        }
        return Coroutine.done();
    }

    @Test
    void runCancelsOtherTasksInOnePassAndReportsTheirFailures() {
        List<String> events = new ArrayList<>();
        assertEquals("main", run(leavingTasks(events)));
        assertEquals(
                List.of(
                        "started another",
                        "a cleaned",
                        "b cleaned",
                        "unhandled exception during run() shutdown: b failed",
                        "Task was destroyed but it is pending!"),
                events);
    }

    @Test
    void runThrowsWhatMainThrows() {
        assertEquals(
                "E",
                assertThrows(IllegalArgumentException.class, () -> run(failing("E")))
                        .getMessage());
    }

    @Async
    private static Coroutine<Void> cancelledMain() {
        currentTask().cancel("M");
        await(sleep(0));
        return Coroutine.done();
    }

    @Test
    void runOfACancelledMainThrowsTheError() {
        assertEquals(
                "M",
                assertThrows(CancelledError.class, () -> run(cancelledMain())).getMessage());
    }
}
