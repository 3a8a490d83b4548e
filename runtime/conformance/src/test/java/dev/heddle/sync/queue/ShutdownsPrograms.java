package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.shown;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.called;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueEmptyException;
import dev.heddle.sync.QueueFullException;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.util.Comparator;
import java.util.List;

/** Programs of queues in other orders, and of what queues refuse: the counterpart of {@code shutdowns.py}. */
public final class ShutdownsPrograms {

    private ShutdownsPrograms() {}

    @Async
    static Coroutine<Void> orderOfPriorityAndStack(Events log) {
        Queue<Integer> priority = Queue.priority(0, Comparator.naturalOrder());
        Queue<Integer> stack = Queue.lifo(3);
        List.of(5, 1, 4, 1, 3).forEach(priority::putNow);
        List.of(1, 2, 3).forEach(stack::putNow);
        log.add(List.of(priority.size(), priority.isFull(), stack.isFull()));
        Task<Void> adding = createTask(stack.put(4));
        await(sleep(0));
        log.add(List.of(await(priority.get()), await(stack.get()), await(priority.get()), await(stack.get())));
        priority.putNow(0);
        log.add(List.of(await(priority.get()), await(stack.get()), await(priority.get())));
        await(adding);
        log.add(List.of(await(stack.get()), stack.isEmpty(), priority.size()));
        return Coroutine.done();
    }

    private static String taken(Queue<String> queue) {
        try {
            return queue.getNow();
        } catch (QueueEmptyException | QueueShutDownException failure) {
            return shown(failure);
        }
    }

    private static String put(Queue<String> queue, String item) {
        try {
            queue.putNow(item);
            return "put";
        } catch (QueueFullException | QueueShutDownException failure) {
            return shown(failure);
        }
    }

    @Async
    static Coroutine<Void> queuesRefuse(Events log) {
        Queue<String> queue = Queue.fifo(1);
        log.add(List.of(taken(queue), called(queue::taskDone)));
        log.add(List.of(put(queue, "a"), put(queue, "b"), queue.isFull(), queue.maxSize()));
        queue.taskDone();
        log.add(List.of(called(queue::taskDone), queue.size()));
        await(queue.join());
        Queue<String> unbounded = Queue.fifo(0);
        unbounded.putNow("a");
        log.add(List.of(unbounded.isFull(), unbounded.size(), unbounded.isEmpty()));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> consuming(Events log, Queue<String> queue, String name) {
        try {
            while (true) {
                log.turn(name + " got " + await(queue.get()));
                queue.taskDone();
                await(sleep(0.5));
            }
        } catch (QueueShutDownException failure) {
            log.turn(List.of(name, failure));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> queueIsShutDownAndDrained(Events log) {
        Queue<String> queue = Queue.fifo(2);
        List<Task<Void>> consumers =
                List.of(createTask(consuming(log, queue, "x")), createTask(consuming(log, queue, "y")));
        try {
            for (String item : List.of("a", "b", "c", "d", "e", "f")) {
                await(queue.put(item));
            }
        } finally {
            queue.shutdown(false);
            log.at(await(attempt(queue.put("late"))));
            await(queue.join());
            log.at(await(Steps.attempts(consumers)));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> queueIsShutDownAtOnce(Events log) {
        Queue<String> queue = Queue.fifo(1);
        queue.putNow("a");
        List<Task<Void>> putting = List.of(createTask(queue.put("b")), createTask(queue.put("c")));
        Task<Void> joining = createTask(queue.join());
        await(sleep(0));
        queue.shutdown(true);
        queue.shutdown(false);
        log.turn(List.of(queue.size(), queue.isEmpty(), state(joining)));
        log.turn(await(Steps.attempts(putting)));
        log.turn(await(attempt(joining)));
        log.add(List.of(taken(queue), put(queue, "d")));
        Queue<String> empty = Queue.fifo(0);
        List<Task<String>> getting = List.of(createTask(empty.get()), createTask(empty.get()));
        await(sleep(0));
        empty.shutdown(false);
        log.turn(await(Steps.attempts(getting)));
        return Coroutine.done();
    }
}
