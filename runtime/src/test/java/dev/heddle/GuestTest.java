package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that run on the thread of another loop: what they ask of it, and what they refuse. */
class GuestTest {

    /** A host that runs turns when the test says so, and records what it was asked for. */
    private static final class ManualHost implements Host {

        final ArrayDeque<Runnable> turns = new ArrayDeque<>();
        final List<Runnable> timers = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        boolean refuses;
        boolean refusesToCancel;

        @Override
        public void execute(Runnable turn) {
            if (refuses) {
                throw new IllegalStateException("the host is shut down");
            }
            asked.add("soon");
            turns.add(turn);
        }

        @Override
        public Runnable executeLater(long nanos, Runnable turn) {
            asked.add("later");
            timers.add(turn);
            return () -> {
                if (refusesToCancel) {
                    throw new IllegalStateException("the host is shut down");
                }
                asked.add("cancel");
                timers.remove(turn);
            };
        }

        void runAll() {
            while (!turns.isEmpty()) {
                turns.remove().run();
            }
        }

        void fire() {
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
        }

        List<String> takeAsked() {
            List<String> taken = List.copyOf(asked);
            asked.clear();
            return taken;
        }
    }

    private final ManualHost host = new ManualHost();
    private final EventLoop loop = EventLoop.guestOf(host);
    private final List<String> events = new ArrayList<>();

    private void afterFirstTurn() {
        loop.callSoon(() -> {});
        host.runAll();
        host.takeAsked();
    }

