package dev.heddle.leaks;

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
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.Waited;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.sync.Semaphore;
import dev.heddle.workers.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A round of many features at once on the running loop. It lasts about {@code seconds} of the loop's time, at random, leaves neither a task nor
 * a timer behind, and checks the result of each feature.
 */
final class Mix {

    private static final ContextVar<Integer> NUMBER = new ContextVar<>("number", 0);
    private static final int TASKS = 5;

    private final Random random;
    private final double seconds;

    /** The number of parts that have ended and were checked. */
    private long parts;

    Mix(Random random, double seconds) {
        this.random = random;
        this.seconds = seconds;
    }

    long parts() {
        return parts;
    }

    /** Returns a random part of the duration of a round. */
    private double pause() {
        return random.nextDouble() * seconds;
    }

    private Duration limit() {
        return Duration.ofNanos((long) (pause() * 1e9));
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
        parts++;
    }

    /** Everything at once. */
    @Async
    Coroutine<Void> round() {
        await(gather(List.of(
                combined(),
                firstOfSeveral(),
                limited(),
                cancelled(),
                failingGroup(),
                locked(),
                notified(),
                met(),
                handedOver(),
                handedOverShared(),
                timers(),
                elsewhere())));
        return Coroutine.done();
    }

    @Async
    private Coroutine<Integer> number(int number) {
        NUMBER.set(number);
        await(sleep(pause()));
        return Coroutine.of(NUMBER.get());
    }

