package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.outcomeOrState;
import static dev.heddle.traces.Steps.states;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Queue;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of queues that lose nothing: the counterpart of {@code queues.py}. */
public final class QueuesPrograms {

    private static final Duration HALF = Duration.ofMillis(500);

    private QueuesPrograms() {}

    @Async
    static Coroutine<Void> putAndGet(Events log) {
        Queue<String> queue = Queue.fifo(0);
        await(queue.put("a"));
        log.turn(await(queue.get()));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> producing(Events log, Queue<String> queue) {
        for (String item : List.of("a", "b", "c", "d")) {
            await(queue.put(item));
            log.turn("put " + item);
        }
        await(queue.put("end"));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> producerAndConsumer(Events log) {
        Queue<String> queue = Queue.fifo(2);
        Task<Void> producer = createTask(producing(log, queue));
        try {
            for (String item = await(queue.get()); !item.equals("end"); item = await(queue.get())) {
                log.turn("got " + item);
                await(sleep(item.equals("a") ? 0 : 0.5));
            }
        } finally {
            log.at(List.of(queue.size(), producer.cancel("over")));
            log.add(await(attempt(producer)));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> working(Events log, Queue<String> queue, String name) {
        while (true) {
            String item = await(queue.get());
            try {
                await(step(log, name + item, 0.5));
            } finally {
                queue.taskDone();
            }
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> poolOfWorkers(Events log) {
        Queue<String> queue = Queue.fifo(0);
        List.of("1", "2", "3", "4", "5").forEach(queue::putNow);
        List<Task<Void>> workers = List.of(createTask(working(log, queue, "a")), createTask(working(log, queue, "b")));
        try {
            await(queue.join());
            log.at("all done");
        } finally {
            log.add(Steps.cancelAll(workers, "no more work"));
            await(gatherSettled(workers));
            log.at(List.of(queue.size(), queue.isEmpty()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> stage(
            Events log, String name, Queue<String> source, Queue<String> target, double delay) {
        for (String item = await(source.get()); !item.equals("end"); item = await(source.get())) {
            await(sleep(delay));
            log.at(name + item);
            await(target.put(item + name));
        }
        await(target.put("end"));
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> pipelineOfThreeStages(Events log) {
        List<Queue<String>> queues = List.of(Queue.fifo(1), Queue.fifo(1), Queue.fifo(1));
        List<Task<Void>> stages = List.of(
                createTask(stage(log, "x", queues.get(0), queues.get(1), 0.5)),
                createTask(stage(log, "y", queues.get(1), queues.get(2), 0.25)));
        try {
            for (String item : List.of("1", "2", "end")) {
                await(queues.get(0).put(item));
            }
            Queue<String> results = queues.get(2);
            for (String item = await(results.get()); !item.equals("end"); item = await(results.get())) {
                log.at("result " + item);
            }
        } finally {
            Steps.cancelAll(stages, "stopped");
            log.add(await(Steps.attempts(stages)));
            log.add(queues.stream().map(Queue::size).toList());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> delivering(Events log, Queue<String> queue) {
        for (String item : List.of("a", "b", "c")) {
            await(sleep(0.5));
            await(queue.put(item));
            log.turn("put " + item);
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> cancelledGetLosesNothing(Events log) {
        Queue<String> queue = Queue.fifo(0);
        List<String> got = new ArrayList<>();
        Task<Void> producer = createTask(delivering(log, queue));
        Task<String> other = createTask(queue.get());
        try {
            while (got.size() < 2) {
                got.add(await(queue.get()));
            }
        } finally {
            await(producer);
            List<String> rest = new ArrayList<>();
            while (!queue.isEmpty()) {
                rest.add(queue.getNow());
            }
            log.at(List.of(got, rest, outcomeOrState(other)));
            other.cancel();
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> cancelledPutLeavesRoomForTheNext(Events log) {
        Queue<String> queue = Queue.fifo(1);
        queue.putNow("first");
        List<Task<Void>> others = List.of(createTask(queue.put("x")), createTask(queue.put("y")));
        getRunningLoop().callLater(0.5, () -> log.turn(queue.getNow()));
        getRunningLoop().callLater(1, () -> log.turn(queue.getNow()));
        try {
            await(queue.put("main"));
            log.turn("main has put");
        } finally {
            log.at(await(waitFor(queue.get(), Duration.ofSeconds(2))));
            log.add(states(others));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> getting(Events log, Queue<String> queue, String name) {
        String item = await(queue.get());
        log.turn(name + " got " + item);
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> wokenGetterFindsTheItemGone(Events log) {
        Queue<String> queue = Queue.fifo(0);
        List<Task<Void>> tasks = new ArrayList<>();
        Stream.of("a", "b").forEach(name -> tasks.add(createTask(getting(log, queue, name))));
        await(sleep(0));
        queue.putNow("1");
        log.turn("main took " + queue.getNow());
        await(sleep(0));
        queue.putNow("2");
        tasks.add(createTask(getting(log, queue, "c")));
        await(sleep(0));
        queue.putNow("3");
        queue.putNow("4");
        await(Asyncio.wait(tasks));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> wokenGetterThatIsCancelledWakesTheNext(Events log) {
        Queue<String> queue = Queue.fifo(0);
        List<Task<String>> tasks = List.of(createTask(queue.get()), createTask(queue.get()), createTask(queue.get()));
        await(sleep(0));
        queue.putNow("1");
        tasks.get(0).cancel("woken");
        await(sleep(0));
        await(sleep(0));
        log.add(tasks.stream().map(Steps::outcomeOrState).toList());
        queue.putNow("2");
        log.turn(await(Steps.attempts(tasks)));
        log.add(queue.size());
        return Coroutine.done();
    }

    /** A topic whose subscribers have a queue each. */
    private record Topic(Events log, List<Queue<String>> subscribers) {

        @Async
        Coroutine<Void> subscribe(String name, double delay) {
            Queue<String> queue = Queue.fifo(1);
            subscribers.add(queue);
            try {
                while (true) {
                    log.at(name + " reads " + await(queue.get()));
                    await(sleep(delay));
                }
            } finally {
                subscribers.remove(queue);
                log.at(name + " leaves " + queue.size());
            }
        }

        @Async
        Coroutine<Void> publish(String item) {
            for (Queue<String> queue : List.copyOf(subscribers)) {
                if (queue.isFull()) {
                    log.at("drops " + queue.getNow());
                }
                await(queue.put(item));
            }
            return Coroutine.done();
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> broadcastToBoundedQueues(Events log) {
        Topic topic = new Topic(log, new ArrayList<>());
        List<Task<Void>> tasks =
                List.of(createTask(topic.subscribe("slow", 1)), createTask(topic.subscribe("fast", 0.25)));
        await(sleep(0));
        try {
            for (String item : List.of("a", "b", "c")) {
                await(topic.publish(item));
                await(sleep(0.5));
            }
        } finally {
            Steps.cancelAll(tasks, "over");
            await(gatherSettled(tasks));
            log.add(topic.subscribers.size());
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> timed(Queue<String> queue) {
        double[] delays = {0, 0, 0.5, 0.75, 0};
        for (int i = 0; i < delays.length; i++) {
            await(sleep(delays[i]));
            queue.putNow("abcde".substring(i, i + 1));
        }
        queue.putNow("end");
        return Coroutine.done();
    }

    @Async
    private static Coroutine<List<String>> batch(Queue<String> queue) {
        List<String> items = new ArrayList<>();
        items.add(await(queue.get()));
        while (!items.contains("end") && items.size() < 2) {
            try {
                items.add(await(waitFor(queue.get(), HALF)));
            } catch (TimeoutException failure) {
                break;
            }
        }
        return Coroutine.of(items);
    }

    @Sweep
    @Async
    static Coroutine<Void> batchesByTimeOrSize(Events log) {
        Queue<String> queue = Queue.fifo(0);
        Task<Void> producer = createTask(timed(queue));
        List<String> items = List.of();
        try {
            while (!items.contains("end")) {
                items = await(batch(queue));
                log.at(items);
            }
        } finally {
            log.at(List.of(state(producer), queue.size()));
        }
        return Coroutine.done();
    }
}
