package dev.heddle.leaks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.leaks.Watch.check;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.leaks.Watch.Thing;
import dev.heddle.sync.Queue;
import java.lang.ref.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects that a suspended program does not read again are collected. Each expectation names the objects alive after a turn. */
class SuspendedFramesIT {

    @Test
    void locals() throws Exception {
        check(
                watch -> {
                    Thing first = watch.thing("first");
                    Thing second = watch.thing("second");
                    await(sleep(0));
                    first.use();
                    await(sleep(0));
                    second.use();
                    await(sleep(0));
                    return Coroutine.done();
                },
                "first second",
                "second",
                "",
                "");
    }

    @Async
    private static Coroutine<Void> arguments(Thing first, Thing unused, Thing second) {
        await(sleep(0));
        first.use();
        await(sleep(0));
        second.use();
        await(sleep(0));
        return Coroutine.done();
    }

    @Test
    void argumentsOfATask() throws Exception {
        check(
                watch -> arguments(watch.thing("first"), watch.thing("unused"), watch.thing("second")),
                "first second",
                "second",
                "",
                "");
    }

    @Test
    void argumentsOfWhatIsAwaited() throws Exception {
        check(
                watch -> {
                    await(arguments(watch.thing("first"), watch.thing("unused"), watch.thing("second")));
                    return Coroutine.done();
                },
                "first second",
                "second",
                "",
                "");
    }

    @Async
    private static <T> Coroutine<T> later(T value) {
        return Coroutine.of(await(sleep(0, value)));
    }

    private static void use(Thing first, Thing second, Thing third) {
        first.use();
        second.use();
        third.use();
    }

    @Test
    void operands() throws Exception {
        check(
                watch -> {
                    use(watch.thing("first"), await(later(watch.thing("second"))), await(later(watch.thing("third"))));
                    await(sleep(0));
                    return Coroutine.done();
                },
                "first second",
                "first second third",
                "",
                "");
    }

    @Test
    void valuesBeyondTheFieldsOfAFrame() throws Exception {
        check(
                watch -> {
                    Thing a = watch.thing("a");
                    Thing b = watch.thing("b");
                    Thing c = watch.thing("c");
                    Thing d = watch.thing("d");
                    Thing e = watch.thing("e");
                    Thing f = watch.thing("f");
                    Thing g = watch.thing("g");
                    Thing h = watch.thing("h");
                    Thing i = watch.thing("i");
                    await(sleep(0));
                    use(a, b, c);
                    use(d, e, f);
                    use(g, h, i);
                    Thing j = watch.thing("j");
                    await(sleep(0));
                    use(i, j, i);
                    await(sleep(0));
                    return Coroutine.done();
                },
                "a b c d e f g h i",
                "i j",
                "",
                "");
    }

    @Test
    void variablesOfALoop() throws Exception {
        check(
                watch -> {
                    Thing before = watch.thing("before");
                    for (int i = 0; i < 2; i++) {
                        Thing turn = watch.thing("turn" + i);
                        await(sleep(0));
                        before.use();
                        before = turn;
                        await(sleep(0));
                    }
                    await(sleep(0));
                    before.use();
                    return Coroutine.done();
                },
                "before turn0",
                "turn0",
                "turn0 turn1",
                "turn1",
                "turn1",
                "");
    }

    @Test
    void caughtExceptions() throws Exception {
        check(
                watch -> {
                    try {
                        await(sleep(0));
                        throw watch.watched("failure", new IllegalStateException());
                    } catch (IllegalStateException failure) {
                        await(sleep(0));
                        failure.getMessage();
                        await(sleep(0));
                    }
                    return Coroutine.done();
                },
                "",
                "failure",
                "",
                "");
    }

    @Test
    void failuresOnTheirWayThroughAFinallyBlock() throws Exception {
        check(
                watch -> {
                    try {
                        try {
                            throw watch.watched("failure", new IllegalStateException());
                        } finally {
                            await(sleep(0));
                        }
                    } catch (IllegalStateException failure) {
                        await(sleep(0));
                    }
                    return Coroutine.done();
                },
                "failure",
                "",
                "");
    }

    @Test
    void resourcesAfterTheirBlock() throws Exception {
        check(
                watch -> {
                    try (Thing resource = watch.thing("resource")) {
                        await(sleep(0));
                    }
                    await(sleep(0));
                    return Coroutine.done();
                },
                "resource",
                "",
                "");
    }

