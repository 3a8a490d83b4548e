package dev.heddle.testing;

import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import dev.heddle.Runner;
import dev.heddle.Task;
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
 * A loop for one test, in virtual time: sleeping takes no time, and {@link #time} says how long it would have taken. The test is a coroutine,
 * which {@link #run} runs, or moves time on itself, with {@link #advance} and {@link #runUntilIdle}.
 *
 * <p>{@link #close}, which {@link CoroutineTest} calls after the test, fails if tasks are left that nobody has awaited or cancelled, if
 * coroutines or other objects to await were made that nobody has awaited, or if there were failures that nobody caught. A failure that nobody has
 * looked at is one of them at the end of the test. The last two go to {@link EventLoop#setExceptionHandler}, which a test may set itself if it
 * expects some.
 *
 * <p>A run that takes longer than a minute of real time fails. The message says what virtual time waited for and where every task stands. The system property
 * {@code heddle.testing.seconds} or {@link #timeLimit} sets another limit.
 *
 * <p>Used by one thread.
 */
public final class TestLoop implements AutoCloseable {

    private static final String LIMIT_PROPERTY = "heddle.testing.seconds";
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** How long closing may take after the test has failed, which may have been because something never ends. */
    private static final Duration LIMIT_AFTER_FAILURE = Duration.ofSeconds(1);

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Map<String, Object>> reports = new ArrayList<>();
    private final Runner runner = new Runner(() -> loop);
    private Duration limit = Duration.ofSeconds(Long.getLong(LIMIT_PROPERTY, 60));

    /** Whether the test has failed, and so may have left anything. */
    private boolean failed;

    /** A loop at time 0. */
    public TestLoop() {
        runner.loop().setExceptionHandler((source, context) -> reports.add(context));
        loop.setUnretrievedFailureDelay(Double.POSITIVE_INFINITY); // a test may look at any time before its end
        loop.setReportUnawaited(true);
    }

    /**
     * Sets how long each run may take in real time.
     *
     * @return this
     */
    public TestLoop timeLimit(Duration limit) {
        this.limit = Objects.requireNonNull(limit, "limit");
        return this;
    }

    /**
     * Lets time jump to the next timer once the loop has been idle for {@code idle} of real time, although a call in an executor or a
     * {@code CompletionStage} of somebody else is outstanding. Without this call, time passes as fast as real time then. See
     * {@link EventLoop#jumpAfterIdle}.
     *
     * @return this
     */
    public TestLoop jumpAfterIdle(Duration idle) {
        loop.jumpAfterIdle(idle);
        return this;
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /** The virtual time in seconds, 0 at first. */
    public double time() {
        return loop.time();
    }

    /**
     * Runs {@code body} as a task to its end and returns its result. Other tasks wait for the next run then.
     *
     * @throws AssertionError if it takes too long; any other throwable if the body throws it, checked ones too
     */
    public <T extends @Nullable Object> T run(AsyncSupplier<T> body) {
        return limited(limit, () -> runner.run(new TestBody<>(body)));
    }

    /**
     * Runs everything that can happen: until nothing is ready, no timer is set, and no call in an executor and no awaited
     * {@code CompletionStage} is outstanding. The time is that of the last timer then.
     *
     * @throws AssertionError if it takes too long
     */
    public void runUntilIdle() {
        idle(FOREVER);
    }

    /**
     * Runs what is ready, until everything waits for something; no time passes, and calls in executors are not waited for.
     *
     * @throws AssertionError if it takes too long
     */
    public void runReady() {
        idle(Duration.ZERO);
    }

    /**
     * Lets {@code duration} pass, with everything that happens in it, to its last moment.
     *
     * @throws AssertionError if it takes too long
     */
    public void advance(Duration duration) {
        long nanos = TimeUnit.NANOSECONDS.convert(duration); // as many as there can be, if they are more
        loop.callLater(nanos / 1e9, () -> {}); // the time comes to stand there
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
     * Cancels the tasks that are left, awaits them and closes the loop. If the test has failed, that takes a second of real time at most, and
     * what has not ended then is dropped. Closing again does nothing.
     *
     * @throws AssertionError if tasks were left or coroutines were not awaited, unless the test has failed anyway, or if failures went to the
     *     exception handler
     */
    @Override
    public void close() {
        if (loop.isClosed()) {
            return;
        }
        String left = "";
        try {
            if (!failed) {
                runReady(); // a task that has been cancelled may end
                Set<Task<?>> tasks = Asyncio.allTasks(loop);
                left = tasks.isEmpty() ? "" : "tasks are left:\n" + TaskDump.of(tasks);
            }
        } finally {
            if (failed) {
                loop.setReportUnawaited(false); // it may have been about to await them
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

    /** Says that the test has failed, so that {@link #close} does not complain of tasks that were left. */
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
