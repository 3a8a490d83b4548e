// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Runner;
import dev.heddle.Task;
import dev.heddle.coroutines.Sneaky;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop in virtual time for one test. Sleeping takes no real time; {@link #time} returns how long it would have taken. A test
 * passes a coroutine to {@link #run}, or moves time forward itself with {@link #advance} and {@link #runUntilIdle}.
 *
 * <p>{@link CoroutineTest} calls {@link #close} after the test. It fails if tasks are left that were neither awaited nor cancelled, if
 * coroutines or other awaitables were created but never awaited, or if failures were not caught. A failure that is still unretrieved at
 * the end of the test counts as not caught. Awaitables that were never awaited and failures that were not caught are passed to the
 * exception handler of the loop; a test that expects some can replace it with {@link EventLoop#setExceptionHandler}.
 *
 * <p>A run that takes longer than one minute of real time fails. The message says what virtual time was waiting for and shows the stack
 * of every task. The system property {@code heddle.testing.seconds} or {@link #timeLimit} sets a different limit.
 *
 * <p>Not thread-safe: one thread uses it.
 */
public final class TestLoop implements AutoCloseable {

    private static final String LIMIT_PROPERTY = "heddle.testing.seconds";
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** How long closing may take after a failed test, which may have failed because something never ends. */
    private static final Duration LIMIT_AFTER_FAILURE = Duration.ofSeconds(1);

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Map<String, Object>> reports = new ArrayList<>();
    private final Runner runner = new Runner(() -> loop);
    private Duration limit = Duration.ofSeconds(Long.getLong(LIMIT_PROPERTY, 60));

    /** Whether the test has failed. A failed test may leave anything behind. */
    private boolean failed;

    /** Creates a loop at time 0. */
    public TestLoop() {
        runner.loop().setExceptionHandler((source, context) -> reports.add(context));
        loop.setUnretrievedFailureDelay(
                Double.POSITIVE_INFINITY); // a test may retrieve a failure at any time before it ends
        loop.setReportUnawaited(true);
    }

    /**
     * Sets how long each run may take, in real time.
     *
     * @return this
     */
    public TestLoop timeLimit(Duration limit) {
        this.limit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * Lets time jump to the next timer once the loop has been idle for {@code idle} of real time, even if a call in an executor or an
     * external {@code CompletionStage} is outstanding. By default, virtual time then passes as fast as real time. See
     * {@link EventLoop#jumpAfterIdle}.
     *
     * @return this
     */
    public TestLoop jumpAfterIdle(Duration idle) {
        loop.jumpAfterIdle(idle);
        return this;
    }

    /** Returns the event loop. */
    public EventLoop loop() {
        return loop;
    }

    /** Returns the virtual time in seconds. It starts at 0. */
    public double time() {
        return loop.time();
    }

    /**
     * Runs {@code body} as a task until it ends, and returns its result. Tasks that are still pending then continue in the next run.
     * Throwables of the body, checked ones too, propagate as they are.
     *
     * @throws AssertionError if it takes too long
     */
    public <T extends @Nullable Object> T run(AsyncSupplier<T> body) {
        return limited(limit, () -> runner.run(run(Sneaky.unchecked(body::get))));
    }

    /** Calls {@code body} in the loop: the code before its first await needs a loop, too. */
    @Async
    private static <T extends @Nullable Object> Coroutine<T> run(Supplier<Coroutine<T>> body) {
        return Coroutine.of(await(body.get()));
    }

    /**
     * Runs the loop until nothing more can happen: nothing is ready, no timer is set, and neither a call in an executor nor an awaited
     * {@code CompletionStage} is outstanding. Afterwards, {@link #time} is the deadline of the last timer.
     *
     * @throws AssertionError if it takes too long
     */
    public void runUntilIdle() {
        idle(FOREVER);
    }

    /**
     * Runs everything that is ready until all tasks wait. No time passes, and calls in executors are not awaited.
     *
     * @throws AssertionError if it takes too long
     */
    public void runReady() {
        idle(Duration.ZERO);
    }

    /**
     * Moves time forward by {@code duration} and runs everything that is due until then, including its last moment.
     *
     * @throws AssertionError if it takes too long
     */
    public void advance(Duration duration) {
        long nanos = TimeUnit.NANOSECONDS.convert(duration); // saturates
        loop.callLater(nanos / 1e9, () -> {}); // time stops exactly there
        idle(duration);
    }

    private void idle(Duration duration) {
        limited(limit, () -> {
            loop.runUntilIdle(duration);
            return true;
        });
    }

    private <T> T limited(Duration most, Supplier<T> run) {
        boolean done = false;
        try (TimeLimit watching = new TimeLimit(loop, most)) {
            T result = watching.call(run);
            done = true;
            return result;
        } finally {
            failed |= !done;
        }
    }

    /**
     * Cancels the remaining tasks, awaits them and closes the loop. If the test has failed, this takes at most one second of real time;
     * tasks that have not ended by then are dropped. Idempotent.
     *
     * @throws AssertionError if tasks were left or coroutines were never awaited, unless the test has failed anyway, or if failures were
     *     reported to the exception handler
     */
    @Override
    public void close() {
        if (loop.isClosed()) {
            return;
        }
        String left = "";
        try {
            if (!failed) {
                runReady(); // let cancelled tasks end
                Set<Task<?>> tasks = Asyncio.allTasks(loop);
                left = tasks.isEmpty() ? "" : "tasks are left:\n" + TaskDump.of(tasks);
            }
        } finally {
            if (failed) {
                loop.setReportUnawaited(false); // the test may have been about to await them
            }
            boolean shorter = failed && limit.compareTo(LIMIT_AFTER_FAILURE) > 0;
            limited(shorter ? LIMIT_AFTER_FAILURE : limit, () -> {
                runner.close();
                return true;
            });
        }
        if (!left.isEmpty() || !reports.isEmpty()) {
            throw failure(left);
        }
    }

    /** Records that the test has failed, so that {@link #close} does not report remaining tasks. */
    void fail() {
        failed = true;
    }

    private AssertionError failure(String left) {
        StringBuilder text = new StringBuilder(left);
        for (Map<String, Object> report : reports) {
            text.append(text.length() == 0 ? "" : "\n");
            if (report.get("exception") instanceof Throwable exception) {
                text.append("nobody caught: ")
                        .append(report.get("message"))
                        .append(": ")
                        .append(exception);
            } else {
                text.append(report.get("message"));
            }
        }
        AssertionError error = new AssertionError(text.toString().stripTrailing());
        for (Map<String, Object> report : reports) {
            if (report.get("exception") instanceof Throwable exception) {
                error.addSuppressed(exception);
            }
        }
        return error;
    }
}
