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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Host;
import dev.heddle.InterruptError;
import dev.heddle.Mirror;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.ThreadState;
import dev.heddle.workers.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mirrored thread-local is in each task, callback and call what a variable of the context would be there. */
@Timeout(60)
class MirrorIT {

    private static final ThreadLocal<String> USER = ThreadLocal.withInitial(() -> "none");
    private static final ThreadState<String> STATE = ThreadState.of(USER::get, USER::set);

    private final List<String> seen = new ArrayList<>();
    private final Mirror mirror = Context.mirror(STATE);

    @BeforeEach
    void begin() {
        USER.set("own");
    }

    @AfterEach
    void end() {
        mirror.close();
        USER.remove();
    }

    /** Runs {@code body} in virtual time, and compares what was seen. The thread's own state is the same afterwards. */
    private void check(String expected, AsyncSupplier<Void> body) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((l, report) -> see(report.get("message") + " for"));
            loop.runUntilComplete(loop.createTask(body));
        }
        assertEquals(expected, String.join(", ", seen));
        assertEquals("own", USER.get());
    }

    private void see(String who) {
        seen.add(who + " " + USER.get());
    }

    @Async
    private Coroutine<Void> painting(String name) {
        see(name);
        USER.set(name);
        await(sleep(0));
        see(name);
        return Coroutine.done();
    }

    @Test
    void changesStayWithTheTask() {
        check("main own, a own, b own, a a, b b, main main", () -> {
            see("main");
            USER.set("main");
            USER.set("own");
            Future<?> both = gather(painting("a"), painting("b"));
            USER.set("main");
            await(both);
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void childBeginsWithTheStateOfItsCreator() {
        check("child red, child child, main blue", () -> {
            USER.set("red");
            Task<?> child = createTask(painting("child"));
            USER.set("blue");
            await(child);
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void awaitedCoroutineSharesTheState() {
        check("inner own, inner inner, main inner", () -> {
            await(painting("inner"));
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void eagerTaskLeavesItsCreatorAlone() {
        check("eager red, main red, eager eager, main red", () -> {
            USER.set("red");
            Task<?> eager = createEagerTask(painting("eager"));
            see("main");
            await(eager);
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void eagerTaskInTheSameContextSharesTheState() {
        check("eager red, main eager, eager eager, main eager", () -> {
            Task<?> main = currentTask();
            USER.set("red");
            Task<?> eager =
                    Task.of(getRunningLoop(), painting("eager"), new TaskOptions("eager", main.context(), true));
            see("main");
            await(eager);
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void contextIsCopiedAsItIsNow() {
        check("eager red, in copy red, in copy of the creator's red, main red", () -> {
            Context own = currentTask().context();
            USER.set("red");
            createEagerTask(copying(own));
            see("main");
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> copying(Context creators) {
        see("eager");
        Context copy = Context.copyCurrent();
        USER.set("eager");
        copy.run(() -> {
            see("in copy");
            return null;
        });
        creators.copy().run(() -> {
            see("in copy of the creator's");
            return null;
        });
        return Coroutine.done();
    }

    @Test
    void runInAContextKeepsWhatIsSetThere() {
        check("first red, main red, again inside, main red", () -> {
            USER.set("red");
            Context context = Context.copyCurrent();
            context.run(() -> {
                see("first");
                USER.set("inside");
                return null;
            });
            see("main");
            context.run(() -> {
                see("again");
                return null;
            });
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void callbacksRunInTheStateOfTheirScheduling() {
        check("soon red, threadsafe red, executed red, done red, later red, at red, main blue", () -> {
            EventLoop loop = getRunningLoop();
            USER.set("red");
            loop.callSoon(() -> see("soon"));
            loop.callSoonThreadsafe(() -> see("threadsafe"));
            loop.execute(() -> see("executed"));
            loop.callLater(1, () -> see("later"));
            loop.callAt(2, () -> see("at"));
            Future<String> future = loop.createFuture();
            future.addDoneCallback(done -> see("done"));
            USER.set("blue");
            future.setResult("");
            await(sleep(3));
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void callbackChangesItsOwnCopy() {
        check("inner changed, next red, main red", () -> {
            EventLoop loop = getRunningLoop();
            USER.set("red");
            loop.callSoon(() -> {
                USER.set("changed");
                loop.callLater(0, () -> see("inner"));
            });
            await(sleep(0));
            await(sleep(1));
            loop.callSoon(() -> see("next"));
            await(sleep(1));
            see("main");
            return Coroutine.done();
        });
    }

    @Test
    void threadsTakeACopyAndGetTheirOwnStateBack() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            pool.submit(() -> USER.set("pool")).get();
            check("", () -> {
                USER.set("red");
                assertEquals("red", await(toThread(USER::get)));
                assertEquals("red", await(getRunningLoop().runInExecutor(pool, () -> {
                    String before = USER.get();
                    USER.set("lost");
                    return before;
                })));
                assertEquals("red", USER.get());
                return Coroutine.done();
            });
            assertEquals("pool", pool.submit(USER::get).get());
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void coroutineOfAnotherThreadTakesItsState() {
        check("", () -> {
            EventLoop loop = getRunningLoop();
            USER.set("red");
            String there = await(toThread(() -> {
                USER.set("of the thread");
                return runCoroutineThreadsafe(user(), loop).get(30, TimeUnit.SECONDS);
            }));
            assertEquals("of the thread", there);
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> user() {
        await(sleep(0));
        return Coroutine.of(USER.get());
    }

    @Test
    void workersTakeTheStateOfTheSubmitter() throws Exception {
        try (Workers workers = Workers.start(2)) {
            USER.set("submitter");
            assertEquals("submitter", workers.submit(MirrorIT::user).get(30, TimeUnit.SECONDS));
            for (var each : workers.submitEach(worker -> user())) {
                assertEquals("submitter", each.get(30, TimeUnit.SECONDS));
            }
            USER.set("own");
            assertEquals("own", workers.submit(MirrorIT::user).get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void threadGetsItsStateBackWhateverAStepThrows() {
        check("main red, main red", () -> {
            USER.set("red");
            Task<?> failing = createTask(failing(new IllegalStateException("fails")));
            await(sleep(0));
            failing.exception();
            see("main");
            Task<?> cancelled = createTask(cleaning());
            await(sleep(0));
            cancelled.cancel();
            try {
                await(cancelled);
            } catch (CancelledError expected) {
                see("main");
            }
            return Coroutine.done();
        });
        try (EventLoop loop = EventLoop.create()) {
            loop.setExceptionHandler((l, report) -> {});
            assertThrows(
                    InterruptError.class,
                    () -> loop.runUntilComplete(loop.createTask(failing(new InterruptError("leaves the loop")))));
        }
        assertEquals("own", USER.get());
    }

    @Async
    private static Coroutine<Void> failing(Error failure) {
        USER.set("failing");
        throw failure;
    }

    @Async
    private static Coroutine<Void> failing(RuntimeException failure) {
        USER.set("failing");
        throw failure;
    }

    @Async
    private static Coroutine<Void> cleaning() {
        USER.set("cleaning");
        try {
            await(sleep(100));
        } finally {
            assertEquals("cleaning", USER.get());
            USER.set("cleaned");
        }
        return Coroutine.done();
    }

    @Test
    void handlerOfFailuresRunsInTheStateOfTheCallback() {
        check("Exception in callback thrower for thrower", () -> {
            getRunningLoop().callSoon(new Runnable() {
                @Override
                public void run() {
                    USER.set("thrower");
                    throw new IllegalStateException("thrown");
                }

                @Override
                public String toString() {
                    return "thrower";
                }
            });
            await(sleep(1));
            return Coroutine.done();
        });
    }

    @Test
    void guestLeavesItsHostAlone() {
        Queue<Runnable> turns = new ArrayDeque<>();
        EventLoop guest = guestOf(turns);
        guest.createTask(painting("a"));
        guest.createTask(painting("b"));
        while (!turns.isEmpty()) {
            turns.remove().run();
            assertEquals("own", USER.get());
        }
        assertEquals(List.of("a own", "b own", "a a", "b b"), seen);
        guest.close();
    }

    private static EventLoop guestOf(Queue<Runnable> turns) {
        return EventLoop.guestOf(new Host() {
            @Override
            public void execute(Runnable turn) {
                turns.add(turn);
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                return () -> {};
            }
        });
    }

    @Test
    void guestInsideATaskLeavesTheTaskAlone() {
        check("a red, a a, main red", () -> {
            USER.set("red");
            Queue<Runnable> turns = new ArrayDeque<>();
            EventLoop guest = guestOf(turns);
            guest.createTask(painting("a"));
            while (!turns.isEmpty()) {
                turns.remove().run();
            }
            see("main");
            guest.close();
            return Coroutine.done();
        });
    }

    @Test
    void nothingFollowsOnceTheMirrorIsClosed() {
        check("a red, a blue", () -> {
            USER.set("red");
            createTask(painting("a"));
            await(sleep(0));
            mirror.close();
            USER.set("blue");
            await(sleep(0));
            USER.set("own");
            return Coroutine.done();
        });
    }

    /** Throws in every call that {@code fails} names, and otherwise does nothing. */
    private record Failing(String fails) implements ThreadState<String> {

        @Override
        public String capture() {
            return work("capture");
        }

        @Override
        public void restore(String state) {
            work("restore");
        }

        private String work(String what) {
            if (what.equals(fails)) {
                throw new IllegalStateException(what);
            }
            return "";
        }

        @Override
        public String toString() {
            return fails;
        }
    }

    @Test
    void failureToCaptureIsReportedOnceAndTheTaskContinues() {
        check(
                "The mirrored thread state capture cannot be captured; further failures of it are not reported for own,"
                        + " a own, b own, a a, b b, main own",
                () -> {
                    try (Mirror failing = Context.mirror(new Failing("capture"))) {
                        await(gather(painting("a"), painting("b")));
                        see("main");
                    }
                    return Coroutine.done();
                });
    }

    @Test
    void failureToRestoreIsReportedOnceAndTheTaskContinues() {
        check(
                "The mirrored thread state restore cannot be restored; further failures of it are not reported for own,"
                        + " a own, b own, a a, b b, main own",
                () -> {
                    try (Mirror failing = Context.mirror(new Failing("restore"))) {
                        await(gather(painting("a"), painting("b")));
                        see("main");
                    }
                    return Coroutine.done();
                });
    }

    @Test
    void taskMadeBeforeIsLeftAlone() {
        mirror.close();
        check("a own, a own, b own, b b, main own", () -> {
            Task<?> before = createTask(painting("a"));
            await(sleep(0));
            USER.set("own");
            try (Mirror again = Context.mirror(STATE)) {
                await(before);
                await(createTask(painting("b")));
                see("main");
            }
            return Coroutine.done();
        });
    }

    @Test
    void stateIsMirroredOnce() {
        assertSame(mirror, Context.mirror(STATE));
        mirror.close();
        Mirror next = Context.mirror(STATE);
        assertEquals(false, next == mirror);
        next.close();
        next.close();
    }
}
