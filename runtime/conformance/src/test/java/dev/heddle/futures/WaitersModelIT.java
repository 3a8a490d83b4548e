package dev.heddle.futures;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.cpython.Coroutines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pending future against a model, which is the list of those that wait for it: three parties of any three kinds join and leave in every order
 * of five steps, then the future ends. Each that has stayed sees the outcome once, in the order in which they joined.
 */
class WaitersModelIT {

    private static final int PARTIES = 3;
    private static final int STEPS = 5;

    /** More than it takes to begin, to leave, and to see an outcome. */
    private static final int TURNS = 5;

    /** How a future ends, by the way it is shown. */
    private static final List<String> ENDS = List.of("result", "IllegalArgumentException: failure", "CancelledError");

    /** One that waits or has waited. */
    private static final class Waiter {

        final WaiterKind kind;
        final String name;
        Runnable leave = () -> {};
        boolean left;

        Waiter(WaiterKind kind, String name) {
            this.kind = kind;
            this.name = name;
        }
    }

    /** What the parties do: in each step the next of {@code order} leaves if it waits and can leave, and joins otherwise. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Story(WaiterKind[] kinds, int[] order, boolean settling, String end) {

        @Override
        public String toString() {
            return Arrays.toString(kinds) + " in the order " + Arrays.toString(order)
                    + (settling ? ", each step in turns of its own, then " : ", in one turn, then ") + end;
        }
    }

    private final List<String> seen = new ArrayList<>();
    private int stories;

    @Test
    void whoHasStayedSeesTheOutcomeInOrder() {
        tellEvery(7);
    }

    @Test
    @Tag("slow")
    void whoHasStayedSeesTheOutcomeInOrderInEveryStory() {
        tellEvery(1);
    }

    /** Runs every {@code stride}th story. */
    private void tellEvery(int stride) {
        WaiterKind[] kinds = WaiterKind.values();
        for (WaiterKind first : kinds) {
            try (EventLoop loop = EventLoop.virtualTime()) {
                loop.setExceptionHandler((l, context) -> {}); // a failure behind a shield that was left
                for (int second = first.ordinal(); second < kinds.length; second++) {
                    for (int third = second; third < kinds.length; third++) {
                        loop.runUntilComplete(tellAll(new WaiterKind[] {first, kinds[second], kinds[third]}, stride));
                    }
                }
            }
        }
        int triples = kinds.length * (kinds.length + 1) * (kinds.length + 2) / 6;
        assertEquals(triples * (int) Math.pow(PARTIES, STEPS), stories);
    }

    @Async
    private Coroutine<Void> tellAll(WaiterKind[] kinds, int stride) {
        int orders = (int) Math.pow(PARTIES, STEPS);
        for (int number = 0; number < orders; number++) {
            int[] order = new int[STEPS];
            for (int step = 0, rest = number; step < STEPS; step++, rest /= PARTIES) {
                order[step] = rest % PARTIES;
            }
            if (stories++ % stride != 0) {
                continue;
            }
            Story story = new Story(kinds, order, stories % 2 == 0, ENDS.get(stories % ENDS.size()));
            try {
                await(tell(story));
            } catch (Exception | AssertionError failure) {
                fail(story.toString(), failure);
            }
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> tell(Story story) {
        Future<String> future = Coroutines.createFuture();
        Waiter[] present = new Waiter[PARTIES];
        List<Waiter> joined = new ArrayList<>();
        seen.clear();
        for (int step = 0; step < STEPS; step++) {
            int party = story.order[step];
            Waiter waiter = present[party];
            if (waiter != null && !waiter.left && waiter.kind.leaves) {
                waiter.left = true;
                waiter.leave.run();
            } else {
                present[party] = join(new Waiter(story.kinds[party], story.kinds[party] + " of step " + step), future);
                joined.add(present[party]);
            }
            if (story.settling) {
                await(turns());
            }
        }
        await(turns());
        assertEquals(List.of(), seen, "seen before the future is done");
        end(future, story.end);
        await(turns());
        assertEquals(expected(joined, story), seen);
        return Coroutine.done();
    }

    private Waiter join(Waiter waiter, Future<String> future) {
        waiter.leave = waiter.kind.join(future, outcome -> {
            if (!waiter.left) {
                seen.add(waiter.name + ": " + outcome);
            }
        });
        return waiter;
    }

    @Async
    private static Coroutine<Void> turns() {
        for (int turn = 0; turn < TURNS; turn++) {
            await(sleep(0));
        }
        return Coroutine.done();
    }

    private static void end(Future<String> future, String how) {
        switch (ENDS.indexOf(how)) {
            case 0 -> future.setResult(how);
            case 1 -> future.setException(new IllegalArgumentException("failure"));
            default -> future.cancel();
        }
        try {
            future.exception(); // so that a failure nobody waits for is not reported
        } catch (CancelledError cancelled) {
            // which is never reported
        }
    }

    /** Those in whose step all began in one turn wait in the order in which their tasks were made, after those that wait at once. */
    private static List<String> expected(List<Waiter> joined, Story story) {
        Stream<Waiter> waiting = joined.stream().filter(waiter -> !waiter.left);
        if (!story.settling) {
            waiting = waiting.sorted(Comparator.comparing(waiter -> !waiter.kind.atOnce));
        }
        return waiting.sorted(Comparator.comparing(waiter -> waiter.kind.turns))
                .map(waiter -> waiter.name + ": " + story.end)
                .toList();
    }
}
