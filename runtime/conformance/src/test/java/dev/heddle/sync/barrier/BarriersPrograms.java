package dev.heddle.sync.barrier;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BrokenBarrierException;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of barriers: the counterpart of {@code barriers.py}. */
public final class BarriersPrograms {

    private BarriersPrograms() {}

    @Async
    private static Coroutine<Void> worker(Events log, Barrier barrier, String name, double delay) {
        for (int phase = 0; phase < 2; phase++) {
            await(step(log, name + phase, delay));
            log.at(name + phase + " arrives as " + await(barrier.arrive()));
        }
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> phasesBetweenBarriers(Events log) {
        Barrier barrier = new Barrier(3);
        List<Task<Void>> others =
                List.of(createTask(worker(log, barrier, "a", 0)), createTask(worker(log, barrier, "b", 0.5)));
        try {
            await(worker(log, barrier, "c", 0.25));
        } finally {
            log.at(List.of(barrier.waiting(), barrier.isBroken()));
            await(barrier.abort());
            log.add(await(Steps.attempts(others)));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> arriving(Events log, Barrier barrier, String name) {
        try {
            log.turn(name + " is " + await(barrier.arrive()));
        } catch (BrokenBarrierException failure) {
            log.turn(List.of(name, failure));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> barrierIsResetAndBroken(Events log) {
        Barrier barrier = new Barrier(2);
        List<Task<Void>> tasks = new ArrayList<>(List.of(createTask(arriving(log, barrier, "a"))));
        await(sleep(0));
        log.turn(barrier.waiting());
        await(barrier.reset());
        tasks.add(createTask(arriving(log, barrier, "b")));
        await(sleep(0));
        log.turn(List.of(barrier.waiting(), barrier.isBroken()));
        tasks.get(1).cancel();
        await(sleep(0));
        log.turn(List.of(barrier.waiting(), barrier.isBroken()));
        for (String name : List.of("c", "d", "e")) {
            tasks.add(createTask(arriving(log, barrier, name)));
        }
        await(Asyncio.wait(tasks.subList(0, 4)));
        log.turn(List.of(barrier.waiting(), barrier.parties()));
        await(barrier.abort());
        tasks.add(createTask(arriving(log, barrier, "f")));
        await(Asyncio.wait(tasks));
        log.turn(List.of(barrier.waiting(), barrier.isBroken()));
        await(barrier.reset());
        log.turn(List.of(barrier.isBroken(), state(tasks.get(1))));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Integer> arrivingTwice(Events log, Barrier barrier, String name) {
        int index = await(barrier.arrive());
        log.turn(name + " is " + index);
        return Coroutine.of(await(barrier.arrive()));
    }

    @Sweep
    @Async
    static Coroutine<Void> barrierWithMoreTasksThanParties(Events log) {
        Barrier barrier = new Barrier(2);
        List<Task<Integer>> tasks = Stream.of("a", "b", "c")
                .map(name -> createTask(arrivingTwice(log, barrier, name)))
                .toList();
        log.turn("main is " + await(barrier.arrive()));
        for (Task<Integer> task : tasks) {
            log.turn(await(attempt(waitFor(task, Duration.ofMillis(500)))));
        }
        log.add(List.of(barrier.waiting(), barrier.isBroken()));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> taskThatLeavesABarrierChangesTheOrder(Events log) {
        Barrier barrier = new Barrier(4);
        List<Task<Void>> tasks = new ArrayList<>();
        Stream.of("a", "b", "c").forEach(name -> tasks.add(createTask(arriving(log, barrier, name))));
        await(sleep(0));
        tasks.get(0).cancel();
        await(sleep(0));
        await(sleep(0));
        log.turn(barrier.waiting());
        Stream.of("d", "e").forEach(name -> tasks.add(createTask(arriving(log, barrier, name))));
        await(Asyncio.wait(tasks));
        return Coroutine.done();
    }
}
