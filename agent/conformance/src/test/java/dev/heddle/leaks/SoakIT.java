package dev.heddle.leaks;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.TimeoutException;
import dev.heddle.monitor.LoopStatistics;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.workers.SharedQueue;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All features for a long time: in virtual time on one loop, and in real time, in which most is waiting, on several. The live heap and the
 * threads do not grow, whenever all is quiet no loop has tasks or timers left, and nothing is reported. In a build that lasts a moment;
 * an hour of each is
 *
 * <pre>{@code mvn -pl runtime,agent verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=SoakIT -Dheddle.soak.seconds=3600}</pre>
 *
 * <p>The measurements are in {@code soak-virtual.csv} and {@code soak-real.csv} beside the agent's jar.
 */
@Tag("slow")
class SoakIT {

    private static final int WORKERS = 3;
    private static final int ELEMENTS = 40;

    /** How many seconds a run lasts. */
    private static double seconds(double inABuild) {
        return Integer.getInteger("heddle.soak.seconds", (int) inABuild);
    }

    /** The reports to the exception handlers. */
    private final Queue<String> reports = new ConcurrentLinkedQueue<>();

    private void collectReports(EventLoop loop) {
        loop.callSoonThreadsafe(() -> loop.setExceptionHandler((source, report) -> reports.add(report.toString())));
    }

    @Test
    void virtualTime() throws IOException {
        Trend trend = new Trend(seconds(240), "soak-virtual.csv");
        try (EventLoop loop = EventLoop.virtualTime()) {
            collectReports(loop);
            loop.runUntilComplete(rounds(new Mix(new Random(1), 0.1), trend));
        }
        assertEquals(List.of(), List.copyOf(reports));
        trend.assertNone();
    }

    @Async
    private static Coroutine<Void> rounds(Mix mix, Trend trend) throws IOException {
        EventLoop loop = getRunningLoop();
        long before = 0;
        while (!trend.isOver(loop.time())) {
            await(mix.round());
            await(sleep(0));
            assertEquals(Set.of(currentTask()), allTasks());
            assertEquals(0, LoopStatistics.of(loop).timers());
            assertTrue(mix.parts() > before, "something was checked");
            before = mix.parts();
            trend.quiet(loop.time());
        }
        return Coroutine.done();
    }

    @Test
    void realTime() throws IOException {
        double seconds = seconds(4);
        double pause = seconds < 60 ? 0.02 : 0.5;
        Trend trend = new Trend(seconds, "soak-real.csv");
        long start = System.nanoTime();
        try (Workers workers = Workers.start(WORKERS)) {
            workers.loops().forEach(this::collectReports);
            Random random = new Random(2);
            List<Mix> mixes = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                mixes.add(new Mix(new Random(random.nextLong()), pause));
            }
            double now = 0;
            for (int round = 0; !trend.isOver(now); round++) {
                round(workers, mixes);
                if (round % 8 == 0) {
                    shortLife();
                }
                workers.loops().forEach(SoakIT::assertQuiet);
                assertEquals("<Workers size=3 load=0>", workers.toString());
                now = (System.nanoTime() - start) / 1e9;
                trend.quiet(now);
            }
        }
        assertEquals(List.of(), List.copyOf(reports));
        trend.assertNone();
    }

    private static void round(Workers workers, List<Mix> mixes) {
        CompletableFuture<Void> cancelled = workers.submit(() -> awaits(sleep(3600)));
        SharedQueue<Integer> queue = SharedQueue.bounded(4);
        List<CompletableFuture<Integer>> sums = workers.submitEach(index -> index == 0 ? puts(queue) : takes(queue));
        List<CompletableFuture<Void>> works =
                workers.submitEach(index -> mixes.get(index).round());
        int sum = takeSome(queue);
        for (CompletableFuture<Integer> taken : sums) {
            sum += taken.join();
        }
        assertEquals(ELEMENTS * (ELEMENTS - 1) / 2, sum);
        works.forEach(CompletableFuture::join);
        cancelled.cancel(false);
    }

    @Async
    private static Coroutine<Void> awaits(Awaitable<Void> awaitable) {
        await(awaitable);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Integer> puts(SharedQueue<Integer> queue) {
        for (int i = 0; i < ELEMENTS; i++) {
            await(queue.put(i));
            if (i % 4 == 0) {
                await(sleep(0.001));
            }
        }
        queue.close();
        return Coroutine.of(0);
    }

    /** Several tasks take, with little patience. */
    @Async
    private static Coroutine<Integer> takes(SharedQueue<Integer> queue) {
        int sum = 0;
        for (int taken : await(gather(takesAll(queue, 1_000), takesAll(queue, 50_000), takesAll(queue, 2_000_000)))) {
            sum += taken;
        }
        return Coroutine.of(sum);
    }

    @Async
    private static Coroutine<Integer> takesAll(SharedQueue<Integer> queue, long patience) {
        int sum = 0;
        while (true) {
            try {
                sum += await(waitFor(queue.get(), Duration.ofNanos(patience)));
            } catch (TimeoutException late) {
                await(sleep(0.0005));
            } catch (QueueShutDownException end) {
                return Coroutine.of(sum);
            }
        }
    }

    /** Takes the elements that are available at once, on a plain thread. */
    private static int takeSome(SharedQueue<Integer> queue) {
        try {
            Optional<Integer> taken = queue.tryGet();
            return taken.orElse(0);
        } catch (QueueShutDownException end) {
            return 0;
        }
    }

    /** Workers that are started and shut down while something runs. */
    private static void shortLife() {
        Workers workers = Workers.start(2);
        workers.submitEach(index -> awaits(sleep(3600)));
        workers.shutdown(Duration.ZERO);
    }

    /** When what was cancelled has ended, a worker has one task, which waits for its end, and no timer. */
    private static void assertQuiet(EventLoop loop) {
        CompletableFuture<LoopStatistics> statistics = new CompletableFuture<>();
        loop.callSoonThreadsafe(() -> after(loop, 8, () -> statistics.complete(LoopStatistics.of(loop))));
        LoopStatistics found = statistics.join();
        assertEquals(List.of(1, 0), List.of(found.tasks(), found.timers()), found.toString());
    }

    private static void after(EventLoop loop, int turns, Runnable callback) {
        loop.callSoon(turns == 1 ? callback : () -> after(loop, turns - 1, callback));
    }
}
