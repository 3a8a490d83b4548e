package dev.heddle;

import static dev.heddle.Script.script;
import static dev.heddle.StackSweep.require;

import dev.heddle.StackSweep.Case;
import dev.heddle.StackSweep.Trial;
import dev.heddle.sync.Lock;
import dev.heddle.workers.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** The operations on the loop, its timers, tasks and futures, and on the queue between loops. */
final class StackSweepCases {

    private static final Duration LONG = Duration.ofSeconds(1_000);

    private StackSweepCases() {}

    private static final class Simple implements Trial {

        private final Runnable operation;
        private final Consumer<Boolean> check;

        Simple(Runnable operation, Consumer<Boolean> check) {
            this.operation = operation;
            this.check = check;
        }

        @Override
        public void operate() {
            operation.run();
        }

        @Override
        public void verify(boolean overflowed) {
            check.accept(overflowed);
        }
    }

    static Trial trial(Runnable operation, Consumer<Boolean> check) {
        return new Simple(operation, check);
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        scheduling(cases);
        timers(cases);
        tasks(cases);
        futures(cases);
        sharedQueue(cases);
        return cases;
    }

    /** An operation that counts once when it has worked. */
    private static Case counting(String name, BiFunction<EventLoop, Runnable, Runnable> operation) {
        return new Case(name, loop -> {
            int[] ran = {0};
            Runnable operate = operation.apply(loop, () -> ran[0]++);
            return trial(operate, overflowed -> {
                loop.runUntilIdle(LONG);
                require(ran[0] == (overflowed ? 0 : 1), "ran " + ran[0]);
                operate.run();
                loop.runUntilIdle(LONG);
                require(ran[0] == (overflowed ? 1 : 2), "ran " + ran[0] + " in the end");
                require(loop.tasks.size() == 0 && loop.timers.size() == 0, "something is left");
            });
        });
    }

    private static void scheduling(List<Case> cases) {
        cases.add(counting("callSoon", (loop, count) -> () -> loop.callSoon(count)));
        cases.add(counting("callSoonThreadsafe", (loop, count) -> () -> loop.callSoonThreadsafe(count)));
        cases.add(counting("callLater", (loop, count) -> () -> loop.callLater(1, count)));
        cases.add(counting("callAt", (loop, count) -> () -> loop.callAt(1, count)));
        cases.add(counting("createTask", (loop, count) -> () -> loop.createTask(script(start -> sleeping(count)))));
        cases.add(counting("createTask of a full ready queue", (loop, count) -> {
            for (int i = 0; i < 60; i++) {
                loop.callSoon(() -> {});
            }
            return () -> loop.createTask(script(start -> sleeping(count)));
        }));
        cases.add(counting(
                "createEagerTask",
                (loop, count) -> () -> loop.createTask(script(start -> sleeping(count)), TaskOptions.EAGER)));
    }

    private static Awaitable<Void> sleeping(Runnable then) {
        then.run();
        return Asyncio.sleep(1);
    }

    private static void timers(List<Case> cases) {
        for (int count : new int[] {1, 3, 6, 16, 17, 150}) {
            cases.add(new Case("add to " + count + " timers", loop -> {
                Timers timers = new Timers(loop, count);
                return trial(
                        () -> timers.add(loop, count / 2.0 + 0.25),
                        overflowed -> timers.verify(overflowed ? count : count + 1));
            }));
            cases.add(new Case("cancel one of " + count + " timers", loop -> {
                Timers timers = new Timers(loop, count);
                return trial(() -> timers.handles.get(count / 3).cancel(), overflowed -> {
                    boolean cancelled = timers.handles.get(count / 3).isCancelled();
                    require(cancelled || overflowed, "not cancelled");
                    timers.verify(cancelled ? count - 1 : count);
                });
            }));
            cases.add(new Case("cancel a sleep among " + count + " timers", loop -> {
                Timers timers = new Timers(loop, count);
                Task<Object> sleeper = loop.createTask(script(start -> Asyncio.sleep(count / 2.0)));
                loop.runUntilIdle(Duration.ZERO);
                return cancelling(sleeper, () -> timers.verify(count));
            }));
        }
        cases.add(new Case("cancel so that cancelled timers are cleared", loop -> {
            Timers timers = new Timers(loop, 150);
            for (int i = 0; i < 75; i++) {
                timers.handles.get(2 * i).cancel();
            }
            return trial(() -> timers.handles.get(1).cancel(), overflowed -> {
                boolean cancelled = timers.handles.get(1).isCancelled();
                require(cancelled || overflowed, "not cancelled");
                timers.verify(cancelled ? 74 : 75);
            });
        }));
    }

    /** Timers that are set out of order. */
    private static final class Timers {

        final List<TimerHandle> handles = new ArrayList<>();
        private final List<Double> fired = new ArrayList<>();
        private final EventLoop loop;