    private static Throwable onOtherThread(Runnable action) {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        action.run();
                        return null;
                    } catch (Throwable thrown) {
                        return thrown;
                    }
                })
                .join();
    }

    @Test
    void nothingIsAskedBeforeThereIsWork() {
        assertEquals(List.of(), host.asked);
        loop.callSoon(() -> events.add("first"));
        assertEquals(List.of("soon"), host.takeAsked());
        assertEquals(List.of(), events);
        host.runAll();
        assertEquals(List.of("first"), events);
        assertEquals(List.of(), host.takeAsked());
    }

    @Test
    void oneTurnIsAskedForHoweverMuchBecomesReady() {
        afterFirstTurn();
        loop.callSoon(() -> events.add("a"));
        loop.callSoon(() -> events.add("b"));
        loop.execute(() -> events.add("from outside"));
        assertEquals(List.of("soon"), host.takeAsked());
        host.runAll();
        assertEquals(List.of("a", "b", "from outside"), events);
        assertEquals(List.of(), host.takeAsked());
    }

    @Test
    void anotherThreadAsksOnce() {
        afterFirstTurn();
        assertNull(onOtherThread(() -> {
            loop.execute(() -> events.add("a"));
            loop.execute(() -> events.add("b"));
        }));
        assertEquals(List.of("soon"), host.takeAsked());
        host.runAll();
        assertEquals(List.of("a", "b"), events);
    }

    @Test
    void theOrderIsThatOfALoopOfItsOwn() {
        loop.callSoon(() -> {
            events.add("1");
            loop.callSoon(() -> events.add("4"));
        });
        loop.callSoon(() -> events.add("2"));
        loop.callSoon(() -> events.add("3"));
        host.runAll();
        assertEquals(List.of("1", "2", "3", "4"), events);
    }

    @Test
    void aCompletedFutureWakesTheGuest() {
        afterFirstTurn();
        Future<String> future = loop.createFuture();
        future.addDoneCallback(done -> events.add(done.result()));
        assertEquals(List.of(), host.takeAsked());
        future.setResult("done");
        assertEquals(List.of("soon"), host.takeAsked());
        host.runAll();
        assertEquals(List.of("done"), events);
    }

    @Test
    void manyCallbacksOfAFutureComeInTheirOrder() {
        afterFirstTurn();
        Future<String> future = loop.createFuture();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String name = "callback " + i;
            expected.add(name);
            future.addDoneCallback(done -> events.add(name));
        }
        future.setResult("done");
        host.runAll();
        assertEquals(expected, events);
    }

    @Test
    void theHostIsAskedForTheEarliestDeadlineOnly() {
        afterFirstTurn();
        loop.callLater(1000, () -> events.add("late"));
        assertEquals(List.of("later"), host.takeAsked());
        loop.callLater(2000, () -> events.add("later still"));
        assertEquals(List.of(), host.takeAsked());
        loop.callLater(500, () -> events.add("early"));
        assertEquals(List.of("cancel", "later"), host.takeAsked());
    }

    @Test
    void aTimerRunsWhenItIsDue() {
        afterFirstTurn();
        loop.callLater(-1, () -> events.add("due"));
        assertEquals(List.of("later"), host.takeAsked());
        host.fire();
        assertEquals(List.of("due"), events);
    }

    @Test
    void aTimerThatFiresTooEarlyIsAskedForAgain() {
        afterFirstTurn();
        loop.callLater(1000, () -> events.add("late"));
        host.takeAsked();
        host.fire();
        assertEquals(List.of(), events);
        assertEquals(List.of("later"), host.takeAsked());
    }

    @Test
    void aCancelledTimerCostsOneEmptyTurn() {
        afterFirstTurn();
        TimerHandle handle = loop.callLater(1000, () -> events.add("never"));
        handle.cancel();
        host.takeAsked();
        host.fire();
        assertEquals(List.of(), host.takeAsked());
        assertEquals(List.of(), events);
    }

    @Test
    void aTurnIsBoundedAndGoesOnWhereItStopped() {
        List<Integer> order = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            expected.add(i);
            loop.callSoon(() -> {
                order.add(number);
                long end = System.nanoTime() + 100_000;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            });
        }
        host.turns.remove().run();
        assertTrue(order.size() < 200, "the whole batch ran in one turn");
        assertEquals(List.of("soon", "soon"), host.takeAsked());
        host.runAll();
        assertEquals(expected, order);
    }

    @Test
    void turnsInsideTurnsRunNothing() {
        loop.callSoon(() -> {
            events.add("outer begins");
            loop.callSoon(() -> events.add("inner"));
            loop.execute(() -> events.add("inner from outside"));
            host.runAll();
            events.add("outer ends");
        });
        host.runAll();
        assertEquals(List.of("outer begins", "outer ends", "inner", "inner from outside"), events);
    }

    @Test
    void aGuestRunsInsideAnotherLoop() {
        EventLoop outer = EventLoop.create();
        EventLoop inner = EventLoop.guestOf(new Host() {

            @Override
            public void execute(Runnable turn) {
                outer.callSoonThreadsafe(turn);
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                TimerHandle handle = outer.callLater(nanos / 1e9, turn);
                return handle::cancel;
            }
        });
        outer.callSoon(() -> inner.callLater(0.001, () -> {
            events.add(Asyncio.getRunningLoop() == inner ? "inner runs" : "wrong loop");
            outer.callSoon(() -> {
                events.add(Asyncio.getRunningLoop() == outer ? "outer runs" : "wrong loop");
                outer.stop();
            });
        }));
        outer.runForever();
        assertEquals(List.of("inner runs", "outer runs"), events);
        outer.callSoon(inner::close);
        outer.callSoon(outer::stop);
        outer.runForever();
        outer.close();
        assertTrue(inner.isClosed());
    }

    @Test
    void runningAGuestIsRefused() {
        for (Runnable run : List.<Runnable>of(
                loop::runForever,
                () -> loop.runUntilComplete(loop.createFuture()),
                () -> loop.runUntilIdle(java.time.Duration.ZERO),
                loop::stop)) {
            IllegalStateException refused = assertThrows(IllegalStateException.class, run::run);
            assertTrue(String.valueOf(refused.getMessage()).contains("its host runs it"), refused::toString);
        }
    }

    @Test
    void otherThreadsAreRefused() {
        afterFirstTurn();
        for (Runnable use : List.<Runnable>of(
                () -> loop.callSoon(() -> {}),
                () -> loop.callLater(1, () -> {}),
                loop::close,
                () -> loop.createFuture().setResult(null))) {
            Throwable refused = onOtherThread(use);
            assertTrue(
                    refused instanceof IllegalStateException
                            && String.valueOf(refused.getMessage()).contains("runs on another thread"),
                    () -> String.valueOf(refused));
        }
        assertFalse(loop.isClosed());
    }

    @Test
    void anotherThreadMayStartTheGuest() {
        assertNull(onOtherThread(() -> loop.callSoon(() -> events.add("ran"))));
        host.runAll();
        assertEquals(List.of("ran"), events);
    }

    @Test
    void closingInATurnIsRefusedAndOutsideItIsNot() {
        loop.callSoon(() -> events.add(assertThrows(IllegalStateException.class, loop::close)
                .getMessage()
                .substring(0, 20)));
        host.runAll();
        assertEquals(List.of("Cannot close a runni"), events);
        loop.callLater(1000, () -> {});
        host.takeAsked();
        loop.close();
        assertEquals(List.of("cancel"), host.takeAsked());
        assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {}));
    }

    @Test
    void aHostThatRefusesIsReported() {
        List<Object> reports = new ArrayList<>();
        loop.setExceptionHandler((source, report) -> reports.add(report.get("message")));
        loop.callSoon(() -> {
            host.refuses = true;
            loop.callLater(0, () -> {});
            loop.callSoon(() -> loop.callSoon(() -> {
                long end = System.nanoTime() + 1_000_000;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                loop.callSoon(() -> events.add("never"));
            }));
        });
        host.runAll();
        assertEquals(List.of("The host of " + loop + " refuses to run it; 0 tasks are left"), reports);
        assertEquals(List.of(), events);
    }

    @Test
    void aSenderLearnsThatTheHostRefuses() {
        afterFirstTurn();
        host.refuses = true;
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> loop.callSoonThreadsafe(() -> events.add("never")));
        assertEquals("the host of this loop refuses to run it", refused.getMessage());
    }

    private static void assertRefused(Runnable use) {
        IllegalStateException refused = assertThrows(IllegalStateException.class, use::run);
        assertEquals("the host of this loop refuses to run it", refused.getMessage());
    }

    private void refusedAtTheEndOfATurn() {
        loop.callSoon(() -> {
            host.refuses = true;
            long end = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            loop.callSoon(() -> events.add("never"));
        });
        host.runAll();
    }

    private void refusedOutsideATurn() {
        afterFirstTurn();
        host.refuses = true;
        assertEquals(
                "the host is shut down",
                assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> events.add("never")))
                        .getMessage());
    }

    private void refusedBeforeTheFirstTurn() {
        host.refuses = true;
        assertRefused(() -> loop.callSoon(() -> events.add("never")));
    }

    private void refusedToAnotherThread() {
        afterFirstTurn();
        host.refuses = true;
        assertNotNull(onOtherThread(() -> loop.execute(() -> events.add("never"))));
    }

    /** Whoever schedules something after a refusal learns that nothing runs, even if the host would take turns again. */
    @ParameterizedTest
    @ValueSource(strings = {"at the end of a turn", "outside a turn", "before the first turn", "to another thread"})
    void nothingIsTakenAfterARefusal(String when) {
        loop.setExceptionHandler(
                (source, report) -> events.add(report.get("message").toString()));
        switch (when) {
            case "at the end of a turn" -> {
                refusedAtTheEndOfATurn();
                assertEquals(List.of("The host of " + loop + " refuses to run it; 0 tasks are left"), events);
                events.clear();
            }
            case "outside a turn" -> refusedOutsideATurn();
            case "before the first turn" -> refusedBeforeTheFirstTurn();
            default -> refusedToAnotherThread();
        }
        for (boolean refuses : new boolean[] {true, false}) {
            host.refuses = refuses;
            assertRefused(() -> loop.callSoonThreadsafe(() -> events.add("never")));
            assertNotNull(onOtherThread(() -> loop.callSoonThreadsafe(() -> events.add("never"))));
            if (!when.equals("at the end of a turn")) { // whose steps are still there
                assertRefused(() -> loop.callSoon(() -> events.add("never")));
            }
            assertRefused(() -> loop.callLater(1, () -> events.add("never")));
        }
        host.takeAsked();
        host.runAll();
        host.fire();
        assertEquals(List.of(), host.takeAsked());
        loop.close();
        assertEquals(List.of(), events);
    }

    /** The host may be shut down before its guests. */
    @Test
    void anyThreadClosesAGuestWhoseHostHasEnded() {
        Thread ended = new Thread(() -> {
            afterFirstTurn();
            loop.callLater(1000, () -> {});
        });
        ended.start();
        assertDoesNotThrow(() -> ended.join());
        host.refusesToCancel = true;
        loop.close();
        assertTrue(loop.isClosed());
    }

    /** What is kept with a loop is closed, whatever fails before. */
    @Test
    void everythingIsClosedAlthoughSomethingFails() {
        record First(List<String> closed) implements AutoCloseable {
            @Override
            public void close() throws IOException {
                closed.add("first");
                throw new IOException("test");
            }
        }
        record Second(List<String> closed) implements AutoCloseable {
            @Override
            public void close() throws IOException {
                closed.add("second");
                throw new IOException("test");
            }
        }
        loop.core.keep(First.class, new First(events));
        loop.core.keep(Second.class, new Second(events));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        loop.setDefaultExecutor(executor);
        IllegalStateException failed = assertThrows(IllegalStateException.class, loop::close);
        assertEquals(Set.of("first", "second"), Set.copyOf(events));
        assertEquals(1, failed.getSuppressed().length);
        assertTrue(executor.isShutdown());
    }

    @Test
    void aHostMustNotRunATurnAtOnce() {
        EventLoop atOnce = EventLoop.guestOf(new Host() {

            @Override
            public void execute(Runnable turn) {
                turn.run();
            }

            @Override
            public Runnable executeLater(long nanos, Runnable turn) {
                return () -> {};
            }
        });
        atOnce.callSoon(() -> events.add("a"));
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> atOnce.callSoon(() -> {}));
        assertTrue(String.valueOf(refused.getMessage()).contains("must run it later"), refused::toString);
    }

    @Test
    void failuresOfCallbacksAreReported() {
        List<Map<String, Object>> reports = new ArrayList<>();
        loop.setExceptionHandler((source, report) -> reports.add(report));
        loop.callSoon(() -> {
            throw new IllegalArgumentException("broken");
        });
        loop.callSoon(() -> events.add("next"));
        host.runAll();
        assertEquals(1, reports.size());
        assertEquals(List.of("next"), events);
    }
}
