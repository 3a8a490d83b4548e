package dev.heddle.cancellation;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Runner;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks that wait for each other in a circle, which CPython cannot cancel: it recurses until it fails, or waits for ever. */
class CirclesIT {

    private static final Duration HOUR = Duration.ofHours(1);

    /** How a task waits for another one. */
    private enum Link {
        TASK,
        GATHER,
        GATHER_OF_GATHER,
        SETTLED,
        SHIELD,
        WAIT,
        WAIT_FOR,
        TIMEOUT,
        AS_COMPLETED,
        GROUP,
        GROUP_BODY,
        GROUP_WITH_MORE
    }

    /** The kinds with which a task cannot wait for itself, because that is refused. */
    private static final Set<Link> DIRECT = Set.of(Link.TASK, Link.WAIT_FOR, Link.TIMEOUT, Link.GROUP_BODY);

    private final List<Task<?>> tasks = new ArrayList<>();

    @Async
    private Coroutine<Void> linked(Link link, int target) {
        await(sleep(0)); // all tasks are there then
        return through(link, tasks.get(target));
    }

    @Async
    private static Coroutine<Void> through(Link link, Task<?> target) {
        switch (link) {
            case TASK -> await(target);
            case GATHER -> await(gather(target, sleep(3)));
            case GATHER_OF_GATHER -> await(gather(gather(sleep(3), target), target));
            case SETTLED -> await(gatherSettled(sleep(1), target));
            case SHIELD -> await(shield(target));
            case WAIT -> await(Asyncio.wait(List.of(target)));
            case WAIT_FOR -> await(waitFor(target, HOUR));
            case TIMEOUT -> await(timeout(HOUR, limit -> Coroutine.of(await(target))));
            case AS_COMPLETED -> await(asCompleted(List.of(target)).iterator().next());
            case GROUP ->
                await(taskGroup(group -> {
                    group.createTask(awaiting(target));
                    return Coroutine.done();
                }));
            case GROUP_BODY ->
                await(taskGroup(group -> {
                    group.createTask(awaiting(target));
                    return Coroutine.of(await(target));
                }));
            case GROUP_WITH_MORE ->
                await(taskGroup(group -> {
                    for (int i = 0; i < 3; i++) {
                        group.createTask(through(Link.GATHER, target));
                    }
                    return Coroutine.done();
                }));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaiting(Task<?> target) {
        await(target);
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> circle(List<Link> links, int cancelled) {
        for (int i = 0; i < links.size(); i++) {
            tasks.add(createTask(linked(links.get(i), (i + 1) % links.size())));
        }
        await(sleep(2));
        tasks.get(cancelled).cancel("now");
        await(sleep(3));
        for (Task<?> task : tasks) {
            assertTrue(task.isDone(), task::toString);
        }
        boolean refused = links.size() == 1 && DIRECT.contains(links.get(0));
        assertTrue(refused || tasks.get(cancelled).isCancelled());
        return Coroutine.done();
    }

    private void check(List<Link> links) {
        for (int cancelled = 0; cancelled < links.size(); cancelled++) {
            tasks.clear();
            int index = cancelled;
            try (Runner runner = new Runner(EventLoop::virtualTime)) {
                runner.loop().setExceptionHandler((loop, context) -> {});
                runner.run(circle(links, index));
            } catch (Throwable failure) {
                throw new AssertionError(links + ", the one that is cancelled is " + index, failure);
            }
        }
    }

    /** 12 circles of one task, 144 of two and 1,728 of three, in which each is cancelled in its turn: 5,484 cases. */
    @Test
    void cancellingATaskThatAwaitsItselfEndsTheCircle() {
        for (Link first : Link.values()) {
            check(List.of(first));
            for (Link second : Link.values()) {
                check(List.of(first, second));
                for (Link third : Link.values()) {
                    check(List.of(first, second, third));
                }
            }
        }
    }

    /** Every task waits for one or two others, so that there is a circle somewhere, and most are in none. */
    @Test
    void aRunEndsWhoeverItsTasksWaitFor() {
        for (int seed = 0; seed < 400; seed++) {
            tasks.clear();
            try (Runner runner = new Runner(EventLoop::virtualTime)) {
                runner.loop().setExceptionHandler((loop, context) -> {}); // of tasks that await themselves
                runner.run(knot(new Random(seed)));
            } catch (Throwable failure) {
                throw new AssertionError("seed " + seed, failure);
            }
            for (Task<?> task : tasks) {
                assertTrue(task.isDone(), "seed " + seed + ": " + task);
            }
        }
    }

    @Async
    private Coroutine<Void> knot(Random random) {
        int size = 2 + random.nextInt(20);
        for (int i = 0; i < size; i++) {
            Link link = Link.values()[random.nextInt(Link.values().length)];
            tasks.add(createTask(linked(link, random.nextInt(size))));
        }
        await(sleep(2));
        if (random.nextBoolean()) {
            tasks.get(random.nextInt(size)).cancel();
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> through(Future<?> next) {
        await(next);
        return Coroutine.done();
    }

    @Test
    void aRequestGoesThroughAHundredThousandTasksAndGathers() {
        try (Runner runner = new Runner(EventLoop::virtualTime)) {
            runner.run(chain());
        }
    }

    @Async
    private static Coroutine<Void> chain() {
        Task<Void> first = createTask(sleepLong());
        Task<Void> last = first;
        for (int i = 0; i < 100_000; i++) {
            last = createTask(through(gather(last)));
        }
        await(sleep(1));
        assertTrue(last.cancel("through all"));
        try {
            await(last);
            throw new AssertionError("it was cancelled");
        } catch (CancelledError error) {
            assertEquals("through all", error.getMessage());
        }
        assertTrue(first.isCancelled());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleepLong() {
        await(sleep(7200));
        return Coroutine.done();
    }

    /** The gather has ended, and its failure, which nothing awaited, is not reported. */
    @Test
    void nothingIsReportedOfACircleThatWasCancelled() {
        List<Object> reports = new ArrayList<>();
        try (Runner runner = new Runner(EventLoop::virtualTime)) {
            runner.loop().setExceptionHandler((loop, context) -> reports.add(context));
            runner.run(ownGather());
        }
        assertEquals(List.of(), reports);
    }

    @Async
    private static Coroutine<Void> ownGather() {
        Task<Void> task = createTask(gatherOfItself());
        await(sleep(1));
        task.cancel("once");
        await(sleep(1));
        assertTrue(task.isCancelled());
        assertEquals(1, task.cancelling());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> gatherOfItself() {
        await(gather(currentTask(), sleep(7200)));
        return Coroutine.done();
    }
}