    private List<Coroutine<Integer>> numbers() {
        List<Coroutine<Integer>> numbers = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            numbers.add(number(i));
        }
        return numbers;
    }

    @Async
    private Coroutine<Void> combined() {
        check(await(gather(numbers())).equals(List.of(0, 1, 2, 3, 4)), "the results of gather");
        int sum = 0;
        for (Coroutine<Integer> next : asCompleted(numbers())) {
            sum += await(next);
        }
        check(sum == 10, "the results of asCompleted");
        List<Future<Integer>> settled = await(gatherSettled(List.of(number(1), failing())));
        check(settled.get(0).result() == 1 && settled.get(1).exception() != null, "the results of gatherSettled");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Integer> failing() {
        await(sleep(pause()));
        throw new IllegalStateException("expected");
    }

    @Async
    private Coroutine<Void> firstOfSeveral() {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (Coroutine<Integer> number : numbers()) {
            tasks.add(createTask(number));
        }
        Waited<Task<Integer>> waited = await(Asyncio.wait(tasks, ReturnWhen.FIRST_COMPLETED));
        check(!waited.done().isEmpty(), "one is done");
        waited.pending().forEach(Task::cancel);
        await(Asyncio.wait(tasks));
        check(tasks.stream().allMatch(Task::isDone), "all are done");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> limited() {
        try {
            check(await(waitFor(number(7), limit())) == 7, "the result of waitFor");
        } catch (TimeoutException late) {
            parts++;
        }
        try {
            await(timeout(limit(), inner -> {
                await(sleep(pause()));
                return Coroutine.of(await(timeout(limit(), innermost -> Coroutine.of(await(shield(number(8)))))));
            }));
            parts++;
        } catch (TimeoutException late) {
            await(sleep(seconds)); // for the shielded awaitables
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> cancelled() {
        Task<Integer> task = createTask(cleansUp());
        await(sleep(pause()));
        boolean inTime = task.cancel();
        try {
            check(await(task) == 1 && !inTime, "it has ended before");
        } catch (CancelledError expected) {
            check(inTime, "cancelled");
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Integer> cleansUp() {
        try {
            await(sleep(pause()));
            return Coroutine.of(1);
        } finally {
            await(sleep(0));
        }
    }

    @Async
    private Coroutine<Void> failingGroup() {
        try {
            await(taskGroup(group -> {
                for (Coroutine<Integer> number : numbers()) {
                    group.createTask(number);
                }
                group.createTask(failing());
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failures) {
            check(failures.exceptions().size() == 1, "the failures of the group");
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> locked() {
        Lock lock = new Lock();
        Semaphore semaphore = new Semaphore(2);
        List<Coroutine<Void>> users = new ArrayList<>();
        int[] inside = {0};
        for (int i = 0; i < TASKS; i++) {
            users.add(uses(lock, semaphore, inside));
        }
        await(gather(users));
        check(!lock.locked() && !semaphore.locked(), "all is released");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> uses(Lock lock, Semaphore semaphore, int[] inside) {
        try (Lock.Held permit = await(semaphore.acquire())) {
            await(sleep(pause() / TASKS));
            try (Lock.Held held = await(lock.acquire())) {
                inside[0]++;
                await(sleep(pause() / TASKS));
                check(inside[0] == 1, "alone");
                inside[0]--;
            }
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> notified() {
        Condition condition = new Condition();
        Event event = new Event();
        int[] value = {0};
        Task<Void> waiter = createTask(waits(condition, event, value));
        await(sleep(pause()));
        try (Lock.Held held = await(condition.acquire())) {
            value[0] = 1;
            condition.notifyAllWaiters();
        }
        await(event.waitSet());
        await(waiter);
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> waits(Condition condition, Event event, int[] value) {
        try (Lock.Held held = await(condition.acquire())) {
            await(condition.waitUntil(() -> value[0] == 1));
        }
        event.set();
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> met() {
        Barrier barrier = new Barrier(TASKS);
        List<Coroutine<Integer>> arrivals = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            arrivals.add(arrives(barrier));
        }
        int sum = await(gather(arrivals)).stream().mapToInt(i -> i).sum();
        check(sum == 10, "the places at the barrier");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Integer> arrives(Barrier barrier) {
        await(sleep(pause()));
        return Coroutine.of(await(barrier.arrive()));
    }

    @Async
    private Coroutine<Void> handedOver() {
        Queue<Integer> queue = Queue.fifo(2);
        Task<Integer> sum = createTask(sums(queue));
        for (int i = 1; i <= TASKS; i++) {
            await(queue.put(i));
            await(sleep(pause() / TASKS));
        }
        await(queue.join());
        queue.shutdown(false);
        check(await(sum) == 15, "the sum of what was put");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Integer> sums(Queue<Integer> queue) {
        int sum = 0;
        try {
            while (true) {
                sum += await(queue.get());
                queue.taskDone();
            }
        } catch (QueueShutDownException end) {
            return Coroutine.of(sum);
        }
    }

    @Async
    private Coroutine<Void> handedOverShared() {
        SharedQueue<Integer> queue = SharedQueue.bounded(2);
        List<Coroutine<Integer>> takers = List.of(takes(queue), takes(queue), takes(queue));
        Future<List<Integer>> taken = gather(takers);
        for (int i = 1; i <= TASKS; i++) {
            await(queue.put(i));
            await(sleep(pause() / TASKS));
        }
        queue.close();
        check(await(taken).stream().mapToInt(i -> i).sum() == 15, "the sum of what was put");
        return Coroutine.done();
    }

    /** Repeatedly takes with a short timeout. */
    @Async
    private Coroutine<Integer> takes(SharedQueue<Integer> queue) {
        int sum = 0;
        while (true) {
            try {
                sum += await(waitFor(queue.get(), limit()));
            } catch (TimeoutException late) {
                parts++;
            } catch (QueueShutDownException end) {
                return Coroutine.of(sum);
            }
        }
    }

    @Async
    private Coroutine<Void> timers() {
        Future<Integer> future = getRunningLoop().createFuture();
        var early = getRunningLoop().callLater(pause(), () -> future.setResult(1));
        var never = getRunningLoop().callLater(3600, () -> future.setResult(2));
        check(await(future) == 1, "the first timer");
        never.cancel();
        early.cancel();
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> elsewhere() {
        check(await(toThread(() -> 5)) == 5, "the result of another thread");
        return Coroutine.done();
    }
}
