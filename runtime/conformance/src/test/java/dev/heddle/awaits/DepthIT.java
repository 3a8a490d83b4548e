package dev.heddle.awaits;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.cpython.Coroutines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long chains of awaits and long loops of them cost neither stack nor heap beyond their frames. */
class DepthIT {

    private static final int DEEP = 10_000;

    /** How deep calls that begin a coroutine nest: unlike those that resume one they are on the stack. */
    private static final int NESTED = 500;

    /**
     * Awaits {@code awaitable} under {@code depth} methods. A sleep after each {@link #NESTED} calls lets the stack
     * unwind, so that any depth can be reached.
     */
    @Async
    private static <T> Coroutine<T> deep(int depth, Awaitable<T> awaitable) {
        if (depth % NESTED == 0) {
            await(sleep(0));
        }
        return Coroutine.of(await(depth == 0 ? awaitable : deep(depth - 1, awaitable)));
    }

    private static <T> T run(Coroutine<T> coroutine) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            return loop.runUntilComplete(coroutine);
        }
    }

    @Test
    void resultClimbsADeepChain() {
        assertEquals("ground", run(deep(DEEP, sleep(1, "ground"))));
    }

    @Test
    void failureClimbsADeepChain() {
        Coroutine<Object> failing = deep(DEEP, Coroutines.after(1, new IllegalArgumentException("ground")));
        assertEquals(
                "ground",
                assertThrows(IllegalArgumentException.class, () -> run(failing)).getMessage());
    }

    @Async
    private static Coroutine<Integer> manySleeps(int count) {
        for (int i = 0; i < count; i++) {
            await(sleep(1));
        }
        return Coroutine.of(count);
    }

    @Test
    void deepChainAwaitsAThousandTimes() {
        assertEquals(1000, run(deep(DEEP, manySleeps(1000))));
    }

    @Test
    void deepChainIsCancelled() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Void> task = loop.createTask(deep(DEEP, sleep(1000)));
            loop.callLater(1, () -> task.cancel("stop"));
            CancelledError error = assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
            assertEquals("stop", error.getMessage());
            assertEquals(1, loop.time());
        }
    }

    @Async
    private static Coroutine<Object> awaiting(Awaitable<Object> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    @Async
    private static Coroutine<List<Task<Object>>> rowOfTasks(Future<Object> last) {
        List<Task<Object>> row = new ArrayList<>();
        Future<Object> next = last;
        for (int i = 0; i < DEEP; i++) {
            Task<Object> task = createTask(awaiting(next));
            row.add(task);
            next = task;
        }
        await(sleep(0));
        return Coroutine.of(row);
    }

    @Test
    void rowOfTasksIsCancelledFromItsEnd() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            List<Task<Object>> row = loop.runUntilComplete(rowOfTasks(loop.createFuture()));
            Task<Object> outermost = row.get(DEEP - 1);
            outermost.cancel("stop");
            CancelledError error = assertThrows(CancelledError.class, () -> loop.runUntilComplete(outermost));
            assertEquals("stop", error.getMessage());
            assertTrue(row.stream().allMatch(task -> task.isCancelled() && task.cancelling() == 1));
        }
    }

    @Test
    void rowOfTasksPassesAResultOn() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Future<Object> ground = loop.createFuture();
            List<Task<Object>> row = loop.runUntilComplete(rowOfTasks(ground));
            ground.setResult("ground");
            assertEquals("ground", loop.runUntilComplete(row.get(DEEP - 1)));
        }
    }

    @Async
    private static Coroutine<Long> sumOfYields(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += await(sleep(0, i));
        }
        return Coroutine.of(sum);
    }

    @Test
    void aMillionAwaitsInALoop() {
        assertEquals(499_999_500_000L, run(sumOfYields(1_000_000)));
    }

    @Async
    private static Coroutine<Integer> one() {
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Integer> sumOfCompleted(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += await(one()) + await(doneFuture(1));
        }
        return Coroutine.of(sum);
    }

    @Test
    void aMillionAwaitsThatNeedNotWait() {
        assertEquals(1_000_000, run(sumOfCompleted(500_000)));
    }

    /** Counts the nodes of a tree by awaiting its branches, none of which suspends. */
    @Async
    private static Coroutine<Integer> nodes(int height) {
        if (height == 0) {
            return Coroutine.of(1);
        }
        return Coroutine.of(1 + await(nodes(height - 1)) + await(nodes(height - 1)));
    }

    @Test
    void aHundredThousandCompletedAwaitsInRecursion() {
        assertEquals((1 << 17) - 1, run(nodes(16)));
    }

    @Async
    private static Coroutine<Integer> completedDeep(int depth) {
        return Coroutine.of(depth == 0 ? 0 : 1 + await(completedDeep(depth - 1)));
    }

    @Test
    void completedAwaitsNestAsDeepAsCalls() {
        assertEquals(1000, run(completedDeep(1000)));
    }

    /** A method that may be overridden, so that each call of it makes a coroutine before it runs. */
    private interface Overridable {

        @Async
        default Coroutine<Long> nested(int depth, String text, long number) {
            if (depth == 0) {
                return Coroutine.of(number);
            }
            long sum = await(nested(depth - 1, text, number + 1)) + text.length();
            return Coroutine.of(sum + number);
        }
    }

    /** Interpreted, and compiled by the first and by the second compiler, which take turns while this runs. */
    @Test
    void coroutinesNestAThousandLevelsOnTheDefaultStack() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Runnable program = () -> {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(501_500L, run(new Overridable() {}.nested(1_000, "a", 0)));
            }
        };
        Thread thread = new Thread(null, program, "1 MB", 1 << 20);
        thread.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
        thread.start();
        thread.join();
        assertEquals(List.of(), failures);
    }

    @Async
    private static Coroutine<Void> endless() {
        return endless();
    }

    @Test
    void endlessRecursionFailsTheTaskAndNotTheLoop() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertThrows(StackOverflowError.class, () -> loop.runUntilComplete(endless()));
            assertEquals(1, loop.runUntilComplete(one()));
        }
    }

    @Async
    private static Coroutine<Integer> awaitedByMany(int count) {
        Future<Object> future = createFuture();
        List<Task<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(createTask(awaiting(future)));
        }
        await(sleep(0));
        future.setResult("done");
        int done = 0;
        for (Task<Object> task : tasks) {
            done += await(task).equals("done") ? 1 : 0;
        }
        return Coroutine.of(done);
    }

    @Test
    void aFutureAwaitedByManyTasks() {
        assertEquals(DEEP, run(awaitedByMany(DEEP)));
    }
}