        Timers(EventLoop loop, int count) {
            this.loop = loop;
            for (int i = 0; i < count; i++) {
                add(loop, i * 7 % count);
            }
        }

        void add(EventLoop loop, double when) {
            handles.add(loop.callAt(when, () -> fired.add(when)));
        }

        void verify(int expected) {
            loop.runUntilIdle(LONG);
            require(fired.size() == expected, fired.size() + " fired and not " + expected);
            require(fired.stream().sorted().toList().equals(fired), "fired in the wrong order");
            require(loop.timers.size() == 0 && loop.timers.isEmpty(), "timers are left");
        }
    }

    /** Cancels {@code task}, once more if that failed. The task is then cancelled. */
    static Trial cancelling(Task<?> task, Runnable after) {
        return trial(task::cancel, overflowed -> {
            if (overflowed) {
                task.cancel();
            }
            task.loop.runUntilIdle(Duration.ZERO);
            require(task.isCancelled(), task + " is not cancelled");
            require(task.loop.tasks.size() == 0, "a task is left");
            after.run();
        });
    }

    private static Case cancelled(String name, Function<EventLoop, Awaitable<?>> awaited) {
        return new Case(name, loop -> {
            Task<Object> task = loop.createTask(script(start -> awaited.apply(loop)));
            loop.runUntilIdle(Duration.ZERO);
            return cancelling(task, () -> {});
        });
    }

    private static void tasks(List<Case> cases) {
        cases.add(cancelled("cancel a task at a future", EventLoop::createFuture));
        cases.add(cancelled("cancel a task at a task", loop -> loop.createTask(script(v -> loop.createFuture()))));
        cases.add(cancelled("cancel a task in waitFor", loop -> Asyncio.waitFor(loop.createFuture(), LONG)));
        cases.add(cancelled(
                "cancel a task at a gather",
                loop -> Asyncio.gather(loop.createFuture(), script(v -> Asyncio.sleep(3)))));
        cases.add(cancelled("cancel a task in wait", loop -> Asyncio.wait(List.of(loop.createFuture()))));
        cases.add(cancelled("cancel a task at a shield", loop -> Asyncio.shield(loop.createFuture())));
        cases.add(new Case("cancel a task at a lock", loop -> {
            Lock lock = new Lock();
            Task<Lock.Held> holder = loop.createTask(script(start -> lock.acquire()));
            Task<Lock.Held> waiter = loop.createTask(script(start -> lock.acquire()));
            loop.runUntilIdle(Duration.ZERO);
            return cancelling(waiter, () -> {
                holder.result().close();
                loop.runUntilComplete(lock.acquire());
            });
        }));
        cases.add(new Case("reschedule a timeout", loop -> {
            Timeout[] limit = new Timeout[1];
            Task<Object> task = loop.createTask(Asyncio.timeout(LONG, timeout -> {
                limit[0] = timeout;
                return script(start -> Asyncio.sleep(50));
            }));
            loop.runUntilIdle(Duration.ZERO);
            return trial(() -> limit[0].reschedule(Duration.ofSeconds(20)), overflowed -> {
                loop.runUntilIdle(Duration.ofSeconds(100));
                require(task.isDone(), "it goes on");
                require(task.exception() == null == overflowed, "expired " + limit[0].expired());
            });
        }));
    }

    private static final class Waiting {

        final Future<String> future;
        final List<String> seen = new ArrayList<>();
        private final EventLoop loop;
        private final int waiters;

        Waiting(EventLoop loop, String kinds) {
            this.loop = loop;
            this.future = loop.createFuture();
            this.waiters = kinds.length();
            for (char kind : kinds.toCharArray()) {
                switch (kind) {
                    case 't' -> await(future);
                    case 'g' -> await(Asyncio.gather(future));
                    case 's' -> await(Asyncio.shield(future));
                    default -> future.addDoneCallback(done -> seen.add("callback"));
                }
            }
            loop.runUntilIdle(Duration.ZERO);
        }

        private void await(Awaitable<?> awaitable) {
            loop.createTask(
                    script(start -> awaitable).then(value -> seen.add("task")).handle(failure -> seen.add("task")));
        }

        Trial ending(Runnable end) {
            return trial(end, overflowed -> {
                require(future.isDone() != overflowed, "done without having been completed, or the other way round");
                if (overflowed) {
                    loop.runUntilIdle(Duration.ZERO);
                    require(seen.isEmpty(), "woken by what has failed");
                    end.run();
                }
                loop.runUntilIdle(Duration.ZERO);
                require(seen.size() == waiters, "seen by " + seen + " of " + waiters);
                require(loop.tasks.size() == 0, "a task is left");
            });
        }
    }

