package dev.heddle.traces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.check;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import dev.heddle.cpython.Events;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Longer programs do what they do in CPython, which is what {@code traces.py} prints. */
class TracesIT {

    @Async
    private static Coroutine<Integer> work(Events log, int number, double delay, int result) {
        log.at(number + " starts");
        await(sleep(delay));
        log.at(number + " ends");
        return Coroutine.of(result);
    }

    @Test
    void fiveTasks() {
        check(
                "0 starts@0, 1 starts@0, 2 starts@0, 3 starts@0, 4 starts@0, 0 ends@1, 3 ends@1, 1 ends@2, "
                        + "4 ends@2, 2 ends@3, [0 1 2 3 4]",
                log -> {
                    List<Future<Integer>> tasks = IntStream.range(0, 5)
                            .mapToObj(i -> ensureFuture(work(log, i, i % 3 + 1, i)))
                            .toList();
                    await(Asyncio.wait(tasks));
                    log.add(tasks.stream().map(Future::result).toList());
                    return Coroutine.done();
                });
    }

    @Test
    void gatherOfFour() {
        check(
                "0 starts@0, 1 starts@0, 2 starts@0, 3 starts@0, 3 ends@1, 2 ends@2, 1 ends@3, 0 ends@4, [0 1 4 9]@4",
                log -> {
                    log.at(await(
                            gather(work(log, 0, 4, 0), work(log, 1, 3, 1), work(log, 2, 2, 4), work(log, 3, 1, 9))));
                    return Coroutine.done();
                });
    }

    @Test
    void fourTasksAndWait() {
        check("[1 2]@2.5, 2@2.5", log -> {
            List<Task<Integer>> tasks =
                    IntStream.range(1, 5).mapToObj(i -> createTask(after(i, i))).toList();
            Waited<Task<Integer>> waited =
                    await(Asyncio.wait(tasks, Duration.ofMillis(2500), ReturnWhen.ALL_COMPLETED));
            log.at(waited.done().stream().map(Task::result).sorted().toList());
            log.at(waited.pending().size());
            return Coroutine.done();
        });
    }

    @Test
    void aThousandTasks() {
        check("499500@10", log -> {
            List<Task<Integer>> tasks = IntStream.range(0, 1000)
                    .mapToObj(i -> createTask(after(i % 10 + 1, i)))
                    .toList();
            await(Asyncio.wait(tasks));
            log.at(tasks.stream().mapToInt(Task::result).sum());
            return Coroutine.done();
        });
    }

    /** A queue made of what any program has: a deque and futures. */
    private record Store(Events log, Deque<String> items, Deque<Future<Void>> waiting) {

        @Async
        Coroutine<Void> produce(String name, int count) {
            for (int i = 0; i < count; i++) {
                await(sleep(2));
                items.add(name + i);
                log.at("put " + name + i);
                wakeOne();
            }
            return Coroutine.done();
        }

        private void wakeOne() {
            while (!waiting.isEmpty()) {
                Future<Void> future = waiting.remove();
                if (!future.isDone()) {
                    future.setResult(null);
                    return;
                }
            }
        }

        @Async
        Coroutine<Void> consume(String name) {
            while (true) {
                while (items.isEmpty()) {
                    Future<Void> future = createFuture();
                    waiting.add(future);
                    await(future);
                }
                log.at(name + " got " + items.remove());
                await(sleep(3));
            }
        }
    }

    @Test
    void producersAndConsumers() {
        check(
                "put a0@2, put b0@2, x got a0@2, y got b0@2, put a1@4, put b1@4, x got a1@5, y got b1@5, "
                        + "put a2@6, x got a2@8, True@10, True@10, [CancelledError: over CancelledError: over]",
                log -> {
                    Store store = new Store(log, new ArrayDeque<>(), new ArrayDeque<>());
                    List<Task<Void>> consumers =
                            List.of(createTask(store.consume("x")), createTask(store.consume("y")));
                    await(gather(store.produce("a", 3), store.produce("b", 2)));
                    await(sleep(4));
                    for (Task<Void> task : consumers) {
                        log.at(task.cancel("over"));
                    }
                    log.add(List.of(await(attempt(consumers.get(0))), await(attempt(consumers.get(1)))));
                    return Coroutine.done();
                });
    }

    @Async
    private static Coroutine<Void> player(Events log, Map<String, Future<Integer>> balls, String name, String other) {
        for (int round = 0; round < 3; round++) {
            int ball = await(balls.get(name));
            balls.put(name, createFuture());
            log.add(name + ball);
            if (ball < 5) {
                balls.get(other).setResult(ball + 1);
            }
        }
        log.add(name + " ends");
        return Coroutine.done();
    }

    @Test
    void pingPong() {
        check("ping0, pong1, ping2, pong3, ping4, ping ends, pong5, pong ends", log -> {
            Map<String, Future<Integer>> balls = new HashMap<>(Map.of("ping", createFuture(), "pong", createFuture()));
            Future<?> players = gather(player(log, balls, "ping", "pong"), player(log, balls, "pong", "ping"));
            balls.get("ping").setResult(0);
            await(players);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Integer> node(Events log, String name, int height) {
        log.at(name);
        if (height == 0) {
            await(sleep(name.length() + name.replace("a", "").length() - 1));
            return Coroutine.of(1);
        }
        Task<Integer> left = createTask(node(log, name + "a", height - 1));
        await(sleep(0));
        Task<Integer> right = createTask(node(log, name + "b", height - 1));
        int total = await(left) + await(right);
        log.at(name + " " + total);
        return Coroutine.of(total);
    }

    @Test
    void treeOfTasks() {
        check(
                "r@0, ra@0, raa@0, rb@0, raaa@0, rab@0, rba@0, raab@0, raba@0, rbaa@0, rbb@0, rabb@0, "
                        + "rbab@0, rbba@0, rbbb@0, raa 2@5, rab 2@6, rba 2@6, ra 4@6, rbb 2@7, rb 4@7, r 8@7, 8@7",
                log -> {
                    log.at(await(node(log, "r", 3)));
                    return Coroutine.done();
                });
    }
}
