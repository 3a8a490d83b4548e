package dev.heddle;

import static dev.heddle.Asyncio.toThread;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Running a loop until it has nothing to do. */
@Timeout(20)
class IdleTest {

    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private void at(double when) {
        loop.callAt(when, () -> events.add(when));
    }

    @Test
    void runsWhatIsReadyAndWhatThatSchedules() {
        loop.callSoon(() -> loop.callSoon(() -> loop.callSoon(() -> events.add("third turn"))));
        at(0);
        at(0.1);
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(List.of(0.0, "third turn"), events);
        assertEquals(0, loop.time());
    }

    @Test
    void timePassesFromTimerToTimerUpToTheLimit() {
        at(1);
        loop.callAt(2, () -> at(3));
        at(3.5);
        loop.runUntilIdle(Duration.ofSeconds(3));
        assertEquals(List.of(1.0, 3.0), events);
        assertEquals(3, loop.time());
        loop.runUntilIdle(EVER);
        assertEquals(List.of(1.0, 3.0, 3.5), events);
        assertEquals(3.5, loop.time());
    }

    @Test
    void waitsForCallsElsewhereButNotInZeroTime() {
        loop.jumpAfterIdle(Duration.ofDays(1));
        CompletableFuture<String> gate = new CompletableFuture<>();
        Task<String> task = loop.createTask(script(x -> toThread(gate::join)));
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(false, task.isDone());
        gate.complete("through");
        loop.runUntilIdle(EVER);
        assertEquals("through", task.result());
        assertEquals(0, loop.time());
    }

    @Test
    void realLoopWaitsForItsTimersOnly() {
        try (EventLoop real = EventLoop.create()) {
            real.callLater(0.001, () -> events.add("timer"));
            real.callLater(3600, () -> events.add("in an hour"));
            real.runUntilIdle(Duration.ofMillis(2));
            assertEquals(List.of("timer"), events);
        }
    }

    @Test
    void stopEndsItEarlier() {
        loop.callAt(1, loop::stop);
        at(2);
        loop.runUntilIdle(EVER);
        assertEquals(List.of(), events);
        assertEquals(1, loop.time());
    }

    @Test
    void runsAsOtherRunsDo() {
        loop.callSoon(() -> {
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> loop.runUntilIdle(Duration.ZERO));
            events.add(refusal.getMessage().equals("This event loop is already running: " + loop));
        });
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(List.of(true), events);
    }
}
