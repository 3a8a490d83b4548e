package dev.heddle.threads;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link EventLoop#submit}, from the loop's own thread and from others. */
class SubmitIT {

    private static final int SECONDS = 30;

    private final EventLoop loop = EventLoop.create();
    private final List<String> events = new ArrayList<>();

    SubmitIT() {
        loop.setExceptionHandler((source, context) -> events.add("reported " + context.get("message")));
    }

    @AfterEach
    void nothingIsReported() {
        loop.close();
        assertTrue(events.stream().noneMatch(event -> event.startsWith("reported")), events::toString);
    }

    @Test
    void fromTheLoopItself() {
        loop.runUntilComplete(() -> {
            CompletableFuture<Integer> result = loop.submit(() -> {
                events.add("begins");
                await(sleep(0));
                return Coroutine.of(7);
            });
            events.add("submitted");
            events.add("result " + await(result));
            return Coroutine.done();
        });
        assertEquals(List.of("submitted", "begins", "result 7"), events);
    }

    @Test
    void beforeTheLoopRuns() throws Exception {
        CompletableFuture<EventLoop> result = loop.submit(() -> Coroutine.of(getRunningLoop()));
        loop.runUntilComplete(sleep(0));
        loop.runUntilComplete(sleep(0));
        assertSame(loop, result.get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void fromAnotherThread() throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread other = new Thread(() -> loop.submit(() -> {
                    await(sleep(0));
                    return Coroutine.of(Thread.currentThread().getName());
                })
                .whenComplete((name, failure) -> result.complete(name)));
        loop.runUntilComplete(() -> {
            other.start();
            await(result);
            return Coroutine.done();
        });
        assertEquals(Thread.currentThread().getName(), result.get(SECONDS, TimeUnit.SECONDS));
        other.join();
    }

    @Test
    void failuresAreThoseOfTheResult() {
        CompletableFuture<Void> ofBody = loop.submit(() -> {
            throw new IOException("of the coroutine");
        });
        CompletableFuture<Void> ofSupplier = loop.submit(SubmitIT::broken);
        loop.runUntilComplete(sleep(0));
        loop.runUntilComplete(sleep(0));
        assertEquals("of the coroutine", causeOf(ofBody).getMessage());
        assertEquals("of the supplier", causeOf(ofSupplier).getMessage());
    }

    private static Coroutine<Void> broken() throws IOException {
        throw new IOException("of the supplier");
    }

    private static Throwable causeOf(CompletableFuture<?> result) {
        return assertThrows(ExecutionException.class, () -> result.get(SECONDS, TimeUnit.SECONDS))
                .getCause();
    }

    @Test
    void cancellingTheResultCancelsTheTask() {
        loop.runUntilComplete(() -> {
            Future<Void> cancelled = loop.createFuture();
            CompletableFuture<Void> result = loop.submit(() -> {
                try {
                    await(sleep(SECONDS));
                } catch (CancelledError error) {
                    cancelled.setResult(null);
                    throw error;
                }
                return Coroutine.done();
            });
            await(sleep(0));
            await(sleep(0));
            result.cancel(true);
            await(cancelled);
            return Coroutine.done();
        });
        CompletableFuture<Void> neverBegun = loop.submit(() -> {
            events.add("runs");
            return Coroutine.done();
        });
        neverBegun.cancel(true);
        loop.runUntilComplete(sleep(0));
        assertEquals(List.of(), events);
    }

    @Test
    void closedLoopRefuses() {
        CompletableFuture<Void> submitted = loop.submit(Coroutine::done);
        loop.close();
        assertThrows(IllegalStateException.class, () -> loop.submit(Coroutine::done));
        assertTrue(causeOf(submitted) instanceof IllegalStateException, "what was submitted before fails");
    }

    @Test
    void cancelledBodyEndsCancelled() {
        CompletableFuture<Void> result = loop.submit(() -> {
            throw new CancelledError();
        });
        loop.runUntilComplete(sleep(0));
        loop.runUntilComplete(sleep(0));
        assertThrows(CancellationException.class, () -> result.get(SECONDS, TimeUnit.SECONDS));
        assertEquals(7, run(() -> Coroutine.of(7)));
    }
}
