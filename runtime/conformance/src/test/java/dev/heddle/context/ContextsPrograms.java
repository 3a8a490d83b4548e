package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Events.attempt;
import static dev.heddle.cpython.Events.state;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Queue;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.List;

/** Programs with context variables: the counterpart of {@code contexts.py}. */
public final class ContextsPrograms {

    private static final ContextVar<String> REQUEST = new ContextVar<>("request", "none");

    private ContextsPrograms() {}

    @Async
    private static Coroutine<Void> query(Events log, String text) {
        try {
            await(sleep(0.5));
            log.at(REQUEST.get() + " " + text);
        } catch (CancelledError error) {
            log.at(REQUEST.get() + " " + text + " cancelled");
            throw error;
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> handle(Events log, String name) {
        REQUEST.set(name);
        await(gather(query(log, "user"), query(log, "cart")));
        ContextVar.Token<String> token = REQUEST.set(name + "+");
        try {
            await(waitFor(query(log, "price"), Duration.ofMillis(250)));
        } catch (TimeoutException failure) {
            log.at(REQUEST.get() + " too slow");
        }
        REQUEST.reset(token);
        await(shield(query(log, "log")));
        log.at(REQUEST.get() + " handled");
        return Coroutine.done();
    }

    @Sweep
    @Async
    static Coroutine<Void> requestIdsInTheirTasks(Events log) {
        try {
            await(gather(handle(log, "r1"), handle(log, "r2")));
        } finally {
            log.at(REQUEST.get());
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Void> callbacksKeepTheContextOfTheirRegistration(Events log) {
        EventLoop loop = getRunningLoop();
        Future<Void> future = createFuture();
        for (String name : List.of("a", "b")) {
            REQUEST.set(name);
            loop.callSoon(() -> log.turn("soon " + REQUEST.get()));
            loop.callLater(0.5, () -> log.at("later " + REQUEST.get()));
            future.addDoneCallback(done -> log.turn("done " + REQUEST.get()));
        }
        REQUEST.set("main");
        loop.callSoon(() -> {
            REQUEST.set("callback");
            future.setResult(null);
        });
        await(future);
        log.turn(REQUEST.get());
        await(sleep(1));
        return Coroutine.done();
    }

    private record Job(Context context, String name, Future<String> done) {}

    @Async
    private static Coroutine<Void> job(Events log, String name) {
        REQUEST.set(REQUEST.get() + name);
        await(sleep(0.5));
        log.at(REQUEST.get());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> worker(Events log, Queue<Job> jobs) {
        while (true) {
            Job next = await(jobs.get());
            Task<Void> task = createTask(job(log, next.name), next.context);
            task.addDoneCallback(ended -> {
                if (!next.done.isDone()) {
                    next.done.setResult(state(ended));
                }
            });
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> contextOfOneWorkerForManyJobs(Events log) {
        Queue<Job> jobs = Queue.fifo(0);
        Task<Void> working = createTask(worker(log, jobs));
        Context shared = Context.copyCurrent();
        try {
            for (String name : List.of("a", "b")) {
                Future<String> done = createFuture();
                await(jobs.put(new Job(shared, name, done)));
                log.at(await(done));
            }
            log.add(List.of(String.valueOf(shared.get(REQUEST)), REQUEST.get()));
        } finally {
            working.cancel();
            log.add(await(attempt(working)));
        }
        return Coroutine.done();
    }
}
