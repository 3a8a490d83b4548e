package dev.heddle;

import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The default executor of a loop. */
@Timeout(20)
class ExecutorTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    /** Holds a call up. */
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        loop.close();
    }

    private static ExecutorService named(String name) {
        return Executors.newSingleThreadExecutor(runnable -> new Thread(runnable, name));
    }

    private String pass() throws InterruptedException {
        gate.await();
        return "passed";
    }

    @Test
    void defaultIsAVirtualThreadWhereTheJdkHasThem() {
        String thread =
                loop.runUntilComplete(toThread(() -> Thread.currentThread().toString()));
        boolean virtual = Runtime.version().feature() >= 21;
        assertEquals(virtual, thread.startsWith("VirtualThread"), thread);
    }

    @Test
    void anotherCanBeSet() {
        ExecutorService service = named("mine");
        loop.setDefaultExecutor(service);
        assertEquals(
                "mine",
                loop.runUntilComplete(toThread(() -> Thread.currentThread().getName())));
        assertFalse(service.isShutdown());
        loop.close();
        assertTrue(service.isShutdown());
        assertThrows(IllegalStateException.class, () -> loop.setDefaultExecutor(service));
    }

    @Test
    void cancellingDropsACallThatIsStillQueued() {
        loop.setDefaultExecutor(named("one"));
        loop.runUntilComplete(script(x -> {
            Task<?> first = createTask(script(y -> toThread(this::pass)));
            Task<?> second = createTask(script(y -> toThread(() -> events.add("called"))));
            return script(y -> sleep(0))
                    .then(y -> sleep(0))
                    .then(y -> {
                        second.cancel();
                        return script(z -> second);
                    })
                    .handle(cancelled -> {
                        events.add(cancelled.getClass());
                        gate.countDown();
                        return first;
                    })
                    .then(events::add)
                    .then(y -> toThread(() -> events.add("the next call")));
        }));
        assertEquals(List.of(CancelledError.class, "passed", "the next call"), events);
    }

    @Test
    void shutdownWaitsForTheCallsThatWereMade() {
        loop.runUntilComplete(script(x -> {
            Future<String> call = getRunningLoop().runInExecutor(null, this::pass);
            call.addDoneCallback(done -> events.add(done.result()));
            getRunningLoop().callLater(0, gate::countDown);
            return getRunningLoop().shutdownDefaultExecutor(null);
        }));
        assertEquals(List.of("passed"), events);
        assertEquals(
                "Executor shutdown has been called: " + loop,
                assertThrows(IllegalStateException.class, () -> loop.runInExecutor(null, () -> 1))
                        .getMessage());
    }

    @Test
    void shutdownOfAnExecutorThatWasNeverUsedRefusesCallsToo() {
        loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofSeconds(1)));
        assertThrows(IllegalStateException.class, () -> loop.runInExecutor(null, () -> 1));
    }

    @Test
    void shutdownEndsAtItsLimitWithAWarning() {
        try (LogCapture log = new LogCapture()) {
            Future<String> call = loop.runInExecutor(null, this::pass);
            loop.runUntilComplete(loop.shutdownDefaultExecutor(Duration.ofMillis(1)));
            assertEquals(
                    List.of("WARNING calls in the default executor of "
                            + loop.toString().replace("idle", "running")
                            + " did not end within 0.001 s"),
                    log.lines());
            gate.countDown();
            assertEquals("passed", loop.runUntilComplete(call));
        }
    }
}