    @Test
    void resultsOfEarlierAwaits() throws Exception {
        check(
                watch -> {
                    Thing first = await(later(watch.thing("first")));
                    Thing second = await(later(watch.thing("second")));
                    first.use();
                    await(sleep(0));
                    second.use();
                    await(sleep(0));
                    return Coroutine.done();
                },
                "first",
                "first second",
                "second",
                "",
                "");
    }

    @Test
    void valuesThatALambdaHasCaptured() throws Exception {
        check(
                watch -> {
                    Thing captured = watch.thing("captured");
                    AsyncSupplier<Void> lambda = () -> {
                        await(sleep(0));
                        captured.use();
                        await(sleep(0));
                        return Coroutine.done();
                    };
                    await(lambda.get());
                    return Coroutine.done();
                },
                "captured",
                "",
                "");
    }

    @Test
    void coroutinesThatHaveBeenAwaited() throws Exception {
        AsyncFunction<Thing, Void> inner = thing -> {
            await(sleep(0));
            thing.use();
            return Coroutine.done();
        };
        check(
                watch -> {
                    await(watch.watched("coroutine", inner.apply(watch.thing("argument"))));
                    await(sleep(0));
                    return Coroutine.done();
                },
                "argument coroutine",
                "",
                "");
    }

    @Test
    void futuresThatHaveBeenAwaited() throws Exception {
        check(
                watch -> {
                    Task<Thing> task = watch.watched("task", createTask(later(watch.thing("result"))));
                    await(task);
                    await(sleep(0));
                    return Coroutine.done();
                },
                "result task",
                "result task",
                "result task",
                "",
                "");
    }

    @Test
    void failuresThatWereAwaited() throws Exception {
        check(
                watch -> {
                    Future<Void> failed = watch.watched("future", Heap.createFuture());
                    failed.setException(watch.watched("failure", new IllegalStateException()));
                    try {
                        await(failed);
                    } catch (IllegalStateException failure) {
                        await(sleep(0));
                    }
                    return Coroutine.done();
                },
                "",
                "");
    }

    @Async
    private static Coroutine<Void> uses(Thing thing) {
        await(sleep(0));
        thing.use();
        return Coroutine.done();
    }

    /** A task is kept with its coroutine, because both can be asked for their outcome. The objects that the coroutine held are not. */
    @Test
    void doneTasksKeepNothingOfTheirCoroutines() throws Exception {
        check(
                watch -> {
                    Task<Void> task = createTask(uses(watch.thing("argument")));
                    await(sleep(0));
                    await(sleep(0));
                    await(sleep(0));
                    task.coroutine();
                    return Coroutine.done();
                },
                "argument",
                "argument",
                "",
                "");
    }

    @Test
    void cancelledTasksKeepNothingOfTheirCoroutines() throws Exception {
        check(
                watch -> {
                    Task<Void> task = createTask(uses(watch.thing("argument")));
                    Task<Void> unstarted = createTask(uses(watch.thing("unstarted")));
                    unstarted.cancel();
                    await(sleep(0));
                    task.cancel();
                    await(sleep(0));
                    task.coroutine();
                    await(sleep(0));
                    unstarted.coroutine();
                    return Coroutine.done();
                },
                "argument unstarted",
                "argument",
                "",
                "");
    }

    @Test
    void putsThatAreOverKeepNoItem() throws Exception {
        check(
                watch -> {
                    Queue<Thing> queue = Queue.fifo(1);
                    Task<Void> unstarted = createTask(queue.put(watch.thing("unstarted")));
                    unstarted.cancel();
                    await(queue.put(watch.thing("in")));
                    Task<Void> waiting = createTask(queue.put(watch.thing("waiting")));
                    await(sleep(0));
                    await(sleep(0));
                    waiting.cancel();
                    await(sleep(0));
                    await(sleep(0));
                    queue.getNow();
                    await(sleep(0));
                    Reference.reachabilityFence(List.of(queue, unstarted.coroutine(), waiting.coroutine()));
                    return Coroutine.done();
                },
                "in unstarted waiting",
                "in waiting",
                "in waiting",
                "in",
                "",
                "");
    }

    /** The body of a method that is not static goes on as a method of the object. */
    private record Owner(Thing field) {

        @Async
        Coroutine<Void> method() {
            await(sleep(0));
            await(sleep(0));
            return Coroutine.done();
        }

        static Coroutine<Void> called(Watch watch) {
            return watch.watched("this", new Owner(watch.thing("field"))).method();
        }
    }

    @Test
    void thisIsKeptToTheEnd() throws Exception {
        check(
                watch -> {
                    await(Owner.called(watch));
                    await(sleep(0));
                    return Coroutine.done();
                },
                "field this",
                "field this",
                "",
                "");
    }
}
