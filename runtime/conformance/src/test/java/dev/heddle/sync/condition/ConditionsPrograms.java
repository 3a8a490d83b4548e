package dev.heddle.sync.condition;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.message;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.called;
import static dev.heddle.traces.Steps.states;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Lock;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** Programs of conditions: the counterpart of {@code conditions.py}. */
public final class ConditionsPrograms {

    private ConditionsPrograms() {}

    /** Messages. Each subscriber reads the first few of them. */
    private record Channel(Events log, Condition changed, List<String> messages) {

        @Async
        Coroutine<Void> subscribe(String name, int count) {
            try (Lock.Held held = await(changed.acquire())) {
                for (int i = 0; i < count; i++) {
                    int seen = i;
                    await(changed.waitUntil(() -> messages.size() > seen));
                    log.at(name + " reads " + messages.get(i));
                }
            }
            return Coroutine.done();
        }

        @Async
        Coroutine<Void> publish(String text) {
            try (Lock.Held held = await(changed.acquire())) {
                messages.add(text);
                changed.notifyAllWaiters();
            }
            return Coroutine.done();
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> publisherAndSubscribers(Events log) {
        Channel channel = new Channel(log, new Condition(), new ArrayList<>());
        List<Task<Void>> subscribers =
                List.of(createTask(channel.subscribe("x", 3)), createTask(channel.subscribe("y", 2)));
        try {
            for (String text : List.of("a", "b", "c")) {
                await(channel.publish(text));
                await(sleep(text.equals("a") ? 0.5 : 0));
            }
            for (Task<Void> task : subscribers) {
                await(task);
            }
        } finally {
            Steps.cancelAll(subscribers, "over");
            log.at(await(Steps.attempts(subscribers)));
        }
        return Coroutine.done();
    }

    /** A buffer of two. */
    private record Buffer(Events log, Condition changed, Deque<String> items) {

        @Async
        Coroutine<Void> put(String item) {
            try (Lock.Held held = await(changed.acquire())) {
                while (items.size() == 2) {
                    await(changed.waitNotified());
                }
                items.add(item);
                log.turn("put " + item);
                changed.notifyAllWaiters();
            }
            return Coroutine.done();
        }

        @Async
        Coroutine<String> get() {
            try (Lock.Held held = await(changed.acquire())) {
                await(changed.waitUntil(() -> !items.isEmpty()));
                String item = items.remove();
                log.turn("got " + item);
                changed.notifyAllWaiters();
                return Coroutine.of(item);
            }
        }

        @Async
        Coroutine<Void> produce() {
            for (String item : List.of("a", "b", "c", "d")) {
                await(put(item));
            }
            return Coroutine.done();
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> bufferOfTwoWithACondition(Events log) {
        Buffer buffer = new Buffer(log, new Condition(), new ArrayDeque<>());
        Task<Void> producer = createTask(buffer.produce());
        try {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 4; i++) {
                all.append(await(buffer.get()));
            }
            log.add(all);
        } finally {
            log.turn(List.of(buffer.items.size(), producer.cancel(), buffer.changed.locked()));
            log.add(await(attempt(producer)));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> waiting(Events log, Condition condition, String name) {
        try (Lock.Held held = await(condition.acquire())) {
            try {
                await(condition.waitNotified());
                log.turn(name + " notified");
            } finally {
                log.turn(List.of(name, condition.locked()));
            }
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> notifiedWaiterThatIsCancelledNotifiesAnother(Events log) {
        Condition condition = new Condition();
        List<Task<Void>> tasks = Stream.of("a", "b", "c", "d")
                .map(name -> createTask(waiting(log, condition, name)))
                .toList();
        await(sleep(0));
        try (Lock.Held held = await(condition.acquire())) {
            condition.notifyWaiters(2);
        }
        tasks.get(0).cancel("first");
        for (int i = 0; i < 3; i++) {
            await(sleep(0));
        }
        log.turn(states(tasks));
        try (Lock.Held held = await(condition.acquire())) {
            condition.notifyAllWaiters();
        }
        log.add(await(Steps.attempts(tasks)));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> holding(Events log, Condition condition) {
        try (Lock.Held held = await(condition.acquire())) {
            log.turn("other has the lock");
            condition.notifyWaiters(1);
            await(sleep(0.5));
        }
        log.turn("other leaves");
        return Coroutine.done();
    }

    @Sweep(again = 2)
    @Async
    static Coroutine<Void> waiterTakesTheLockBackWhenItIsCancelled(Events log) {
        Condition condition = new Condition();
        Task<Void> other = createTask(holding(log, condition));
        try (Lock.Held held = await(condition.acquire())) {
            try {
                log.turn(await(condition.waitNotified()));
            } finally {
                log.turn(List.of(condition.locked(), state(currentTask())));
            }
        }
        log.turn(state(other));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> limited(Condition condition, List<String> ready, double limit) {
        try (Lock.Held held = await(condition.acquire())) {
            try {
                await(waitFor(condition.waitUntil(() -> !ready.isEmpty()), Duration.ofMillis((long) (limit * 1000))));
                return Coroutine.of(ready.toString());
            } catch (TimeoutException failure) {
                return Coroutine.of("not within " + limit + ", holds the lock " + Events.shown(condition.locked()));
            }
        }
    }

    @Async
    private static Coroutine<Void> preparing(Condition condition, List<String> ready) {
        await(sleep(0.5));
        try (Lock.Held held = await(condition.acquire())) {
            await(sleep(0.5));
            ready.add("ready");
            condition.notifyAllWaiters();
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> waitingForAConditionWithALimit(Events log) {
        List<String> ready = new ArrayList<>();
        Condition condition = new Condition();
        List<Task<String>> waiters = Stream.of(0.25, 0.75, 2.5)
                .map(limit -> createTask(limited(condition, ready, limit)))
                .toList();
        try {
            await(preparing(condition, ready));
        } finally {
            for (Task<String> task : waiters) {
                log.at(await(attempt(task)));
            }
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> conditionsRefuse(Events log) {
        Condition condition = new Condition();
        log.add(List.of(
                called(() -> condition.notifyWaiters(1)),
                called(condition::notifyAllWaiters),
                called(condition::release)));
        try {
            await(condition.waitNotified());
        } catch (IllegalStateException failure) {
            log.add(message(failure));
        }
        try {
            await(condition.waitUntil(() -> false));
        } catch (IllegalStateException failure) {
            log.add(message(failure));
        }
        Lock lock = new Lock();
        Condition first = new Condition(lock);
        Condition second = new Condition(lock);
        try (Lock.Held held = await(first.acquire())) {
            log.add(List.of(lock.locked(), second.locked()));
            second.notifyWaiters(1);
        }
        await(condition.acquire());
        log.add(condition.locked());
        return Coroutine.done();
    }

    /** A lock that many readers or one writer hold; a writer counts as minus one reader. */
    private static final class ReadersAndWriters {

        final Condition changed = new Condition();
        private final Events log;
        int readers;

        ReadersAndWriters(Events log) {
            this.log = log;
        }

        @Async
        Coroutine<String> read(String name, double delay) {
            try (Lock.Held held = await(changed.acquire())) {
                await(changed.waitUntil(() -> readers >= 0));
                readers++;
            }
            try {
                return Coroutine.of(await(step(log, name, delay)));
            } finally {
                await(leave(readers - 1));
            }
        }

        @Async
        Coroutine<String> write(String name, double delay) {
            try (Lock.Held held = await(changed.acquire())) {
                await(changed.waitUntil(() -> readers == 0));
                readers = -1;
            }
            try {
                return Coroutine.of(await(step(log, name, delay)));
            } finally {
                await(leave(0));
            }
        }

        @Async
        private Coroutine<Void> leave(int left) {
            try (Lock.Held held = await(changed.acquire())) {
                readers = left;
                changed.notifyAllWaiters();
            }
            return Coroutine.done();
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> readersAndAWriter(Events log) {
        ReadersAndWriters lock = new ReadersAndWriters(log);
        List<Task<String>> others = List.of(createTask(lock.read("a", 0.5)), createTask(lock.read("b", 0.25)));
        await(sleep(0));
        try {
            log.at(await(lock.write("w", 0.5)));
        } finally {
            log.at(await(lock.read("c", 0)));
            log.at(await(Steps.attempts(others)));
            log.add(List.of(lock.readers, lock.changed.locked()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> work(Events log, Condition latch, List<String> left, String name, double delay) {
        try {
            await(step(log, name, delay));
        } finally {
            try (Lock.Held held = await(latch.acquire())) {
                left.remove(name);
                if (left.isEmpty()) {
                    latch.notifyAllWaiters();
                }
            }
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> latchOfThree(Events log) {
        List<String> left = new ArrayList<>(List.of("a", "b", "c"));
        Condition latch = new Condition();
        List<Task<Void>> tasks = List.of(
                createTask(work(log, latch, left, "a", 0.5)),
                createTask(work(log, latch, left, "b", 0)),
                createTask(work(log, latch, left, "c", 0.5)));
        try (Lock.Held held = await(latch.acquire())) {
            await(latch.waitUntil(left::isEmpty));
            log.turn(tasks.stream().map(Steps::outcomeOrState).toList());
        }
        return Coroutine.done();
    }
}
