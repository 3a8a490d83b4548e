package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order in which a loop runs things, and the rules of its life. Each test writes what happens into {@code events}. */
class EventLoopTest {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    /** Runs one turn. */
    private void turn() {
        loop.stop();
        loop.runForever();
    }

    @Test
    void runsFirstWhatWasFirstScheduled() {
        loop.callSoon(() -> events.add(1));
        loop.callSoon(() -> events.add(2));
        loop.callSoon(() -> events.add(3));
        turn();
        assertEquals(List.of(1, 2, 3), events);
    }

    @Test
    void runsWhatACallbackSchedulesInTheNextTurn() {
        loop.callSoon(() -> loop.callSoon(() -> events.add("later")));
        loop.callSoon(() -> events.add("now"));
        turn();
        assertEquals(List.of("now"), events);
        turn();
        assertEquals(List.of("now", "later"), events);
    }

    @Test
    void stopFinishesTheTurnAndKeepsWhatItScheduled() {
        loop.callSoon(() -> {
            loop.stop();
            loop.callSoon(() -> events.add("next run"));
        });
        loop.callSoon(() -> events.add("same turn"));
        loop.runForever();
        assertEquals(List.of("same turn"), events);
        turn();
        assertEquals(List.of("same turn", "next run"), events);
    }

    @Test
    void skipsCancelledCallbacks() {
        Handle cancelled = loop.callSoon(() -> events.add("cancelled"));
        loop.callSoon(() -> events.add("kept"));
        cancelled.cancel();
        turn();
        assertEquals(List.of("kept"), events);
        assertTrue(cancelled.isCancelled());
        assertEquals("<Handle cancelled>", cancelled.toString());
    }

