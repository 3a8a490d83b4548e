package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static dev.heddle.cpython.Events.check;
import static dev.heddle.cpython.Events.outcome;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When done-callbacks and awaiting tasks run, with what {@code traces.py} prints. */
class FuturesIT {

    @Test
    void callbacksRunInOrderAmongOtherCallbacks() {
        check("set, before, first 1, second, after, resumed", log -> {
            Future<Integer> future = createFuture();
            future.addDoneCallback(done -> log.add("first " + outcome(done)));
            future.addDoneCallback(done -> log.add("second"));
            getRunningLoop().callSoon(() -> log.add("before"));
            future.setResult(1);
            getRunningLoop().callSoon(() -> log.add("after"));
            log.add("set");
            await(sleep(0));
            log.add("resumed");
            return Coroutine.done();
        });
    }

    @Test
    void callbackOfADoneFutureRunsInTheNextTurn() {
        check("added, before, callback", log -> {
            Future<Integer> future = doneFuture(1);
            getRunningLoop().callSoon(() -> log.add("before"));
            future.addDoneCallback(done -> log.add("callback"));
            log.add("added");
            await(sleep(0));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> awaiting(Events log, String name, Future<String> future) {
        log.add(name + await(future));
        return Coroutine.done();
    }

    @Test
    void awaitingTaskIsOneAmongTheCallbacks() {
        check("first, resumed, last", log -> {
            Future<String> future = createFuture();
            future.addDoneCallback(done -> log.add("first"));
            Task<Void> task = createTask(awaiting(log, "", future));
            await(sleep(0));
            future.addDoneCallback(done -> log.add("last"));
            future.setResult("resumed");
            await(task);
            return Coroutine.done();
        });
    }

    @Test
    void callbackAddedTwiceRunsTwiceAndIsRemovedTwice() {
        check("[2 0], 0, other, called, called", log -> {
            Consumer<Future<Integer>> callback = done -> log.add("called");
            Future<Integer> future = createFuture();
            future.addDoneCallback(callback);
            future.addDoneCallback(callback);
            future.addDoneCallback(done -> log.add("other"));
            log.add(List.of(future.removeDoneCallback(callback), future.removeDoneCallback(callback)));
            future.addDoneCallback(callback);
            future.addDoneCallback(callback);
            future.setResult(1);
            log.add(future.removeDoneCallback(callback));
            await(sleep(0));
            return Coroutine.done();
        });
    }

    private static void fail() {
        throw new IllegalArgumentException("E");
    }

    @Test
    void failingCallbackIsReportedAndTheOthersRun() {
        check("reported IllegalArgumentException: E, other, goes on", log -> {
            Future<Integer> future = createFuture();
            future.addDoneCallback(done -> fail());
            future.addDoneCallback(done -> log.add("other"));
            future.cancel();
            await(sleep(0));
            log.add("goes on");
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> child(Events log) {
        log.add("runs");
        return Coroutine.of(7);
    }

    @Test
    void callbacksOfATaskRunWhenItIsDone() {
        check("runs, callback done 0 7, 7", log -> {
            Task<Integer> task = createTask(child(log));
            task.addDoneCallback(done -> log.add("callback " + state(done) + " " + outcome(done)));
            log.add(await(task));
            return Coroutine.done();
        });
    }

    @Test
    void taskSetByAnotherTaskResumesInItsOrder() {
        check("a resumed, b resumed, c resumed, soon", log -> {
            Future<String> future = createFuture();
            List<Task<Void>> tasks = Stream.of("a ", "b ", "c ")
                    .map(name -> createTask(awaiting(log, name, future)))
                    .toList();
            await(sleep(0));
            future.setResult("resumed");
            getRunningLoop().callSoon(() -> log.add("soon"));
            await(Asyncio.wait(tasks));
            return Coroutine.done();
        });
    }
}
