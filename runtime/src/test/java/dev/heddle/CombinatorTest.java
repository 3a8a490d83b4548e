package dev.heddle;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.eagerTaskFactory;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.gatherSettled;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** gather, wait, waitFor and shield: which outcome wins, and whom a cancellation reaches. */
class CombinatorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final EventLoop loop = EventLoop.virtualTime();
    private final Future<Integer> a = loop.createFuture();
    private final Future<Integer> b = loop.createFuture();
    private final List<Object> events = new ArrayList<>();
    private final List<Object> reports = new ArrayList<>();

    @BeforeEach
    void listen() {
        loop.setExceptionHandler((source, context) -> reports.add(context.get("message")));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void turn() {
        loop.stop();
        loop.runForever();
    }

    private Coroutine<Object> work(double seconds, Object result) {
        return script(x -> sleep(seconds)).then(x -> result);
    }

    // gather

    @Test
    void gatherGivesResultsInTheOrderOfTheArguments() {
        Future<List<Integer>> both = gather(a, b);
        b.setResult(2);
        a.setResult(1);
        assertEquals(List.of(1, 2), loop.runUntilComplete(both));
        assertEquals(List.of("x", "y"), loop.runUntilComplete(script(x -> gather(work(2, "x"), work(1, "y")))));
        assertEquals(2, loop.time());
    }

    @Test
    void gatherTakesNullsDuplicatesAndSleeps() {
        a.setResult(null);
        assertEquals(
                Arrays.asList(null, "slept", null),
                loop.runUntilComplete(script(x -> Asyncio.<Object>gather(List.of(a, sleep(1, "slept"), a)))));
        Coroutine<Object> once = script(x -> events.add("ran"));
        loop.runUntilComplete(script(x -> gather(List.of(once, once))));
        assertEquals(List.of("ran"), events);
    }

    @Test
    void gatherFailsWithTheFirstFailureAndLetsTheOthersRun() {
        IOException failure = new IOException("first");
        Future<List<Integer>> both = gather(a, b);
        b.setException(failure);
        assertSame(failure, assertThrows(IOException.class, () -> loop.runUntilComplete(both)));
        assertFalse(a.isDone());
        assertFalse(both.cancel(), "done, so nobody is cancelled");
        a.setException(new IOException("second, looked at by nobody but gather"));
        turn();
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Test
    void gatherTakesACancelledChildAsAFailure() {
        Future<List<Integer>> both = gather(a, b);
        a.cancel("gone");
        turn();
        assertTrue(both.isDone());
        assertFalse(both.isCancelled());
        assertEquals(
                "gone", assertInstanceOf(CancelledError.class, both.exception()).getMessage());
    }

    @Test
    void cancellingGatherCancelsTheChildrenAndEndsWithThem() {
        Future<List<Integer>> both = gather(a, b);
        assertTrue(both.cancel("stop"));
        assertFalse(both.isDone());
        assertTrue(a.isCancelled() && b.isCancelled());
        turn();
        assertInstanceOf(CancelledError.class, both.exception());
    }

    @Test
    void cancelledGatherFailsEvenIfTheChildrenSwallowIt() {
        Task<Object> stubborn = loop.createTask(script(x -> sleep(100)).handle(cancelled -> "stubborn"));
        Future<List<Future<Object>>> settled = gatherSettled(stubborn);
        turn();
        assertTrue(settled.cancel());
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(settled));
        assertEquals("stubborn", stubborn.result());
    }

    @Test
    void gatherSettledGivesEveryFutureDone() {
        Future<List<Future<Integer>>> settled = gatherSettled(a, b);
        a.setException(new IOException("collected"));
        b.cancel();
        assertEquals(List.of(a, b), loop.runUntilComplete(settled));
        assertTrue(a.isDone() && b.isCancelled());
        loop.close();
        assertEquals(List.of(), reports);
    }

    @Test
    void gatherRefusesFuturesOfSeveralLoops() {
        try (EventLoop other = EventLoop.create()) {
            Future<Integer> foreign = other.createFuture();
            assertEquals(
                    "The future belongs to a different loop than the one specified: " + foreign + " of " + other
                            + ", not of " + loop,
                    assertThrows(IllegalArgumentException.class, () -> gather(a, foreign))
                            .getMessage());
        }
    }

    // wait

    private Waited<Future<Integer>> waited(Coroutine<Waited<Future<Integer>>> wait) {
        return loop.runUntilComplete(wait);
    }

    @Test
    void waitGivesDoneAndPending() {
        loop.callLater(1, () -> a.setResult(1));
        loop.callLater(2, () -> b.setException(new IOException()));
        assertEquals(
                new Waited<>(Set.of(a), Set.of(b)), waited(Asyncio.wait(List.of(a, b), ReturnWhen.FIRST_COMPLETED)));
        assertEquals(1, loop.time());
        assertEquals(new Waited<>(Set.of(a, b), Set.of()), waited(Asyncio.wait(List.of(a, b))));
        assertEquals(2, loop.time());
    }

    @Test
    void waitForTheFirstFailureIgnoresCancellations() {
        loop.callLater(1, () -> a.cancel());
        Future<Integer> c = loop.createFuture();
        loop.callLater(2, () -> b.setException(new IOException()));
        assertEquals(
                new Waited<>(Set.of(a, b), Set.of(c)),
                waited(Asyncio.wait(List.of(a, b, c), ReturnWhen.FIRST_EXCEPTION)));
        assertEquals(2, loop.time());
    }

    @Test
    void waitEndsAtTheTimeoutAndCancelsNobody() {
        loop.callLater(5, () -> a.setResult(1));
        assertEquals(
                new Waited<>(Set.of(), Set.of(a, b)),
                waited(Asyncio.wait(List.of(a, b), SECOND, ReturnWhen.ALL_COMPLETED)));
        assertEquals(1, loop.time());
        assertFalse(a.isDone() || b.isDone());
        assertEquals("<Future pending>", a.toString(), "nobody waits any more");
    }

    @Test
    void cancelledWaitCancelsNobody() {
        Task<Waited<Future<Integer>>> task = loop.createTask(Asyncio.wait(List.of(a, b)));
        turn();
        task.cancel();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertFalse(a.isDone() || b.isDone());
        assertEquals("<Future pending>", b.toString());
    }

    @Test
    void waitRefusesNothing() {
        assertEquals(
                "Set of Tasks/Futures is empty.",
                assertThrows(IllegalArgumentException.class, () -> waited(Asyncio.wait(List.of())))
                        .getMessage());
    }

    // waitFor

    @Test
    void waitForGivesTheResultInTime() {
        assertEquals("in time", loop.runUntilComplete(waitFor(work(0.5, "in time"), SECOND)));
        assertEquals("no limit", loop.runUntilComplete(waitFor(work(50, "no limit"), null)));
        assertTrue(loop.timers.isEmpty());
    }

    @Test
    void waitForRunsInTheAwaitingTask() {
        Task<Object> task = loop.createTask(script(x -> waitFor(script(y -> List.of(currentTask())), SECOND)));
        assertEquals(List.of(task), loop.runUntilComplete(task));
    }

    @Test
    void waitForCancelsWhatIsLate() {
        Task<Object> late = loop.createTask(work(100, "late"));
        TimeoutException timeout = assertThrows(
                TimeoutException.class, () -> loop.runUntilComplete(waitFor(late, Duration.ofMillis(1500))));
        assertEquals("no result within 1.5 s", timeout.getMessage());
        assertInstanceOf(CancelledError.class, timeout.getCause());
        assertTrue(late.isCancelled());
        assertEquals(1.5, loop.time());
    }

    /** Otherwise a queue would use one put for all items, because each ends before the next one is created. */
    @Test
    void coroutinesOfALazyCollectionAreAllMadeBeforeOneBegins() {
        List<Integer> items = List.of(1, 2);
        AbstractCollection<Coroutine<Object>> lazy = new AbstractCollection<>() {
            @Override
            public Iterator<Coroutine<Object>> iterator() {
                return items.stream().map(this::coroutine).iterator();
            }

            private Coroutine<Object> coroutine(int item) {
                events.add("made " + item);
                return script(x -> events.add("begun " + item));
            }

            @Override
            public int size() {
                return items.size();
            }
        };
        loop.setTaskFactory(eagerTaskFactory());
        loop.runUntilComplete(script(x -> gather(lazy)));
        assertEquals(List.of("made 1", "made 2", "begun 1", "begun 2"), events);
        events.clear();
        loop.runUntilComplete(script(x -> asCompleted(lazy).iterator().next()));
        assertEquals(List.of("made 1", "made 2", "begun 1", "begun 2"), events);
    }

    @Test
    void messageOfATimeoutHasTheVeryLimitInRealTimeToo() {
        try (EventLoop real = EventLoop.create()) {
            Future<Object> never = real.createFuture();
            TimeoutException timeout = assertThrows(
                    TimeoutException.class, () -> real.runUntilComplete(waitFor(never, Duration.ofMillis(5))));
            assertEquals("no result within 0.005 s", timeout.getMessage());
        }
    }

    @Test
    void waitForTakesTheResultOfOneThatSwallowsTheCancellation() {
        Coroutine<Object> stubborn = script(x -> sleep(100)).handle(cancelled -> "stubborn");
        Task<Object> task = loop.createTask(script(x -> waitFor(stubborn, SECOND)));
        assertEquals("stubborn", loop.runUntilComplete(task));
        assertEquals(0, task.cancelling());
    }

    @Test
    void waitForKeepsACancellationFromOutside() {
        Task<Object> task = loop.createTask(waitFor(work(100, "late"), SECOND));
        loop.callAt(1, () -> {}); // so that both happen in one turn, the timeout second
        turn();
        loop.callAt(1, () -> task.cancel("outside"));
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(task));
        assertTrue(task.isCancelled());
        assertEquals(1, task.cancelling());
    }

    @Test
    void waitForInNoTimeNeverStartsACoroutine() {
        Coroutine<Object> coroutine = script(x -> events.add("ran"));
        assertEquals(
                "no result within 0 s",
                assertThrows(TimeoutException.class, () -> loop.runUntilComplete(waitFor(coroutine, Duration.ZERO)))
                        .getMessage());
        assertEquals(List.of(), events);
        a.setResult(7);
        assertEquals(7, loop.runUntilComplete(waitFor(a, Duration.ZERO)));
        assertThrows(TimeoutException.class, () -> loop.runUntilComplete(waitFor(b, Duration.ofSeconds(-1))));
        assertTrue(b.isCancelled());
    }

    // shield

    @Test
    void shieldGivesTheOutcome() {
        Future<Integer> shielded = shield(a);
        a.setResult(7);
        assertEquals(7, loop.runUntilComplete(shielded));
        assertSame(a, shield(a));
        Future<Integer> failing = shield(b);
        b.setException(new IOException("gone"));
        assertThrows(IOException.class, () -> loop.runUntilComplete(failing));
    }

    @Test
    void shieldKeepsACancellationFromTheInside() {
        Task<Object> inner = loop.createTask(work(1, "finished"));
        Task<Object> outer = loop.createTask(script(x -> shield(inner)));
        turn();
        outer.cancel();
        assertThrows(CancelledError.class, () -> loop.runUntilComplete(outer));
        assertEquals("finished", loop.runUntilComplete(inner));
    }

    @Test
    void shieldPassesACancellationOfTheInside() {
        Future<Integer> shielded = shield(a);
        a.cancel();
        turn();
        assertTrue(shielded.isCancelled());
    }
}