    @Test
    void runsTimersWithTheSameDeadlineInOrder() {
        for (int i = 0; i < 12; i++) {
            int number = i;
            loop.callAt(1, () -> events.add(number));
        }
        loop.callAt(1, loop::stop);
        loop.runForever();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), events);
    }

    @Test
    void runsTimersAfterWhatWasReady() {
        loop.callLater(0, () -> events.add("timer"));
        loop.callSoon(() -> events.add("ready"));
        turn();
        assertEquals(List.of("ready", "timer"), events);
    }

    @Test
    void jumpsToTheNextTimerWhenNothingIsReady() {
        loop.callLater(1.5, () -> events.add(loop.time()));
        TimerHandle cancelled = loop.callLater(1e6, () -> events.add("cancelled"));
        loop.callLater(86_400, () -> events.add(loop.time()));
        loop.callLater(86_400, loop::stop);
        cancelled.cancel();
        loop.runForever();
        assertEquals(List.of(1.5, 86_400.0), events);
        assertEquals(1e6, cancelled.when());
        assertTrue(cancelled.isCancelled());
    }

    @Test
    void keepsTheOrderOfWhatWasSentBeforeItRan() {
        loop.callSoon(() -> events.add(1));
        loop.callSoonThreadsafe(() -> events.add(2));
        loop.callSoon(() -> events.add(3));
        turn();
        assertEquals(List.of(1, 2, 3), events);
    }

    @Test
    void reportsWhatACallbackThrowsAndGoesOn() {
        RuntimeException failure = new IllegalArgumentException("broken");
        Runnable callback = () -> {
            throw failure;
        };
        loop.setExceptionHandler((source, context) -> {
            assertSame(loop, source);
            events.add(context);
        });
        Handle handle = loop.callSoon(callback);
        loop.callSoon(() -> events.add("went on"));
        turn();
        Map<String, Object> context = Map.of(
                "message", "Exception in callback " + callback, "exception", failure, "handle", handle, "loop", loop);
        assertEquals(List.of(context, "went on"), events);
    }

    @Test
    void survivesAnExceptionHandlerThatThrows() {
        loop.setExceptionHandler((source, context) -> {
            events.add("handler");
            throw new IllegalStateException("the handler is broken");
        });
        try (LogCapture log = new LogCapture()) {
            loop.callExceptionHandler(Map.of("message", "test"));
            assertEquals(
                    List.of("SEVERE Unhandled error in exception handler\ncontext: {message=test}"
                            + " java.lang.IllegalStateException: the handler is broken"),
                    log.lines());
        }
        assertEquals(List.of("handler"), events);
    }

    @Test
    void logsWithoutAnExceptionHandler() {
        try (LogCapture log = new LogCapture()) {
            loop.callSoon(() -> {
                throw new IllegalArgumentException("broken");
            });
            turn();
            assertEquals(1, log.lines().size());
            String line = log.lines().get(0);
            assertTrue(line.startsWith("SEVERE Exception in callback dev.heddle.EventLoopTest"), line);
            assertTrue(line.endsWith(" java.lang.IllegalArgumentException: broken"), line);
        }
    }

    @Test
    void errorOfTheVirtualMachineLeavesTheLoopAndKeepsTheRest() {
        loop.callSoon(() -> {
            throw new InternalError("test");
        });
        loop.callSoon(() -> events.add("kept"));
        assertThrows(InternalError.class, loop::runForever);
        assertFalse(loop.isRunning());
        turn();
        assertEquals(List.of("kept"), events);
    }

    @Test
    void saysWhatIsWrongWhenItCannotRun() {
        EventLoop other = EventLoop.create();
        loop.callSoon(() -> {
            events.add(message(loop::runForever));
            events.add(message(other::runForever));
            events.add(message(loop::close));
        });
        String self = loop.toString().replace("idle", "running");
        turn();
        other.close();
        events.add(message(other::runForever));
        events.add(message(() -> other.callSoon(() -> {})));
        events.add(message(() -> other.callLater(1, () -> {})));
        String closed = "Event loop is closed: " + other;
        assertEquals(
                List.of(
                        "This event loop is already running: " + self,
                        "Cannot run the event loop while another loop is running: " + self,
                        "Cannot close a running event loop: " + self,
                        closed,
                        closed,
                        closed),
                events);
        assertEquals(
                closed,
                assertThrows(RejectedExecutionException.class, () -> other.execute(() -> {}))
                        .getMessage());
    }

    private static String message(org.junit.jupiter.api.function.Executable executable) {
        return String.valueOf(
                assertThrows(IllegalStateException.class, executable).getMessage());
    }

    @Test
    void refusesACoroutineForGoodWhenItIsClosed() {
        loop.close();
        Coroutine<Integer> coroutine = Script.script(nothing -> events.add("ran"));
        assertEquals("Event loop is closed: " + loop, message(() -> loop.createTask(coroutine)));
        assertFalse(coroutine.discard(), "given up before");
        loop.close();
        assertTrue(loop.isClosed());
    }

    @Test
    void cancellingAfterItIsClosedIsHarmless() {
        TimerHandle timer = loop.callLater(1, () -> {});
        Task<Object> sleeping = loop.createTask(Script.script(nothing -> Asyncio.sleep(1)));
        Handle handle = loop.callSoon(() -> {});
        turn();
        try (LogCapture log = new LogCapture()) {
            loop.close();
            assertEquals(1, log.lines().size(), "the task that was left");
        }
        timer.cancel();
        handle.cancel();
        assertTrue(sleeping.cancel());
        assertFalse(sleeping.isDone());
    }

    @Test
    void runUntilCompleteGivesTheResultOrTheFailure() {
        Future<Integer> future = loop.createFuture();
        loop.callLater(3, () -> future.setResult(7));
        assertEquals(7, loop.runUntilComplete(future));
        assertEquals(7, loop.runUntilComplete(future));
        Exception checked = new java.io.IOException("checked");
        Future<Integer> failing = loop.createFuture();
        failing.setException(checked);
        assertSame(checked, assertThrows(java.io.IOException.class, () -> loop.runUntilComplete(failing)));
    }

    @Test
    void runUntilCompleteSaysThatTheLoopWasStopped() {
        loop.callSoon(loop::stop);
        assertEquals(
                "Event loop stopped before Future completed.",
                message(() -> loop.runUntilComplete(loop.createFuture())));
    }

    @Test
    void virtualTimeSaysWhatWaitsForEver() {
        Future<Integer> future = loop.createFuture();
        Task<Object> stuck = loop.createTask(Script.script(nothing -> future), "stuck");
        loop.createTask(Script.script(nothing -> stuck), "other");
        String place = " at dev.heddle.Asyncio.script(Asyncio.java)";
        assertEquals(
                "deadlock in " + loop.toString().replace("idle", "running")
                        + ": nothing is ready, no timer runs and no other thread is expected to answer; waiting tasks: stuck"
                        + place + ", other" + place,
                message(() -> loop.runUntilComplete(stuck)));
        stuck.cancel();
        loop.runUntilIdle(Duration.ZERO);
    }

    @Test
    void debugModeRunsTheSameTurns() {
        loop.setDebug(true);
        loop.setSlowCallbackDuration(0.25);
        assertEquals(0.25, loop.getSlowCallbackDuration());
        loop.callSoon(() -> loop.callSoon(() -> events.add("later")));
        loop.callSoon(() -> events.add("now"));
        turn();
        assertEquals(List.of("now"), events);
        turn();
        assertEquals(List.of("now", "later"), events);
    }

    @Test
    void debugModeWarnsOfSlowCallbacks() {
        loop.setDebug(true);
        loop.setSlowCallbackDuration(0);
        Handle handle = loop.callSoon(() -> {});
        try (LogCapture log = new LogCapture()) {
            turn();
            assertEquals(List.of("WARNING Executing " + handle + " took 0.000 seconds"), log.lines());
        }
    }

    @Test
    void debugModeIsOnFromTheBeginningWhereThePropertySaysSo() {
        assertFalse(loop.getDebug());
        System.setProperty("heddle.debug", "true");
        try (EventLoop debugged = EventLoop.create()) {
            assertTrue(debugged.getDebug());
        } finally {
            System.clearProperty("heddle.debug");
        }
    }

    /** asyncio keeps cancelled timers until there are more than a hundred, and more than half of all. */
    @Test
    void cancelledTimersLeaveTheHeapAtOnce() {
        List<TimerHandle> handles = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            handles.add(loop.callLater(i, () -> {}));
        }
        handles.forEach(TimerHandle::cancel);
        assertTrue(loop.timers.isEmpty());
    }

    @Test
    void aRunThatAFailureEndedDoesNotStopTheNext() {
        Future<String> first = loop.createFuture();
        loop.callSoon(() -> {
            first.setResult("done");
            throw new InternalError("test");
        });
        assertThrows(InternalError.class, () -> loop.runUntilComplete(first));
        Future<String> second = loop.createFuture();
        loop.callLater(1, () -> second.setResult("done, too"));
        assertEquals("done, too", loop.runUntilComplete(second));
    }

    @Test
    void handlesTellTheirState() {
        Handle soon = loop.callSoon(() -> {});
        TimerHandle timer = loop.callAt(2.5, () -> {});
        assertFalse(soon.isCancelled());
        assertTrue(soon.toString().startsWith("<Handle dev.heddle.EventLoopTest"), soon.toString());
        assertTrue(timer.toString().startsWith("<TimerHandle when=2.5 dev.heddle.EventLoopTest"), timer.toString());
        assertEquals(2.5, timer.when());
        soon.cancel();
        soon.cancel();
        timer.cancel();
        timer.cancel();
        assertTrue(soon.isCancelled() && timer.isCancelled());
        assertEquals("<Handle cancelled>", soon.toString());
        assertEquals("<TimerHandle when=2.5 cancelled>", timer.toString());
        assertSame(soon.context(), soon.context());
        assertSame(timer.context(), timer.context());
    }

    @Test
    @Timeout(20)
    void whatWasDueLongBeforeTheOriginOfTheClockRunsNow() {
        try (EventLoop real = EventLoop.create()) {
            real.callLater(Double.NEGATIVE_INFINITY, () -> events.add("later"));
            real.callAt(Double.NEGATIVE_INFINITY, () -> events.add("at"));
            real.callLater(-1e15, real::stop);
            real.runForever();
            assertEquals(List.of("at", "later"), events);
        }
    }

    @Test
    void refusesTimesThatAreNone() {
        assertEquals(
                "not a time: NaN",
                assertThrows(IllegalArgumentException.class, () -> loop.callLater(Double.NaN, () -> {}))
                        .getMessage());
    }
}
