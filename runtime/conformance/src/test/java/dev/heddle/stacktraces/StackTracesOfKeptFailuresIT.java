package dev.heddle.stacktraces;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.workers.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One failure that is awaited again and again has the trace each time of who awaits it then, and no more: that of a kept stage, one without a
 * trace of its own, and one of the library's.
 */
class StackTracesOfKeptFailuresIT {

    private static final int TIMES = 20;

    /** A failure that makes no trace, for speed. */
    private static final class Quiet extends RuntimeException {

        private static final long serialVersionUID = 1;

        Quiet() {
            super("quiet");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    /** How a kept failure is awaited. */
    enum Kept {
        FAILED_STAGE,
        DERIVED_STAGE,
        VIEW_OF_STAGE,
        LATE_STAGE,
        FUTURE,
        TASK
    }

    /** Returns a supplier of the objects that keep {@code failure}. */
    private static Supplier<Object> keeping(Kept kept, RuntimeException failure) {
        CompletableFuture<Void> stage = CompletableFuture.failedFuture(failure);
        return switch (kept) {
            case FAILED_STAGE -> () -> stage;
            case DERIVED_STAGE -> () -> stage.thenApply(unused -> null);
            case VIEW_OF_STAGE -> stage::minimalCompletionStage;
            case LATE_STAGE ->
                () -> {
                    CompletableFuture<Void> late = new CompletableFuture<>();
                    getRunningLoop().callSoon(() -> late.completeExceptionally(failure));
                    return late;
                };
            case FUTURE -> {
                Future<Void> future = getRunningLoop().createFuture();
                future.setException(failure);
                yield () -> future;
            }
            case TASK -> {
                Future<Void> task = createTask(throwing(failure));
                yield () -> task;
            }
        };
    }

    @Async
    private static Coroutine<Void> throwing(RuntimeException failure) {
        throw failure;
    }

    @Async
    private static Coroutine<Void> request(Object kept) {
        if (kept instanceof CompletionStage<?> stage) {
            await(stage);
        } else {
            await((Awaitable<?>) kept);
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> requestOfAnother(double pause, Object kept) {
        await(sleep(pause));
        await(request(kept));
        return Coroutine.done();
    }

    /** The methods of this class in the traces of one failure, each of which is different, one after the other. */
    @Async
    private static Coroutine<List<List<String>>> requests(Supplier<Object> kept) {
        List<List<String>> traces = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            try {
                await(request(kept.get()));
            } catch (RuntimeException failure) {
                traces.add(methods(failure));
            }
            try {
                await(requestOfAnother(i % 2 * 0.001, kept.get()));
            } catch (RuntimeException failure) {
                traces.add(methods(failure));
            }
            try {
                await(createTask(request(kept.get())));
            } catch (RuntimeException failure) {
                traces.add(methods(failure));
            }
        }
        return Coroutine.of(traces);
    }

    private static List<String> methods(Throwable failure) {
        return Stream.of(failure.getStackTrace())
                .filter(element -> element.getClassName().equals(StackTracesOfKeptFailuresIT.class.getName()))
                .map(StackTraceElement::getMethodName)
                .filter(name -> name.contains("request"))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void eachTimeAsLongAsTheFirst(Kept kept) {
        RuntimeException outside = new IllegalStateException("kept");
        outside.setStackTrace(new StackTraceElement[] {new StackTraceElement("Outside", "raise", null, 1)});
        for (RuntimeException failure : List.of(outside, new Quiet())) {
            List<List<String>> traces = run(made(kept, failure));
            assertEquals(3 * TIMES, traces.size());
            for (int i = 0; i < traces.size(); i += 3) {
                String name = kept + " " + failure.getMessage() + " " + i;
                assertEquals(List.of("request", "requests"), traces.get(i), name);
                assertEquals(List.of("request", "requestOfAnother", "requests"), traces.get(i + 1), name);
                assertEquals(List.of("request", "requests"), traces.get(i + 2), name);
            }
        }
    }

    @Async
    private static Coroutine<List<List<String>>> made(Kept kept, RuntimeException failure) {
        Supplier<Object> supplier = keeping(kept, failure);
        await(sleep(0));
        return requests(supplier);
    }

    @Test
    void aFailureThatNobodyMayWriteOnStaysAsItIs() {
        RuntimeException bare = new RuntimeException("bare", null, false, false) {};
        for (Kept kept : Kept.values()) {
            List<List<String>> traces = run(made(kept, bare));
            assertEquals(3 * TIMES, traces.size());
            assertTrue(traces.stream().allMatch(List::isEmpty));
        }
    }

    /** The failures of a queue's methods if it is closed before the call, and while the method waits. */
    @Test
    void failuresOfQueuesComeFromTheMethodThatWasCalled() {
        for (boolean waits : new boolean[] {false, true}) {
            Map<String, Supplier<Coroutine<?>>> calls = Map.of(
                    "dev.heddle.sync.Queue.get",
                            () -> closing(Queue.fifo(0), waits).get(),
                    "dev.heddle.sync.Queue.put", () -> closing(full(), waits).put(1),
                    "dev.heddle.workers.SharedQueue.get",
                            () -> closing(SharedQueue.bounded(1), waits).get(),
                    "dev.heddle.workers.SharedQueue.put",
                            () -> closing(fullShared(), waits).put(1));
            calls.forEach((method, call) -> {
                for (double pause : new double[] {0, 0.01}) {
                    StackTraceElement[] trace = run(failing(pause, call));
                    String name = method + (waits ? " waits" : "") + " " + List.of(trace);
                    assertEquals(method, trace[0].getClassName() + "." + trace[0].getMethodName(), name);
                    assertEquals("failing", trace[1].getMethodName(), name);
                    StackTracesOfCaughtFailuresIT.assertFewOfTheLibrary(trace, name);
                }
            });
        }
    }

    @Async
    private static Coroutine<StackTraceElement[]> failing(double pause, Supplier<Coroutine<?>> call) {
        await(sleep(pause));
        try {
            await(call.get());
            throw new AssertionError("not closed");
        } catch (QueueShutDownException failure) {
            return Coroutine.of(failure.getStackTrace());
        }
    }

    private static Queue<Integer> closing(Queue<Integer> queue, boolean later) {
        getRunningLoop().callLater(0, () -> queue.shutdown(false));
        if (!later) {
            queue.shutdown(false);
        }
        return queue;
    }

    private static SharedQueue<Integer> closing(SharedQueue<Integer> queue, boolean later) {
        getRunningLoop().callLater(0, queue::close);
        if (!later) {
            queue.close();
        }
        return queue;
    }

    private static Queue<Integer> full() {
        Queue<Integer> queue = Queue.fifo(1);
        queue.putNow(0);
        return queue;
    }

    private static SharedQueue<Integer> fullShared() {
        SharedQueue<Integer> queue = SharedQueue.bounded(1);
        queue.tryPut(0);
        return queue;
    }
}
