package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Events.check;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** In which context what runs, with what {@code contexts.py} prints. */
class ContextIT {

    private static final ContextVar<String> COLOR = new ContextVar<>("color", "none");

    @Async
    private static Coroutine<Void> painting(Events log, String name) {
        log.add(name + " " + COLOR.get());
        COLOR.set(name);
        await(sleep(0));
        log.add(name + " " + COLOR.get());
        return Coroutine.done();
    }

    private static void log(Events log, String name) {
        log.add(name + " " + COLOR.get());
    }

    @Test
    void taskRunsInACopy() {
        check("green red, green green, blue, green", log -> {
            COLOR.set("red");
            Task<?> task = createTask(painting(log, "green"));
            COLOR.set("blue");
            await(task);
            log.add(COLOR.get());
            log.add(task.context().get(COLOR));
            return Coroutine.done();
        });
    }

    @Test
    void awaitedCoroutineSharesTheContext() {
        check("green red, green green, green", log -> {
            COLOR.set("red");
            await(painting(log, "green"));
            log.add(COLOR.get());
            return Coroutine.done();
        });
    }

    @Test
    void tasksInTurnKeepTheirValues() {
        check("a none, b none, c none, a a, b b, c c, none", log -> {
            await(gather(painting(log, "a"), painting(log, "b"), painting(log, "c")));
            log.add(COLOR.get());
            return Coroutine.done();
        });
    }

    @Test
    void givenContextIsUsedAsItIs() {
        check("green none, green green, green, none, True, blue green, blue blue, blue", log -> {
            Context context = new Context();
            await(createTask(painting(log, "green"), context));
            log.add(context.get(COLOR));
            log.add(COLOR.get());
            Task<?> task = createTask(painting(log, "blue"), context);
            log.add(task.context() == context);
            await(task);
            log.add(context.get(COLOR));
            return Coroutine.done();
        });
    }

    @Test
    void callbackRunsInTheContextOfItsRegistration() {
        check("soon red, threadsafe red, later red, at red", log -> {
            EventLoop loop = getRunningLoop();
            COLOR.set("red");
            loop.callSoon(() -> log(log, "soon"));
            loop.callLater(1, () -> log(log, "later"));
            loop.callAt(2, () -> log(log, "at"));
            loop.callSoonThreadsafe(() -> log(log, "threadsafe"));
            COLOR.set("blue");
            await(sleep(3));
            return Coroutine.done();
        });
    }

    @Test
    void callbackSetsInItsOwnCopy() {
        check("first red, second green, red", log -> {
            COLOR.set("red");
            getRunningLoop().callSoon(() -> {
                COLOR.set("green");
                getRunningLoop().callSoon(() -> log(log, "second"));
            });
            getRunningLoop().callSoon(() -> log(log, "first"));
            await(sleep(1));
            log.add(COLOR.get());
            return Coroutine.done();
        });
    }

    @Test
    void callbackRunsInTheContextGiven() {
        check("soon green, later blue, at blue, none", log -> {
            Context context = new Context();
            context.run(() -> COLOR.set("green"));
            EventLoop loop = getRunningLoop();
            loop.callSoon(() -> log(log, "soon"), context);
            loop.callLater(1, () -> log(log, "later"), context);
            loop.callAt(2, () -> log(log, "at"), context);
            loop.callSoonThreadsafe(() -> COLOR.set("blue"), context);
            await(sleep(3));
            log.add(COLOR.get());
            return Coroutine.done();
        });
    }

    @Test
    void doneCallbackRunsInTheContextOfItsRegistration() {
        check("1 none, 2 red, 3 blue, 4 green", log -> {
            Future<Integer> future = createFuture();
            Context context = new Context();
            context.run(() -> COLOR.set("blue"));
            future.addDoneCallback(done -> log(log, "1"));
            COLOR.set("red");
            future.addDoneCallback(done -> log(log, "2"));
            COLOR.set("green");
            future.addDoneCallback(done -> log(log, "3"), context);
            future.setResult(0);
            future.addDoneCallback(done -> log(log, "4"));
            await(sleep(0));
            await(sleep(0));
            return Coroutine.done();
        });
    }

    @Test
    void callbackWithAContextIsRemovedToo() {
        check("2", log -> {
            Future<Integer> future = createFuture();
            Consumer<Future<Integer>> callback = done -> log.add("called");
            future.addDoneCallback(callback);
            COLOR.set("red");
            future.addDoneCallback(callback);
            log.add(future.removeDoneCallback(callback));
            future.setResult(0);
            await(sleep(1));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failing() {
        COLOR.set("green");
        await(sleep(0));
        throw new IllegalArgumentException("failed");
    }

    @Test
    void valueIsKeptAcrossAnAwaitThatFails() {
        check("green", log -> {
            try {
                await(failing());
            } catch (IllegalArgumentException failure) {
                log.add(COLOR.get());
            }
            return Coroutine.done();
        });
    }

    @Test
    void handlerRunsInTheContextOfWhatFailed() {
        check("reported green, blue red, blue blue, reported blue", log -> {
            getRunningLoop().setExceptionHandler((loop, report) -> log(log, "reported"));
            COLOR.set("red");
            getRunningLoop().callSoon(() -> {
                COLOR.set("green");
                throw new IllegalArgumentException("failed");
            });
            await(sleep(1));
            Task<?> task = createTask(painting(log, "blue"));
            await(task);
            getRunningLoop().callExceptionHandler(Map.of("message", "test", "task", task));
            return Coroutine.done();
        });
    }

    @Test
    void threadRunsInACopy() {
        check("thread red, red", log -> {
            COLOR.set("red");
            await(toThread(() -> {
                log(log, "thread");
                return COLOR.set("green");
            }));
            log.add(COLOR.get());
            return Coroutine.done();
        });
    }

    /** Unlike in asyncio, where only {@code to_thread} does so. */
    @Test
    void executorRunsInACopyToo() {
        check("thread red, red, thread none", log -> {
            EventLoop loop = getRunningLoop();
            Context empty = new Context();
            COLOR.set("red");
            await(loop.runInExecutor(Runnable::run, () -> {
                log(log, "thread");
                return COLOR.set("green");
            }));
            log.add(COLOR.get());
            await(empty.run(() -> loop.runInExecutor(Runnable::run, () -> {
                log(log, "thread");
                return 0;
            })));
            return Coroutine.done();
        });
    }

    @Test
    void runInsideATaskEndsWithIt() {
        check("red, green, red, refused", log -> {
            Context context = Context.copyCurrent();
            COLOR.set("red");
            context.run(() -> COLOR.set("green"));
            log.add(COLOR.get());
            log.add(context.get(COLOR));
            Task<?> self = currentTask();
            log.add(self.context().get(COLOR));
            try {
                self.context().run(() -> 0);
            } catch (IllegalStateException refused) {
                log.add("refused");
            }
            return Coroutine.done();
        });
    }

    /** The context of the thread is that of no task. */
    @Test
    void loopLeavesTheContextOfTheThreadAlone() {
        List<String> seen = new ArrayList<>();
        new Context().run(() -> {
            COLOR.set("red");
            check("green red, green green", log -> painting(log, "green"));
            seen.add(COLOR.get());
            return 0;
        });
        seen.add(COLOR.get());
        assertEquals(List.of("red", "none"), seen);
    }
}
