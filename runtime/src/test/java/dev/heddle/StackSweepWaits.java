package dev.heddle;

import static dev.heddle.Script.script;
import static dev.heddle.StackSweep.require;
import static dev.heddle.StackSweepCases.trial;

import dev.heddle.StackSweep.Case;
import dev.heddle.StackSweep.Trial;
import dev.heddle.coroutines.NativeFrame;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BrokenBarrierException;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import dev.heddle.sync.Semaphore;
import dev.heddle.workers.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Operations on the primitives of {@code dev.heddle.sync}, and awaits that suspend, or fail to suspend, near the end of the stack. */
final class StackSweepWaits {

    private static final Duration LONG = Duration.ofSeconds(1_000);

    private StackSweepWaits() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        primitives(cases);
        queues(cases);
        awaits(cases);
        return cases;
    }

    private static void turn(EventLoop loop) {
        loop.runUntilIdle(Duration.ZERO);
    }

    private static <T> Task<Object> start(EventLoop loop, Supplier<Awaitable<T>> awaited) {
        return loop.createTask(script(begin -> awaited.get()));
    }

    /** An operation, repeated if it failed, after which all {@code waiters} have ended. */
    private static Trial releasing(EventLoop loop, Runnable operation, List<? extends Task<?>> waiters) {
        turn(loop);
        return trial(operation, overflowed -> {
            turn(loop);
            if (overflowed) {
                try {
                    operation.run();
                } catch (IllegalStateException done) {
                    throw new AssertionError("the operation has worked although it threw", done);
                }
            }
            turn(loop);
            for (Task<?> waiter : waiters) {
                require(waiter.isDone(), waiter + " waits on");
            }
        });
    }

    private static void primitives(List<Case> cases) {
        cases.add(new Case("release a lock", loop -> {
            Lock lock = new Lock();
            start(loop, lock::acquire);
            List<Task<Object>> waiters = List.of(start(loop, lock::acquire));
            start(loop, lock::acquire).mayStayPending = true;
            return releasing(loop, lock::release, waiters);
        }));
        cases.add(new Case("release a semaphore", loop -> {
            Semaphore semaphore = new Semaphore(0);
            Task<Object> first = start(loop, semaphore::acquire);
            Task<Object> second = start(loop, semaphore::acquire);
            Trial release = releasing(loop, semaphore::release, List.of(first));
            return trial(release::operate, overflowed -> {
                release.verify(overflowed);
                require(!second.isDone(), "two for one permit");
                semaphore.release();
                turn(loop);
                require(second.isDone(), "a permit is lost");
                require(semaphore.locked(), "a permit too many: " + semaphore);
            });
        }));
        cases.add(new Case("set an event", loop -> {
            Event event = new Event();
            return releasing(loop, event::set, List.of(start(loop, event::waitSet), start(loop, event::waitSet)));
        }));
        cases.add(new Case("notify a condition", loop -> {
            Condition condition = new Condition();
            Task<Object> waiter = loop.createTask(script(begin -> condition.acquire())
                    .then(held -> condition.waitNotified())
                    .then(value -> {
                        condition.release();
                        return null;
                    }));
            turn(loop);
            start(loop, condition::acquire);
            turn(loop);
            return releasing(
                    loop,
                    () -> {
                        condition.notifyAllWaiters();
                        loop.callSoon(condition::release);
                    },
                    List.of(waiter));
        }));
        for (boolean abort : new boolean[] {false, true}) {
            cases.add(new Case(abort ? "abort a barrier" : "reset a barrier", loop -> {
                Barrier barrier = new Barrier(3);
                List<Task<Object>> waiters = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    waiters.add(loop.createTask(script(begin -> barrier.arrive())
                            .handle(failure -> {
                                require(failure instanceof BrokenBarrierException, failure.toString());
                                return null;
                            })));
                }
                return releasing(loop, () -> (abort ? barrier.abort() : barrier.reset()).toString(), waiters);
            }));
        }
    }

    private static List<Queue<Integer>> kinds(int maxSize) {
        return List.of(Queue.fifo(maxSize), Queue.lifo(maxSize), Queue.priority(maxSize, Comparator.naturalOrder()));
    }

    private static void queues(List<Case> cases) {
        for (int kind = 0; kind < 3; kind++) {
            int number = kind;
            for (int items : new int[] {0, 3, 8}) {
                cases.add(new Case("putNow to queue " + number + " with " + items, loop -> {
                    Queue<Integer> queue = kinds(0).get(number);
                    List<Integer> got = new ArrayList<>();
                    for (int i = 0; i < items; i++) {
                        queue.putNow(i);
                    }
                    @Nullable
                    Task<Object> getter = items > 0
                            ? null
                            : loop.createTask(script(begin -> queue.get()).then(value -> got.add((Integer) value)));
                    turn(loop);
                    return trial(() -> queue.putNow(100), overflowed -> {
                        turn(loop);
                        if (overflowed) {
                            require(queue.size() == items && got.isEmpty(), "the item is there: " + queue + got);
                            queue.putNow(100);
                        }
                        turn(loop);
                        require(getter == null || getter.isDone(), "the getter waits on");
                        while (!queue.isEmpty()) {
                            got.add(queue.getNow());
                        }
                        require(got.size() == items + 1 && got.contains(100), "got " + got);
                    });
                }));
            }
            cases.add(new Case("getNow of full queue " + number, loop -> {
                Queue<Integer> queue = kinds(3).get(number);
                List.of(1, 2, 3).forEach(queue::putNow);
                Task<Object> putter = start(loop, () -> queue.put(4));
                turn(loop);
                List<Integer> got = new ArrayList<>();
                return trial(() -> got.add(queue.getNow()), overflowed -> {
                    turn(loop);
                    while (!queue.isEmpty()) {
                        got.add(queue.getNow());
                        turn(loop);
                    }
                    require(putter.isDone(), "the putter waits on");
                    require(got.size() == 4 || (overflowed && got.size() == 3), "got " + got);
                });
            }));
            queueEnds(cases, number);
        }
    }

    private static void queueEnds(List<Case> cases, int number) {
        cases.add(new Case("shut queue down " + number, loop -> {
            Queue<Integer> queue = kinds(1).get(number);
            Task<Object> getter = loop.createTask(script(begin -> queue.get()).handle(failure -> null));
            Task<Object> other = loop.createTask(script(begin -> queue.get()).handle(failure -> null));
            return releasing(loop, () -> queue.shutdown(true), List.of(getter, other));
        }));
        cases.add(new Case("taskDone of queue " + number, loop -> {
            Queue<Integer> queue = kinds(1).get(number);
            queue.putNow(1);
            queue.getNow();
            return releasing(loop, queue::taskDone, List.of(start(loop, queue::join)));
        }));
    }

    /** Awaits something below the frames of many awaits and calls. */
    private static final class Deep extends NativeFrame<Object> {

        private static final Native ENTRY = new Native(Asyncio.class, "deep");

        private final int awaits;
        private final int calls;
        private final Supplier<? extends Awaitable<?>> innermost;

        Deep(int awaits, int calls, Supplier<? extends Awaitable<?>> innermost) {
            super(ENTRY);
            this.awaits = awaits;
            this.calls = calls;
            this.innermost = innermost;
        }

        @Override
        protected @Nullable Object start() {
            return suspend(calls);
        }

        private @Nullable Object suspend(int left) {
            if (left > 0) {
                return suspend(left - 1);
            }
            return await(1, awaits == 0 ? innermost.get() : new Deep(awaits - 1, 0, innermost));
        }

        @Override
        protected @Nullable Object resumed(int await) {
            return take();
        }
    }

    /** A coroutine that uses as much of the stack as the trial does, and awaits at that depth. */
    private static Case awaiting(String name, Function<EventLoop, Waited> prepare) {
        return new Case("await " + name, loop -> {
            Waited waited = prepare.apply(loop);
            turn(loop);
            List<String> events = new ArrayList<>();
            @Nullable Task<?>[] made = new @Nullable Task<?>[1];
            return trial(
                    () -> made[0] = loop.createTask(
                            script(begin -> new Deep(2, 0, waited.awaited))
                                    .then(value -> events.add("result"))
                                    .handle(failure -> {
                                        require(failure instanceof StackOverflowError, failure.toString());
                                        return events.add("overflow");
                                    })
                                    .then(value -> Asyncio.sleep(500)),
                            TaskOptions.EAGER),
                    overflowed -> {
                        turn(loop);
                        waited.after.run();
                        turn(loop);
                        require(overflowed || events.size() == 1, "the task has seen " + events);
                        loop.runUntilIdle(LONG);
                        Task<?> task = made[0];
                        require(task == null || (task.isDone() && !task.isCancelled()), "it goes on: " + task);
                    });
        });
    }

    private record Waited(Supplier<? extends Awaitable<?>> awaited, Runnable after) {}

    private static void awaits(List<Case> cases) {
        cases.add(awaiting(
                "a sleep", loop -> new Waited(() -> Asyncio.sleep(1), () -> loop.runUntilIdle(Duration.ofSeconds(2)))));
        cases.add(awaiting("a future", loop -> {
            Future<Object> future = loop.createFuture();
            return new Waited(() -> future, () -> future.setResult(1));
        }));
        cases.add(awaiting("a lock", loop -> {
            Lock lock = new Lock();
            Lock.Held held = loop.runUntilComplete(lock.acquire());
            return new Waited(lock::acquire, () -> {
                held.close();
                turn(loop);
                if (lock.locked()) {
                    lock.release();
                }
                loop.runUntilComplete(lock.acquire());
            });
        }));
        cases.add(awaiting("a semaphore", loop -> {
            Semaphore semaphore = new Semaphore(0);
            return new Waited(semaphore::acquire, () -> {
                semaphore.release();
                turn(loop);
                semaphore.release();
                loop.runUntilComplete(semaphore.acquire());
            });
        }));
        cases.add(awaiting("an event", loop -> {
            Event event = new Event();
            return new Waited(event::waitSet, event::set);
        }));
        cases.add(awaiting("a queue", loop -> {
            Queue<Integer> queue = Queue.fifo(0);
            return new Waited(queue::get, () -> {
                queue.putNow(1);
                turn(loop);
                queue.putNow(2);
                loop.runUntilComplete(queue.get());
            });
        }));
        cases.add(awaiting("a SharedQueue", loop -> {
            SharedQueue<Integer> queue = SharedQueue.unbounded();
            return new Waited(queue::get, () -> {
                queue.tryPut(1);
                turn(loop);
                queue.tryPut(2);
                loop.runUntilComplete(queue.get());
            });
        }));
        cases.add(awaiting("waitFor", loop -> {
            Future<Object> future = loop.createFuture();
            return new Waited(() -> Asyncio.waitFor(future, Duration.ofSeconds(100)), () -> future.setResult(1));
        }));
    }
}
