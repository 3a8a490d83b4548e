package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createEagerTask;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.runCoroutineThreadsafe;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Context;
import dev.heddle.ContextVar;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Mirror;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.ThreadState;
import dev.heddle.TimeoutException;
import dev.heddle.workers.Workers;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs of tasks, callbacks and calls in threads, each of which sets a thread-local and a variable of the context to the same
 * values. The thread-local is mirrored, so the two are equal at every point.
 */
@Timeout(60)
class MirrorModelIT {

    private static final int PROGRAMS = 400;
    private static final int KINDS = 16;

    /** Real time passes while a call in a thread is under way, so waits are short. */
    private static final double MILLISECOND = 0.001;

    private static final ThreadLocal<String> LOCAL = ThreadLocal.withInitial(() -> "unset");
    private static final ContextVar<String> VARIABLE = new ContextVar<>("variable", "unset");

    private final Queue<String> unequal = new ConcurrentLinkedQueue<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final int[] kinds = new int[KINDS];
    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private Workers workers;

    private void check(String where) {
        checks.incrementAndGet();
        String local = LOCAL.get();
        String variable = VARIABLE.get();
        if (!local.equals(variable)) {
            unequal.add(where + ": thread-local " + local + ", variable " + variable);
        }
    }

    private void set(Random choices) {
        String value = Integer.toString(choices.nextInt(1000));
        LOCAL.set(value);
        VARIABLE.set(value);
    }

    /** Checks, sets and checks, and goes on with another callback as often as {@code depth} allows. */
    private void callback(Random choices, int depth) {
        check("callback");
        set(choices);
        check("callback after set");
        if (depth > 0 && choices.nextBoolean()) {
            schedule(choices, depth - 1);
            check("callback after scheduling");
        }
    }

    private void schedule(Random choices, int depth) {
        EventLoop loop = getRunningLoop();
        Random own = new Random(choices.nextLong());
        switch (choices.nextInt(4)) {
            case 0 -> loop.callSoon(() -> callback(own, depth));
            case 1 -> loop.callLater(choices.nextInt(3) * MILLISECOND, () -> callback(own, depth));
            case 2 -> loop.callSoonThreadsafe(() -> callback(own, depth));
            default -> {
                Future<String> future = loop.createFuture();
                future.addDoneCallback(done -> callback(own, depth));
                if (choices.nextBoolean()) {
                    set(choices);
                }
                future.setResult("");
            }
        }
    }

    private String call(Random choices) {
        check("call");
        set(choices);
        check("call after set");
        return "";
    }

    @Async
    private Coroutine<Void> program(Random choices, int depth) throws Exception {
        check("begin");
        int steps = 2 + choices.nextInt(5);
        for (int i = 0; i < steps; i++) {
            int kind = choices.nextInt(depth > 0 ? KINDS : 7);
            kinds[kind]++;
            Random own = new Random(choices.nextLong());
            switch (kind) {
                case 0, 1, 2 -> set(choices);
                case 3 -> await(sleep(0));
                case 4 -> await(sleep(choices.nextInt(3) * MILLISECOND));
                case 5 -> schedule(choices, 2);
                case 6 -> Context.copyCurrent().run(() -> call(own));
                case 7 -> createTask(program(own, depth - 1));
                case 8 -> createEagerTask(program(own, depth - 1));
                case 9 ->
                    createTask(program(own, depth - 1), "named", currentTask().context());
                case 10 -> await(program(own, depth - 1));
                case 11 -> await(gather(program(own, depth - 1), program(new Random(choices.nextLong()), depth - 1)));
                case 12 -> await(toThread(() -> call(own)));
                case 13 -> await(getRunningLoop().runInExecutor(pool, () -> call(own)));
                case 14 -> await(limited(own, depth - 1));
                default -> await(away(own, depth - 1));
            }
            check("after " + kind);
        }
        return Coroutine.done();
    }

    private static <T> Task<T> createTask(Coroutine<T> coroutine, String name, Context context) {
        return Task.of(getRunningLoop(), coroutine, new TaskOptions(name, context, false));
    }

    private static <T> Task<T> createTask(Coroutine<T> coroutine) {
        return dev.heddle.Asyncio.createTask(coroutine);
    }

    @Async
    private Coroutine<Void> limited(Random choices, int depth) throws Exception {
        try {
            await(waitFor(program(choices, depth), Duration.ofMillis(2)));
        } catch (TimeoutException expected) {
            check("after the limit");
        }
        return Coroutine.done();
    }

    /** Goes on in a thread, which sets its own values, and from there in this loop again or in a worker. */
    @Async
    private Coroutine<Void> away(Random choices, int depth) {
        EventLoop loop = getRunningLoop();
        boolean toWorker = choices.nextBoolean();
        await(toThread(() -> {
            call(choices);
            Void unused = toWorker
                    ? workers.submit(() -> program(choices, 0)).get(30, TimeUnit.SECONDS)
                    : runCoroutineThreadsafe(program(choices, depth), loop).get(30, TimeUnit.SECONDS);
            check("thread after the coroutine");
            return "";
        }));
        return Coroutine.done();
    }

    @Test
    void mirroredThreadLocalEqualsTheVariable() {
        try (Mirror mirror = Context.mirror(ThreadState.of(LOCAL::get, LOCAL::set));
                Workers started = Workers.start(1)) {
            workers = started;
            for (int seed = 0; seed < PROGRAMS; seed++) {
                run(new Random(seed));
                assertEquals("[]", unequal.toString(), mirror + " in program " + seed);
            }
        } finally {
            pool.shutdown();
        }
        for (int count : kinds) {
            assertTrue(count > 0);
        }
        assertTrue(checks.get() > 40_000, checks + " checks");
    }

    private void run(Random choices) {
        LOCAL.set("unset");
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((l, report) -> unequal.add(report.toString()));
            new Context().run(() -> {
                if (choices.nextBoolean()) {
                    set(choices);
                }
                loop.runUntilComplete(loop.createTask(program(choices, 3)));
                loop.runUntilComplete(loop.createTask(others()));
                check("after the run");
                return "";
            });
        }
        check("at the end");
    }

    @Async
    private static Coroutine<Void> others() {
        while (dev.heddle.Asyncio.allTasks().size() > 1) {
            await(sleep(MILLISECOND));
        }
        await(sleep(10 * MILLISECOND));
        return Coroutine.done();
    }
}