    private static void futures(List<Case> cases) {
        for (String kinds : List.of(
                "",
                "t",
                "c",
                "g",
                "s",
                "ttt",
                "cgtsc",
                "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc")) {
            String of = " of a future with waiters " + kinds;
            cases.add(new Case("setResult" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                return waiting.ending(() -> waiting.future.setResult("result"));
            }));
            cases.add(new Case("setException" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                return waiting.ending(() -> waiting.future.setException(new IllegalArgumentException("failure")));
            }));
            cases.add(new Case("cancel" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                return waiting.ending(waiting.future::cancel);
            }));
            cases.add(new Case("addDoneCallback" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                List<String> added = new ArrayList<>();
                return trial(() -> waiting.future.addDoneCallback(done -> added.add("seen")), overflowed -> {
                    waiting.future.setResult("result");
                    loop.runUntilIdle(Duration.ZERO);
                    require(waiting.seen.size() == waiting.waiters, "seen by " + waiting.seen);
                    require(added.size() == (overflowed ? 0 : 1), "the callback ran " + added.size());
                });
            }));
            cases.add(new Case("removeDoneCallback" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                List<String> added = new ArrayList<>();
                Consumer<Future<String>> callback = done -> added.add("seen");
                waiting.future.addDoneCallback(callback);
                return trial(() -> waiting.future.removeDoneCallback(callback), overflowed -> {
                    waiting.future.setResult("result");
                    loop.runUntilIdle(Duration.ZERO);
                    require(waiting.seen.size() == waiting.waiters, "seen by " + waiting.seen);
                    require(overflowed || added.isEmpty(), "the callback ran " + added.size());
                });
            }));
            cases.add(new Case("gather and shield" + of, loop -> {
                Waiting waiting = new Waiting(loop, kinds);
                return trial(
                        () -> {
                            Asyncio.gather(waiting.future, waiting.future);
                            Asyncio.shield(waiting.future);
                        },
                        overflowed -> {
                            waiting.future.setResult("result");
                            loop.runUntilIdle(Duration.ZERO);
                            require(waiting.seen.size() == waiting.waiters, "seen by " + waiting.seen);
                        });
            }));
        }
    }

    private static void sharedQueue(List<Case> cases) {
        for (int getters : new int[] {0, 1, 3}) {
            cases.add(new Case("tryPut to a SharedQueue with getters " + getters, loop -> {
                SharedQueue<String> queue = SharedQueue.unbounded();
                List<Task<Object>> tasks = new ArrayList<>();
                for (int i = 0; i < getters; i++) {
                    tasks.add(loop.createTask(script(start -> queue.get())));
                }
                loop.runUntilIdle(Duration.ZERO);
                return trial(() -> queue.tryPut("first"), overflowed -> {
                    if (overflowed) {
                        queue.tryPut("first");
                    }
                    queue.tryPut("second");
                    queue.tryPut("third");
                    loop.runUntilIdle(Duration.ZERO);
                    for (int i = 0; i < getters; i++) {
                        String expected = List.of("first", "second", "third").get(i);
                        require(expected.equals(tasks.get(i).result()), "got " + tasks.get(i));
                    }
                    require(queue.size() == 3 - getters, "left " + queue.size());
                });
            }));
        }
        for (int putters : new int[] {0, 1, 3}) {
            cases.add(new Case("tryGet of a SharedQueue with putters " + putters, loop -> {
                SharedQueue<Integer> queue = SharedQueue.bounded(1);
                queue.tryPut(-1);
                for (int i = 0; i < putters; i++) {
                    int number = i;
                    loop.createTask(script(start -> queue.put(number)));
                }
                loop.runUntilIdle(Duration.ZERO);
                List<Integer> got = new ArrayList<>();
                return trial(
                        () -> {
                            Optional<Integer> element = queue.tryGet();
                            got.add(element.orElseThrow());
                        },
                        overflowed -> {
                            loop.runUntilIdle(Duration.ZERO);
                            for (int i = 0; i < 4; i++) {
                                queue.tryGet().ifPresent(got::add);
                                loop.runUntilIdle(Duration.ZERO);
                            }
                            require(got.size() >= putters + (overflowed ? 0 : 1), "got " + got);
                            require(queue.size() == 0 && loop.tasks.size() == 0, "something is left");
                        });
            }));
        }
        sharedQueueEnds(cases);
    }

    private static void sharedQueueEnds(List<Case> cases) {
        cases.add(new Case("close a SharedQueue", loop -> {
            SharedQueue<Integer> queue = SharedQueue.unbounded();
            loop.createTask(script(start -> queue.get()).handle(failure -> null));
            loop.createTask(script(start -> queue.get()).handle(failure -> null));
            loop.runUntilIdle(Duration.ZERO);
            return trial(queue::close, overflowed -> {
                queue.close();
                loop.runUntilIdle(Duration.ZERO);
                require(loop.tasks.size() == 0, "somebody waits on");
            });
        }));
    }
}
