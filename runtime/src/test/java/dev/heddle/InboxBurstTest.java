package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.coroutines.NativeFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Thousands of entries of other threads that arrive in one turn. */
class InboxBurstTest {

    private static final int BOUND = 256;
    private static final int BURST = 20 * BOUND;

    private final EventLoop loop = EventLoop.virtualTime();

    /** How many entries have run in each turn. */
    private final List<Integer> perTurn = new ArrayList<>(List.of(0));

    private final List<Integer> order = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    /** Begins a count in each turn, as the first that runs in it. */
    private void countTurns() {
        perTurn.add(0);
        if (order.size() < BURST + 3) {
            loop.callSoon(this::countTurns);
        }
    }

    private void entry(int number) {
        order.add(number);
        int turn = perTurn.size() - 1;
        perTurn.set(turn, perTurn.get(turn) + 1);
    }

    private static void onOtherThread(Runnable code) {
        Thread thread = new Thread(code);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private void burst(int first, int count) {
        onOtherThread(
                () -> IntStream.range(first, first + count).forEach(i -> loop.callSoonThreadsafe(() -> entry(i))));
    }

    @Test
    void turnTakesABoundedNumberInOrder() {
        loop.callSoon(this::countTurns);
        loop.callSoon(() -> burst(0, BURST));
        loop.callSoon(() -> burst(BURST, 3));
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(BOUND, perTurn.stream().mapToInt(ran -> ran).max().orElseThrow(), perTurn::toString);
        assertEquals(numbers(BURST + 3), order);
    }

    /** The entries of a burst are no obstacle for a timer that is due, nor for what is scheduled on the loop's thread. */
    @Test
    void timersAndTasksGoOnMeanwhile() {
        List<String> events = new ArrayList<>();
        loop.callSoon(() -> {
            burst(0, BURST);
            loop.callSoon(() -> events.add("next turn " + order.size()));
            loop.callLater(0, () -> events.add("timer " + order.size()));
            loop.callSoon(() -> loop.callSoon(() -> events.add("turn after " + order.size())));
        });
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(List.of("next turn 0", "timer 256", "turn after 256"), events);
        assertEquals(numbers(BURST), order);
    }

    /** Each way from another thread into the loop is in line with the others. */
    @Test
    void entriesOfAllKindsKeepTheOrderOfTheirThread() {
        List<Coroutine<Void>> coroutines = new ArrayList<>();
        Map<Coroutine<?>, Integer> numbers = new HashMap<>();
        loop.setTaskFactory(new TaskFactory() {
            @Override
            public <T> Task<T> newTask(EventLoop source, Coroutine<T> coroutine, TaskOptions options) {
                entry(Objects.requireNonNull(numbers.get(coroutine)) * 4 + 2);
                return Task.of(source, coroutine, options);
            }
        });
        List<CompletableFuture<Integer>> stages = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            stages.add(new CompletableFuture<>());
            coroutines.add(new Ended());
            numbers.put(coroutines.get(i), i);
        }
        loop.callSoon(() -> {
            List<Future<Integer>> futures =
                    stages.stream().map(stage -> ExternalFuture.of(stage, loop)).toList();
            onOtherThread(() -> {
                for (int i = 0; i < BURST; i++) {
                    int number = i;
                    loop.callSoonThreadsafe(() -> entry(4 * number));
                    loop.execute(() -> entry(4 * number + 1));
                    Asyncio.runCoroutineThreadsafe(coroutines.get(i), loop);
                    stages.get(i).complete(i);
                    loop.callSoonThreadsafe(() -> {
                        boolean inOrder = futures.get(number).isDone()
                                && (number + 1 == BURST
                                        || !futures.get(number + 1).isDone());
                        entry(inOrder ? 4 * number + 3 : -1);
                    });
                }
            });
        });
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(numbers(4 * BURST), order);
    }

    /** A coroutine that may run many times at once. */
    private static final class Ended extends NativeFrame<Void> {

        private static final Native ENTRY = new Native(InboxBurstTest.class, "ended");

        Ended() {
            super(ENTRY);
        }

        @Override
        protected Object start() {
            return null;
        }

        @Override
        protected Object resumed(int await) {
            throw new AssertionError("it awaits nothing");
        }
    }

    /** What was sent before the loop runs comes before what the thread that runs it schedules then, all of it. */
    @Test
    void whatWasSentBeforeTheRunComesBeforeTheRun() {
        burst(0, BURST);
        loop.callSoonThreadsafe(() -> entry(BURST)); // on this thread, which does not run the loop yet
        loop.callSoon(() -> entry(BURST + 1));
        burst(BURST + 2, BURST);
        loop.callSoon(loop::stop);
        loop.runForever();
        assertEquals(numbers(2 * BURST + 2), order);
    }

    @Test
    void closeDropsWhatIsLeft() {
        loop.callSoon(() -> burst(0, BURST));
        CompletableFuture<Void> lost = new CompletableFuture<>();
        loop.callSoon(() -> onOtherThread(() -> {
            CompletableFuture<Void> submitted = Asyncio.runCoroutineThreadsafe(new Ended(), loop);
            submitted.whenComplete((value, failure) -> lost.completeExceptionally(failure));
        }));
        loop.callSoon(() -> loop.callSoon(loop::stop));
        loop.runForever();
        assertEquals(BOUND, order.size());
        loop.close();
        assertTrue(lost.isCompletedExceptionally());
        assertEquals(BOUND, order.size());
    }
}
