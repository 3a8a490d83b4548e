package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.getEventLoop;
import static dev.heddle.Asyncio.setEventLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A failure that crosses awaits has the stack trace that plain calls would give it: class, method and line, each once.
 */
class StackTracesIT {

    /** Runs a coroutine that fails, with a trace through {@code methods}, the innermost first. */
    static Throwable fails(Callable<Coroutine<Void>> coroutine, String... methods) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            setEventLoop(loop);
            Throwable failure = assertThrows(Throwable.class, () -> loop.runUntilComplete(coroutine.call()));
            assertEquals(Traced.plainFrames(methods), Traced.frames(failure), failure::toString);
            return failure;
        } finally {
            setEventLoop(null);
        }
    }

    @Test
    void firstRun() {
        fails(() -> Traced.outermost(Traced.calling(-1)), "failing", "calling", "outermost");
    }

    @Test
    void resumed() {
        fails(() -> Traced.outermost(Traced.calling(1)), "failing", "calling", "outermost");
    }

    @Test
    void resumedAtSeveralLevels() {
        fails(() -> Traced.outermost(Traced.callingLater(1)), "failing", "calling", "callingLater", "outermost");
        fails(() -> Traced.outermost(Traced.callingLater(-1)), "failing", "calling", "callingLater", "outermost");
    }

    @Test
    void recursion() {
        String[] methods = new String[22];
        Arrays.fill(methods, "recursive");
        methods[0] = "failing";
        fails(() -> Traced.recursive(20), methods);
    }

    @Test
    void throughATask() {
        fails(() -> Traced.outermost(Traced.throughTask(1)), "failing", "calling", "throughTask", "outermost");
    }

    @Test
    void throughGather() {
        fails(() -> Traced.outermost(Traced.throughGather()), "failing", "calling", "throughGather", "outermost");
    }

    @Test
    void throughWaitFor() {
        fails(() -> Traced.outermost(Traced.throughWaitFor()), "failing", "calling", "throughWaitFor", "outermost");
    }

    @Test
    void rethrownAfterAwaitsInTheHandlers() {
        fails(() -> Traced.outermost(Traced.rethrowing()), "failing", "calling", "rethrowing", "outermost");
    }

    @Test
    void inALoop() {
        fails(() -> Traced.outermost(Traced.looping()), "failing", "calling", "looping", "outermost");
    }

    @Test
    void inALambda() {
        fails(() -> Traced.outermost(Traced.lambda().get()), "failing", "calling", "lambda", "outermost");
    }

    @Test
    void inAnInnerClass() {
        fails(() -> Traced.inner().method(Traced.lambda()), "failing", "calling", "lambda", "method");
    }

    @Test
    void stageThatFailsOnAnotherThread() {
        fails(
                () -> {
                    CompletableFuture<Void> stage = new CompletableFuture<>();
                    RuntimeException failure = new IllegalArgumentException("on another thread");
                    Runnable fail = () -> stage.completeExceptionally(failure);
                    getEventLoop().callSoon(() -> getEventLoop().callSoon(() -> new Thread(fail).start()));
                    return Traced.outermost(Traced.throughStage(stage));
                },
                "throughStage",
                "outermost");
    }

    @Test
    void wrappedFailureKeepsItsOwnTrace() {
        Throwable failure = fails(() -> Traced.outermost(Traced.wrapping()), "wrapping", "outermost");
        assertEquals(
                Traced.plainFrames("failing", "calling", "wrapping.call", "outermost"),
                Traced.frames(failure.getCause()));
    }

    @Test
    void failureWithoutAWritableTraceStaysAsItIs() {
        RuntimeException bare = new RuntimeException("bare", null, false, false) {};
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertSame(bare, assertThrows(RuntimeException.class, () -> loop.runUntilComplete(Traced.throwing(bare))));
            assertEquals(0, bare.getStackTrace().length);
        }
    }

    @Test
    void cancellationTellsWhereTheTaskStood() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Void> task = loop.createTask(Traced.waitingDeep(2, sleep(1000)));
            loop.callLater(1, () -> task.cancel("stop"));
            CancelledError error = assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
            assertEquals("stop", error.getMessage());
            assertEquals(
                    Traced.plainFrames("waiting", "waitingDeep", "waitingDeep", "waitingDeep"), Traced.frames(error));
        }
    }

    @Test
    void traceOfAFailureThrownAThousandTimesDoesNotGrow() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            List<Integer> lengths =
                    loop.runUntilComplete(Traced.throwingAgain(new IllegalStateException("again"), 1000));
            assertEquals(1000, lengths.size());
            assertEquals(lengths.get(1), lengths.get(999));
        }
    }

    @Test
    void stackOfASuspendedTask() throws IOException {
        for (int depth : new int[] {0, 1, 50}) {
            try (EventLoop loop = EventLoop.virtualTime()) {
                Task<Void> task = loop.createTask(Traced.waitingDeep(depth, sleep(1000)));
                assertEquals(List.of(), task.stack());
                loop.stop();
                loop.runForever();
                String[] methods = new String[depth + 2];
                Arrays.fill(methods, "waitingDeep");
                methods[0] = "waiting";
                assertEquals(Traced.plainFrames(methods), Traced.frames(task.stack()));
                StringBuilder text = new StringBuilder();
                task.printStack(text);
                String frames = task.stack().stream()
                        .map(element -> "\tat " + element + System.lineSeparator())
                        .collect(Collectors.joining());
                assertEquals("Stack of " + task + System.lineSeparator() + frames, text.toString());
                task.cancel();
                loop.runUntilIdle(Duration.ZERO);
            }
        }
    }

    @Test
    void stackOfAFailedTaskIsTheTraceOfItsFailure() throws IOException {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Void> task = loop.createTask(Traced.calling(1));
            IOException failure = assertThrows(IOException.class, () -> loop.runUntilComplete(task));
            assertEquals(List.of(failure.getStackTrace()), task.stack());
        }
    }

    @Test
    void stackOfADoneTaskIsEmpty() throws IOException {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Void> task = loop.createTask(Traced.waiting(sleep(1)));
            loop.runUntilComplete(task);
            assertEquals(List.of(), task.stack());
            StringBuilder text = new StringBuilder();
            task.printStack(text);
            assertEquals("No stack for " + task + System.lineSeparator(), text.toString());
        }
    }
}
