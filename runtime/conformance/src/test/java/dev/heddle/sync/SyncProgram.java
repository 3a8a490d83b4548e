package dev.heddle.sync;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of {@code sync_programs.py}, which explains the steps. */
final class SyncProgram {

    private static final int TURNS = 24;

    private final List<Task<Void>> running = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final Lock lock = new Lock();
    private final Semaphore semaphore = new BoundedSemaphore(2);
    private final Event event = new Event();
    private final Condition condition = new Condition();
    private final Barrier barrier = new Barrier(2);
    private final Queue<Integer> queue = Queue.fifo(1);

    private SyncProgram() {}

    /** The events of the program {@code text}. */
    static String run(String text) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            SyncProgram program = new SyncProgram();
            loop.runUntilComplete(program.main(text.split("\\|")));
            return String.join(" ", program.events);
        }
    }

    @Async
    private Coroutine<Void> main(String[] tasks) {
        for (String steps : tasks) {
            running.add(createTask(task(running.size(), List.of(steps.split(" ")))));
        }
        for (int turn = 0; turn < TURNS; turn++) {
            events.add(".");
            await(sleep(0));
        }
        addState();
        for (int times = 0; times < 10; times++) {
            running.forEach(Task::cancel);
            await(turns(4));
        }
        addState();
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> task(int index, List<String> steps) {
        boolean ignores = steps.get(0).equals("!");
        for (String step : ignores ? steps.subList(1, steps.size()) : steps) {
            String before = index + ":" + step + "=";
            try {
                events.add(before + await(step(step)));
            } catch (CancelledError cancelled) {
                events.add(before + "cancelled");
                if (!ignores) {
                    throw cancelled;
                }
            } catch (RuntimeException failure) {
                events.add(before + nameOf(failure));
            }
        }
        return Coroutine.done();
    }

    private static String nameOf(RuntimeException failure) {
        if (failure instanceof IllegalStateException) {
            return "state";
        }
        String name = failure.getClass().getSimpleName();
        return switch (name) {
            case "QueueShutDownException" -> "shutdown";
            case "QueueFullException" -> "full";
            case "QueueEmptyException" -> "empty";
            case "BrokenBarrierException" -> "broken";
            default -> name;
        };
    }

    @Async
    private Coroutine<String> step(String name) {
        int number = name.length() == 1 ? 0 : Integer.parseInt(name.substring(1));
        char kind = name.charAt(0);
        switch (kind) {
            case 'y' -> await(turns(number));
            case 'c' -> running.get(number % running.size()).cancel();
            case 'l', 's', 'k', 'w', 'm' -> await(hold(kind, number, name));
            case 'e' -> await(event.waitSet());
            case 'b' -> {
                return Coroutine.of(String.valueOf(await(barrier.arrive())));
            }
            case 'v' -> await(barrier.reset());
            case 'a' -> await(barrier.abort());
            case 'p' -> await(queue.put(number));
            case 'g' -> {
                return Coroutine.of(String.valueOf(await(queue.get())));
            }
            case 'j' -> await(queue.join());
            default -> {
                return Coroutine.of(stepAtOnce(kind, number));
            }
        }
        return Coroutine.of("");
    }

    private String stepAtOnce(char kind, int number) {
        switch (kind) {
            case 'n' -> condition.notifyWaiters(number);
            case 'r' -> semaphore.release();
            case 'f' -> event.set();
            case 'u' -> event.clear();
            case 'q' -> queue.putNow(number);
            case 'h' -> {
                return String.valueOf(queue.getNow());
            }
            case 'd' -> queue.taskDone();
            case 'z' -> queue.shutdown(number == 1);
            default -> throw new AssertionError(kind);
        }
        return "";
    }

    @Async
    private Coroutine<Void> hold(char kind, int number, String name) {
        Coroutine<Lock.Held> acquire = switch (kind) {
            case 'l' -> lock.acquire();
            case 's' -> semaphore.acquire();
            default -> condition.acquire();
        };
        Lock.Held held = await(acquire);
        try {
            if (kind == 'm') {
                condition.notifyWaiters(number);
                return Coroutine.done();
            }
            if (kind == 'w') {
                await(condition.waitNotified());
            }
            events.add(name + "in");
            await(turns(number));
        } finally {
            held.close(); // a failure of this replaces a cancellation, as in Python
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> turns(int number) {
        for (int turn = 0; turn < number; turn++) {
            await(sleep(0));
        }
        return Coroutine.done();
    }

    private void addState() {
        StringBuilder state = new StringBuilder();
        for (Task<Void> task : running) {
            state.append(!task.isDone() ? 'p' : task.isCancelled() ? 'c' : 'd');
        }
        for (boolean flag :
                new boolean[] {lock.locked(), semaphore.locked(), condition.locked(), event.isSet(), barrier.isBroken()
                }) {
            state.append(flag ? 't' : 'f');
        }
        events.add(state.toString() + barrier.waiting() + queue.size());
    }
}
