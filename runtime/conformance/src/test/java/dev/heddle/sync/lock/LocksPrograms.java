package dev.heddle.sync.lock;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.call;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.called;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of locks and semaphores: the counterpart of {@code locks.py}. */
public final class LocksPrograms {

    private static final Duration HALF = Duration.ofMillis(500);

    private LocksPrograms() {}

    @Async
    private static Coroutine<String> critical(Events log, Lock lock, String name, double delay) {
        try (Lock.Held held = await(lock.acquire())) {
            return Coroutine.of(await(step(log, name, delay)));
        }
    }

    @Async
    private static Coroutine<String> critical(Events log, Semaphore semaphore, String name, double delay) {
        try (Lock.Held held = await(semaphore.acquire())) {
            return Coroutine.of(await(step(log, name, delay)));
        }
    }

    @Async
    static Coroutine<Void> lockAndRelease(Events log) {
        Lock lock = new Lock();
        try (Lock.Held held = await(lock.acquire())) {
            log.turn(lock.locked());
        }
        log.turn(lock.locked());
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> lockIsHandedOnInOrder(Events log) {
        Lock lock = new Lock();
        log.at(await(
                gather(critical(log, lock, "a", 0.5), critical(log, lock, "b", 0.5), critical(log, lock, "c", 0.5))));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> waiterOfALockIsCancelled(Events log) {
        Lock lock = new Lock();
        Task<String> first = createTask(critical(log, lock, "first", 0.5));
        boolean reached = false;
        try {
            await(sleep(0));
            getRunningLoop().callSoon(() -> log.turn("soon"));
            Task<String> last = createTask(critical(log, lock, "last", 0));
            last.addDoneCallback(task -> log.turn("last is " + state(task)));
            await(critical(log, lock, "main", 0));
            reached = true;
        } finally {
            log.turn(List.of(lock.locked(), first.isDone(), reached));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> holding(Events log, Lock lock, String name) {
        try (Lock.Held held = await(lock.acquire())) {
            log.turn(name + " in");
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> newcomerQueuesBehindTheOneThatWasWoken(Events log) {
        Lock lock = new Lock();
        await(lock.acquire());
        Task<Void> woken = createTask(holding(log, lock, "woken"));
        await(sleep(0));
        lock.release();
        log.turn(lock.locked());
        Task<Void> newcomer = createTask(holding(log, lock, "newcomer"));
        await(holding(log, lock, "main"));
        await(newcomer);
        log.add(List.of(state(woken), lock.locked()));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> wokenWaiterThatIsCancelledWakesTheNext(Events log) {
        Lock lock = new Lock();
        await(lock.acquire());
        List<Task<String>> waiters = Stream.of("a", "b", "c")
                .map(name -> createTask(critical(log, lock, name, 0.5)))
                .toList();
        await(sleep(0));
        lock.release();
        waiters.get(0).cancel("woken");
        waiters.get(1).cancel("waiting");
        log.add(await(Steps.attempts(waiters)));
        log.add(lock.locked());
        return Coroutine.done();
    }

    @Sweep(again = 2)
    @Async
    static Coroutine<String> lockIsWaitedForWithALimit(Events log) {
        Lock lock = new Lock();
        Task<String> holder = createTask(critical(log, lock, "holder", 1.5));
        await(sleep(0));
        for (int number = 0; number < 4; number++) {
            try {
                await(waitFor(lock.acquire(), HALF));
            } catch (TimeoutException failure) {
                log.at(failure);
                continue;
            }
            try {
                return Coroutine.of(await(step(log, "attempt " + number, 0.5)));
            } finally {
                lock.release();
            }
        }
        log.add(state(holder));
        return Coroutine.of(null);
    }

    @Async
    private static Coroutine<Void> takingTwo(Events log, String name, Lock first, Lock second) {
        try (Lock.Held one = await(first.acquire())) {
            log.at(name + " has one");
            await(sleep(0.5));
            try (Lock.Held both = await(second.acquire())) {
                log.at(name + " has both");
            }
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> locksTakenInOppositeOrders(Events log) {
        Lock one = new Lock();
        Lock two = new Lock();
        await(gather(takingTwo(log, "a", one, two), takingTwo(log, "b", two, one)));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> locksRefuse(Events log) {
        Lock lock = new Lock();
        Semaphore semaphore = new Semaphore(0);
        BoundedSemaphore bounded = new BoundedSemaphore(1);
        log.add(List.of(called(lock::release), lock.locked(), call(() -> new Semaphore(-1))));
        log.add(List.of(semaphore.locked(), called(semaphore::release), semaphore.locked()));
        log.add(List.of(called(bounded::release), bounded.locked()));
        await(bounded.acquire());
        log.add(List.of(bounded.locked(), called(bounded::release), bounded.locked()));
        log.add(call(() -> new Barrier(0)));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> poolOfTwoConnections(Events log) {
        Semaphore pool = new Semaphore(2);
        List<Task<String>> clients = List.of(
                createTask(critical(log, pool, "a", 1)),
                createTask(critical(log, pool, "b", 0.5)),
                createTask(critical(log, pool, "c", 0.5)),
                createTask(critical(log, pool, "d", 0.5)),
                createTask(critical(log, pool, "e", 0)));
        await(sleep(0));
        clients.get(2).cancel("impatient");
        try {
            await(gatherSettled(clients));
        } finally {
            log.add(clients.stream().map(Steps::outcomeOrState).toList());
            log.add(pool.locked());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> releasing(Events log, Semaphore semaphore) {
        await(sleep(0.5));
        semaphore.release();
        log.turn("released one");
        await(sleep(0));
        semaphore.release();
        log.turn("released two");
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> waiterOfASemaphoreIsCancelled(Events log) {
        Semaphore semaphore = new Semaphore(0);
        List<Task<String>> others =
                List.of(createTask(critical(log, semaphore, "a", 0)), createTask(critical(log, semaphore, "b", 0)));
        Task<Void> release = createTask(releasing(log, semaphore));
        await(sleep(0));
        try {
            await(critical(log, semaphore, "main", 0));
        } finally {
            semaphore.release();
            log.turn(List.of(semaphore.locked(), release.isDone(), others.get(0).isDone()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> limited(Events log, Semaphore permits, String name) {
        await(permits.acquire());
        getRunningLoop().callLater(1, permits::release);
        return step(log, name, 0.25);
    }

    @Sweep
    @Async
    static Coroutine<Void> rateLimiter(Events log) {
        Semaphore permits = new BoundedSemaphore(2);
        List<Coroutine<String>> requests = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d", "e")) {
            requests.add(limited(log, permits, name));
        }
        log.at(await(gather(requests)));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> semaphoreIsHandedOnAndNotTaken(Events log) {
        Semaphore semaphore = new Semaphore(1);
        await(semaphore.acquire());
        Task<String> waiter = createTask(critical(log, semaphore, "waiter", 0));
        await(sleep(0));
        semaphore.release();
        log.turn(List.of(semaphore.locked(), state(waiter)));
        await(critical(log, semaphore, "main", 0));
        log.turn(List.of(semaphore.locked(), state(waiter)));
        return Coroutine.done();
    }
}
