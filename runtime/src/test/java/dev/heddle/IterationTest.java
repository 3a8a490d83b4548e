package dev.heddle;

import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** How many turns of the loop an await takes, measured by a callback that schedules itself again: the numbers of CPython. */
class IterationTest {

    private int turns;

    private void tick() {
        turns++;
        getRunningLoop().callSoon(this::tick);
    }

    /** The turns between the beginning of the await and its end, in whatever way it ends. */
    private int turnsOf(Supplier<@Nullable Object> awaitable) {
        int[] begin = new int[1];
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((l, context) -> {});
            return loop.runUntilComplete(Script.<Integer>script(nothing -> {
                        getRunningLoop().callSoon(this::tick);
                        return sleep(0);
                    })
                    .then(nothing -> {
                        Object target = awaitable.get();
                        begin[0] = turns;
                        return target;
                    })
                    .handle(failure -> null)
                    .then(outcome -> turns - begin[0]));
        }
    }

    private static Coroutine<Integer> noop() {
        return script(nothing -> 1);
    }

    private static Coroutine<Integer> failing() {
        return script(nothing -> {
            throw new IllegalArgumentException("failing");
        });
    }

    private static Future<Integer> doneFuture() {
        Future<Integer> future = getRunningLoop().createFuture();
        future.setResult(1);
        return future;
    }

    private static Future<Integer> futureSetByNextCallback() {
        Future<Integer> future = getRunningLoop().createFuture();
        getRunningLoop().callSoon(() -> future.setResult(1));
        return future;
    }

    private static Task<?> cancelled(Task<?> task) {
        task.cancel();
        return task;
    }

    private DynamicTest takes(int expected, String what, Supplier<@Nullable Object> awaitable) {
        return DynamicTest.dynamicTest(what + ": " + expected, () -> assertEquals(expected, turnsOf(awaitable)));
    }

    @TestFactory
    Stream<DynamicTest> turnsAsInCPython() {
        Duration tenSeconds = Duration.ofSeconds(10);
        return Stream.of(
                takes(0, "done future", IterationTest::doneFuture),
                takes(0, "coroutine that does not suspend", IterationTest::noop),
                takes(1, "sleep(0)", () -> sleep(0)),
                takes(1, "sleep(-1)", () -> sleep(-1)),
                takes(2, "future set by the next callback", IterationTest::futureSetByNextCallback),
                takes(2, "task of noop", () -> createTask(noop())),
                takes(3, "task of sleep(0)", () -> createTask(script(nothing -> sleep(0)))),
                takes(0, "gather of nothing", () -> gather(List.of())),
                takes(0, "gather of done futures", () -> gather(doneFuture(), doneFuture())),
                takes(3, "gather of two noops", () -> gather(noop(), noop())),
                takes(3, "gather when one fails", () -> gather(noop(), failing())),
                takes(3, "gatherSettled when one fails", () -> gatherSettled(noop(), failing())),
                takes(3, "wait for a task of noop", () -> Asyncio.wait(List.of(createTask(noop())))),
                takes(2, "wait for a done future", () -> Asyncio.wait(List.of(doneFuture()))),
                takes(0, "waitFor a noop", () -> waitFor(noop(), tenSeconds)),
                takes(2, "waitFor a task", () -> waitFor(createTask(noop()), tenSeconds)),
                takes(3, "waitFor a noop in no time", () -> waitFor(noop(), Duration.ZERO)),
                takes(3, "shield of noop", () -> shield(noop())),
                takes(2, "cancelled unstarted task", () -> cancelled(createTask(noop()))));
    }

    @TestFactory
    Stream<DynamicTest> turnsOfCancellationAsInCPython() {
        return Stream.of(
                DynamicTest.dynamicTest("a sleeping task: 2", () -> assertEquals(2, turnsToCancel(0))),
                DynamicTest.dynamicTest("a task that awaits a task: 3", () -> assertEquals(3, turnsToCancel(1))),
                DynamicTest.dynamicTest(
                        "a task that awaits 10 others in a row: 12", () -> assertEquals(12, turnsToCancel(10))));
    }

    /** Cancels the outermost of a row of tasks, each awaiting the next and the last one sleeping, and awaits it. */
    private int turnsToCancel(int between) {
        int[] begin = new int[1];
        try (EventLoop loop = EventLoop.virtualTime()) {
            return loop.runUntilComplete(Script.<Integer>script(nothing -> {
                        getRunningLoop().callSoon(this::tick);
                        Task<?> inner = createTask(script(x -> sleep(100)));
                        for (int i = 0; i < between; i++) {
                            Task<?> awaited = inner;
                            inner = createTask(script(x -> awaited));
                        }
                        Task<?> outer = inner;
                        return script(x -> sleep(0)).then(x -> sleep(0)).then(x -> {
                            begin[0] = turns;
                            return cancelled(outer);
                        });
                    })
                    .handle(failure -> null)
                    .then(outcome -> turns - begin[0]));
        }
    }
}
