// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.internal.frames.StackFilter;
import dev.heddle.monitor.LoopStatistics;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends a run of a loop that takes too long. In the last part of the time there is a thread that watches the run. At the limit, that thread asks the loop to list its tasks and to stop. If the loop does
 * not answer within one second, one of its steps blocks. The watching thread then reads the tasks itself, which is safe because nothing
 * moves, and interrupts the loop's thread.
 */
final class TimeLimit implements AutoCloseable {

    private static final long ANSWER_SECONDS = 1;

    /** The run is divided into this many parts. The last part is observed to see what the loop does. */
    private static final long LAST_PART = 4;

    private final EventLoop loop;
    private final Duration limit;
    private final Thread runner = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final long nanos;
    private final Runnable watch = this::watch;

    /** Describes what virtual time waited for at the limit. Written and read by the loop's thread. */
    private String time = "";

    /** The tasks and their stacks at the limit; null before. Written by the loop's or the watching thread, read by the loop's thread. */
    private volatile @Nullable String dump;

    /** Starts to watch the calling thread. */
    TimeLimit(EventLoop loop, Duration limit) {
        this.loop = loop;
        this.limit = limit;
        this.nanos = TimeUnit.NANOSECONDS.convert(limit);
        TimeLimitWatch.add(watch, nanos - nanos / LAST_PART);
    }

    /** Calls {@code run}. If the limit was reached, throws an {@code AssertionError} that says so. */
    <T> T call(Supplier<T> run) {
        try {
            T result = run.get();
            if (dump != null) {
                throw exceeded(null);
            }
            return result;
        } catch (Throwable failure) {
            if (dump != null && !(failure instanceof AssertionError)) {
                throw exceeded(failure);
            }
            throw failure;
        }
    }

    private AssertionError exceeded(@Nullable Throwable failure) {
        boolean unused = Thread.interrupted(); // clears our own interrupt
        return new AssertionError(
                "the loop has run longer than " + limit.toMillis() / 1000.0 + " s; " + time + "its tasks:\n" + dump,
                failure);
    }

    private void watch() {
        try {
            double timeBefore = loop.time();
            Duration idleBefore = LoopStatistics.of(loop).idle();
            if (over.await(nanos / LAST_PART, TimeUnit.NANOSECONDS)) {
                return;
            }
            double now = loop.time();
            boolean waited = LoopStatistics.of(loop).idle().compareTo(idleBefore) > 0;
            loop.callSoonThreadsafe(() -> answer(now, waited, now > timeBefore));
            if (!answered.await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                dump = TaskDump.of(Asyncio.allTasks(loop)) + "The thread of the loop is in the middle of a step:\n"
                        + step();
                runner.interrupt();
            }
        } catch (InterruptedException | IllegalStateException ended) {
            // The run has ended after all, or the loop was closed.
        }
    }

    /** Returns the stack of the loop's thread, down to the step. */
    private String step() {
        return Arrays.stream(runner.getStackTrace())
                .takeWhile(element -> !StackFilter.isOfKernel(element))
                .map(element -> "\tat " + element + "\n")
                .collect(Collectors.joining());
    }

    /**
     * Records the tasks and stops the loop. Runs on the loop's thread.
     *
     * @param now the virtual time at the limit
     * @param waited whether the loop was idle at some time in the last part of the run
     * @param passed whether virtual time has passed in that part
     */
    private void answer(double now, boolean waited, boolean passed) {
        answered.countDown();
        if (over.getCount() == 0) {
            return; // this run has ended and another one has begun
        }
        if (dump == null) {
            time = describe(now, waited, passed, loop.describeOutstanding()) + "; ";
            dump = TaskDump.of(Asyncio.allTasks(loop));
        }
        loop.stop();
    }

    /** Describes what virtual time waited for. Package-private for the tests. */
    static String describe(double now, boolean waited, boolean passed, String outstanding) {
        if (waited && !outstanding.isEmpty()) {
            return "virtual time stands at " + now + " s: " + outstanding;
        }
        return passed
                ? "virtual time has reached " + now + " s, one timer after another"
                : "virtual time stands at " + now + " s: something was ready in every turn";
    }

    @Override
    public void close() {
        TimeLimitWatch.remove(watch);
        over.countDown();
    }
}
