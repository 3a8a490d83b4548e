package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Failures that keep no trace, or return a different one, reach the awaiting methods unchanged. */
class StackTracesOfUnusualFailuresIT {

    /** Not writable, as is usual for failures that are thrown often. */
    private static final class Bare extends RuntimeException {

        private static final long serialVersionUID = 1;

        Bare(Throwable cause) {
            super("bare", cause, false, false);
        }
    }

    /** Keeps the trace it was made with. */
    private static final class Stubborn extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public void setStackTrace(StackTraceElement[] trace) {}
    }

    /** A failure that behaves like a mock. */
    private static final class Mocked extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("ReturnsNullCollection")
        public StackTraceElement[] getStackTrace() {
            return null;
        }
    }

    /** Counts how often its trace is asked for. */
    private static final class Counted extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient AtomicInteger looks;

        Counted(AtomicInteger looks, Throwable cause) {
            super("counted", cause);
            this.looks = looks;
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            looks.incrementAndGet();
            return super.getStackTrace();
        }
    }

    @Async
    private static Coroutine<Void> wrapping(int depth, AtomicInteger looks) {
        if (depth == 0) {
            await(sleep(1));
            throw new Counted(looks, null);
        }
        try {
            await(wrapping(depth - 1, looks));
        } catch (Counted failure) {
            throw new Counted(looks, failure);
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> failing(Supplier<RuntimeException> failure) {
        await(sleep(1));
        throw failure.get();
    }

    @Async
    private static Coroutine<Void> calling(Supplier<RuntimeException> failure) {
        await(failing(failure));
        return Coroutine.done();
    }

    private static RuntimeException failureOf(Supplier<RuntimeException> failure) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            return assertThrows(RuntimeException.class, () -> loop.runUntilComplete(calling(failure)));
        }
    }

    @Test
    void aCauseBelowFailuresWithoutATraceHasThoseWhoAwait() {
        RuntimeException failure = failureOf(() -> new Bare(new Bare(new IllegalStateException("root"))));
        Stream<String> methods = Stream.of(failure.getCause().getCause().getStackTrace())
                .map(StackTraceElement::getMethodName)
                .filter(method -> method.equals("failing") || method.equals("calling"));
        assertEquals("[failing, calling]", methods.toList().toString());
    }

    @Test
    void aCircleOfCausesThatKeepTheirTraces() {
        RuntimeException first = new Stubborn();
        Supplier<RuntimeException> circle = () -> {
            RuntimeException outer = new Stubborn();
            RuntimeException inner = new Stubborn();
            outer.initCause(inner);
            inner.initCause(outer);
            first.initCause(outer);
            return first;
        };
        assertSame(first, assertTimeoutPreemptively(Duration.ofSeconds(20), () -> failureOf(circle)));
    }

    @Test
    void aTraceThatIsNull() {
        RuntimeException mocked = new Mocked();
        assertSame(mocked, failureOf(() -> mocked));
    }

    /** Most of the traces are cut off, so that they do not show whether they are complete. */
    @Test
    void eachOfManyCausesIsLookedAtAFewTimes() {
        int depth = 3000;
        AtomicInteger looks = new AtomicInteger();
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertThrows(Counted.class, () -> loop.runUntilComplete(wrapping(depth, looks)));
        }
        assertTrue(looks.get() <= 3 * depth, looks + " looks at the traces of " + depth);
    }
}
