package dev.heddle.awaits;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** How many turns of the loop the awaits of woven methods take: the numbers that {@code turns.py} prints. */
class TurnsIT {

    private static final Duration LONG = Duration.ofSeconds(10);

    private int ticks;

    private void tick() {
        ticks++;
        getRunningLoop().callSoon(this::tick);
    }

    private DynamicTest takes(int expected, String what, Supplier<Awaitable<?>> awaitable) {
        return DynamicTest.dynamicTest(what, () -> assertEquals(expected, turns(() -> awaited(awaitable.get()))));
    }

    private int turns(AsyncSupplier<Integer> body) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((l, context) -> {});
            return loop.runUntilComplete(measured(body));
        }
    }

    @Async
    private Coroutine<Integer> measured(AsyncSupplier<Integer> body) throws Exception {
        tick();
        await(sleep(0));
        ticks = 0;
        return body.get();
    }

    @Async
    private Coroutine<Integer> awaited(Awaitable<?> awaitable) {
        try {
            await(awaitable);
        } catch (Throwable failure) {
            return Coroutine.of(ticks);
        }
        return Coroutine.of(ticks);
    }

    @Async
    private static Coroutine<Integer> noop() {
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Integer> failing() {
        throw new IllegalArgumentException("failing");
    }

    @Async
    private static Coroutine<Integer> pause() {
        await(sleep(0));
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Void> nested(int depth) {
        if (depth > 0) {
            await(nested(depth - 1));
        } else {
            await(sleep(0));
        }
        return Coroutine.done();
    }

    /** The same as {@link #nested}, but returns the coroutine instead of awaiting it. */
    @Async
    private static Coroutine<Void> delegated(int depth) {
        if (depth == 0) {
            await(sleep(0));
            return Coroutine.done();
        }
        return delegated(depth - 1);
    }

    @Async
    private static Coroutine<Object> awaiting(Awaitable<?> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    @Async
    private static Coroutine<Void> twoSleeps() {
        await(sleep(0));
        await(sleep(-1));
        return Coroutine.done();
    }

    private static Future<Integer> pendingFuture() {
        return getRunningLoop().createFuture();
    }

    private static Future<Integer> doneFuture() {
        Future<Integer> future = pendingFuture();
        future.setResult(1);
        return future;
    }

    private static Future<Integer> futureSetByCallback() {
        Future<Integer> future = pendingFuture();
        getRunningLoop().callSoon(() -> future.setResult(1));
        return future;
    }

    @TestFactory
    Stream<DynamicTest> awaitingOne() {
        return Stream.of(
                takes(0, "coroutine that does not suspend", TurnsIT::noop),
                takes(1, "sleep(0) five calls deep", () -> nested(5)),
                takes(1, "sleep(0) after five delegations", () -> delegated(5)),
                takes(0, "done future", () -> awaiting(doneFuture())),
                takes(1, "sleep(0)", TurnsIT::pause),
                takes(2, "sleep(0), sleep(-1)", TurnsIT::twoSleeps),
                takes(2, "future set by the next callback", () -> awaiting(futureSetByCallback())),
                takes(2, "task of noop", () -> createTask(noop())),
                takes(2, "task that fails", () -> createTask(failing())),
                takes(3, "task of sleep(0)", () -> createTask(pause())),
                takes(3, "task of sleep(0) five calls deep", () -> createTask(nested(5))),
                takes(2, "task that awaits a task made before", () -> createTask(awaiting(createTask(noop())))),
                takes(2, "cancelled unstarted task", () -> cancelled(createTask(noop()))));
    }

    @TestFactory
    Stream<DynamicTest> combining() {
        return Stream.of(
                takes(0, "gather()", () -> gather(List.of())),
                takes(0, "gather of done futures", () -> gather(doneFuture(), doneFuture())),
                takes(3, "gather of two noops", () -> gather(noop(), noop())),
                takes(3, "gather when one fails", () -> gather(noop(), failing())),
                takes(3, "gatherSettled when one fails", () -> gatherSettled(noop(), failing())),
                takes(3, "gather of done and noop", () -> gather(doneFuture(), noop())),
                takes(4, "gather of gather", () -> gather(gather(noop()))),
                takes(3, "wait for a noop", () -> Asyncio.wait(List.of(createTask(noop())))),
                takes(2, "wait for a done future", () -> Asyncio.wait(List.of(doneFuture()))),
                takes(
                        3,
                        "wait for the first",
                        () -> Asyncio.wait(List.of(createTask(noop()), pendingFuture()), ReturnWhen.FIRST_COMPLETED)),
                takes(
                        2,
                        "wait without time",
                        () -> Asyncio.wait(List.of(pendingFuture()), Duration.ZERO, ReturnWhen.ALL_COMPLETED)),
                takes(3, "shield(noop)", () -> shield(noop())),
                takes(0, "shield(done)", () -> shield(doneFuture())),
                takes(3, "shield(failing)", () -> shield(failing())));
    }

    @TestFactory
    Stream<DynamicTest> limiting() {
        return Stream.of(
                takes(0, "waitFor a noop", () -> waitFor(noop(), LONG)),
                takes(1, "waitFor a sleep(0)", () -> waitFor(pause(), LONG)),
                takes(2, "waitFor a task", () -> waitFor(createTask(noop()), LONG)),
                takes(0, "waitFor a done future", () -> waitFor(doneFuture(), LONG)),
                takes(3, "waitFor a noop in no time", () -> waitFor(noop(), Duration.ZERO)),
                takes(0, "waitFor a done future in no time", () -> waitFor(doneFuture(), Duration.ZERO)),
                takes(2, "waitFor a pending future in no time", () -> waitFor(pendingFuture(), Duration.ZERO)),
                takes(0, "waitFor a noop without limit", () -> waitFor(noop(), null)));
    }

    @SafeVarargs
    private static Coroutine<Void> group(Supplier<Coroutine<?>>... tasks) {
        return taskGroup(group -> {
            for (Supplier<Coroutine<?>> task : tasks) {
                group.createTask(task.get());
            }
            return Coroutine.done();
        });
    }

    private static Coroutine<Object> limited(Duration limit, Awaitable<?> awaitable) {
        return timeout(limit, timeout -> awaiting(awaitable));
    }

    @Async
    private static Coroutine<Void> inOrder(List<Awaitable<Integer>> awaitables) {
        for (Coroutine<Integer> coroutine : asCompleted(awaitables)) {
            await(coroutine);
        }
        return Coroutine.done();
    }

    @TestFactory
    Stream<DynamicTest> blocks() {
        return Stream.of(
                takes(0, "taskGroup without tasks", TurnsIT::group),
                takes(3, "taskGroup of a noop", () -> group(TurnsIT::noop)),
                takes(3, "taskGroup of three noops", () -> group(TurnsIT::noop, TurnsIT::noop, TurnsIT::noop)),
                takes(3, "taskGroup when one fails", () -> group(TurnsIT::noop, TurnsIT::failing)),
                takes(4, "taskGroup of a sleep(0)", () -> group(TurnsIT::pause)),
                takes(6, "taskGroup of a taskGroup", () -> group(() -> group(TurnsIT::noop))),
                takes(0, "timeout around a noop", () -> limited(LONG, noop())),
                takes(1, "timeout around a sleep(0)", () -> limited(LONG, pause())),
                takes(2, "timeout in no time around a sleep", () -> limited(Duration.ZERO, sleep(10))),
                takes(1, "timeout in no time around a sleep(0)", () -> limited(Duration.ZERO, pause())),
                takes(0, "timeout in no time around a noop", () -> limited(Duration.ZERO, noop())),
                takes(2, "timeout in the past", () -> limited(Duration.ofSeconds(-1), pendingFuture())),
                takes(1, "timeout without limit", () -> limited(null, pause())),
                takes(0, "asCompleted of nothing", () -> inOrder(List.of())),
                takes(3, "asCompleted of a noop", () -> inOrder(List.of(noop()))),
                takes(3, "asCompleted when one fails", () -> inOrder(List.of(noop(), failing()))),
                takes(2, "asCompleted of a done future", () -> inOrder(List.of(doneFuture()))));
    }

    @Test
    void awaitingADoneTaskAgainTakesNoTurn() throws Exception {
        assertEquals(2, turns(this::twice));
    }

    @Async
    private Coroutine<Integer> twice() {
        Task<Integer> task = createTask(noop());
        await(task);
        await(task);
        return Coroutine.of(ticks);
    }

    @Test
    void awaitingACompletedStageTakesNoTurn() throws Exception {
        assertEquals(0, turns(this::completedStage));
    }

    @Async
    private Coroutine<Integer> completedStage() {
        await(CompletableFuture.completedFuture(1));
        return Coroutine.of(ticks);
    }

    @TestFactory
    Stream<DynamicTest> cancellationClimbsATaskPerTurn() {
        return Stream.of(cancelling(2, 0), cancelling(3, 1), cancelling(12, 10));
    }

    private DynamicTest cancelling(int expected, int between) {
        return DynamicTest.dynamicTest(
                between + " tasks between", () -> assertEquals(expected, turns(() -> cancelChain(between))));
    }

    /** Cancels the outermost of a row of tasks, each awaiting the next and the last one sleeping, and awaits it. */
    @Async
    private Coroutine<Integer> cancelChain(int between) {
        Task<?> task = createTask(awaiting(sleep(100)));
        for (int i = 0; i < between; i++) {
            task = createTask(awaiting(task));
        }
        for (int i = 0; i < between + 2; i++) {
            await(sleep(0));
        }
        ticks = 0;
        return awaited(cancelled(task));
    }

    private static Task<?> cancelled(Task<?> task) {
        task.cancel();
        return task;
    }
}
