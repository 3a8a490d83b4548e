package dev.heddle.sync.event;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Events.shown;
import static dev.heddle.cpython.Events.state;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.step;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.Waited;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Event;
import dev.heddle.traces.Steps;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of {@link Event}s: the counterpart of {@code events.py}. */
public final class EventsPrograms {

    private static final Duration HALF = Duration.ofMillis(500);

    private EventsPrograms() {}

    @Async
    static Coroutine<Void> eventIsSetBefore(Events log) {
        Event event = new Event();
        event.set();
        log.turn(await(event.waitSet()));
        event.clear();
        log.turn(event.isSet());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> passing(Events log, Event gate, String name) {
        await(gate.waitSet());
        return Coroutine.of(await(step(log, name, 0.5)));
    }

    @Sweep
    @Async
    static Coroutine<Void> gateIsOpened(Events log) {
        Event gate = new Event();
        getRunningLoop().callLater(0.5, gate::set);
        log.at(await(gather(passing(log, gate, "a"), passing(log, gate, "b"))));
        log.at(await(passing(log, gate, "c")));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> waiting(Events log, Event event, String name) {
        await(event.waitSet());
        log.turn(name + " " + shown(event.isSet()));
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> eventClearedBeforeItsWaitersRun(Events log) {
        Event event = new Event();
        List<Task<Void>> tasks = Stream.of("a", "b", "c")
                .map(name -> createTask(waiting(log, event, name)))
                .toList();
        await(sleep(0));
        event.set();
        event.clear();
        tasks.get(1).cancel("too late");
        Task<Void> late = createTask(waiting(log, event, "late"));
        log.add(await(Steps.attempts(tasks)));
        log.add(state(late));
        event.set();
        await(late);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> serve(Events log, Event stopping) {
        List<Task<String>> connections = new ArrayList<>();
        while (!stopping.isSet()) {
            connections.add(createTask(cleaning(log, "connection " + connections.size(), 1, 0.5)));
            try {
                await(waitFor(stopping.waitSet(), HALF));
            } catch (TimeoutException failure) {
                log.at("next");
            }
        }
        log.at("stops with " + connections.size());
        Waited<Task<String>> waited = await(Asyncio.wait(connections, HALF, ReturnWhen.ALL_COMPLETED));
        log.at(List.of(waited.done().size(), waited.pending().size()));
        return Coroutine.done();
    }

    @Sweep(again = 2)
    @Async
    static Coroutine<Void> serverShutsDownGracefully(Events log) {
        Event stopping = new Event();
        Task<Void> server = createTask(serve(log, stopping));
        try {
            await(sleep(1));
        } finally {
            stopping.set();
            log.at("told to stop");
            await(server);
        }
        return Coroutine.done();
    }
}
