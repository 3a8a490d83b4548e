package dev.heddle.leaks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A coroutine may await for ever: neither the heap nor the stack grows. */
@Tag("slow")
class EndlessLoopsIT {

    private static final int AWAITS = 5_000_000;

    /** Where measures are taken: when everything is loaded, half-way, and at the end. */
    private static final int EVERY = AWAITS / 10;

    /** The bytes that the virtual machine may allocate for itself meanwhile. A byte for each await would be ten times as much. */
    private static final long ELSEWHERE = 500_000;

    /** Measures at some turns of a loop. */
    private static final class Measures {

        private final TreeSet<Long> depths = new TreeSet<>();
        private long first;
        private long last;

        void turn(int number) {
            if (number % EVERY == EVERY - 1) {
                depths.add(Heap.depth());
                last = Heap.live();
                first = number == EVERY - 1 ? last : first;
            }
        }

        void assertConstant() {
            assertEquals(1, depths.size(), () -> "numbers of methods on the stack: " + depths);
            assertTrue(last - first < ELSEWHERE, () -> "live bytes: first " + first + ", last " + last);
        }
    }

    private interface Program {
        Coroutine<Void> with(Measures measures);
    }

    private static void check(Program program) {
        Measures measures = new Measures();
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(program.with(measures));
        }
        measures.assertConstant();
    }

    @Async
    private static Coroutine<Integer> completed() {
        return Coroutine.of(1);
    }

    @Async
    private static Coroutine<Long> sumOfCompleted(int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += await(completed());
        }
        return Coroutine.of(sum);
    }

    @Async
    private static Coroutine<Long> allocatedByCompleted() {
        await(sumOfCompleted(10));
        long before = Heap.allocated();
        await(sumOfCompleted(AWAITS));
        return Coroutine.of(Heap.allocated() - before);
    }

    @Test
    void completedAwaitsAllocateNothing() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            long allocated = loop.runUntilComplete(allocatedByCompleted());
            assertTrue(allocated < 10_000, () -> allocated + " bytes for " + AWAITS + " awaits");
        }
    }

    @Async
    private Coroutine<Void> overridable() {
        return Coroutine.done();
    }

    @Test
    void coroutinesThatDoNotSuspend() {
        check(measures -> {
            for (int i = 0; i < AWAITS; i++) {
                await(overridable());
                measures.turn(i);
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> yielding() {
        await(sleep(0));
        return Coroutine.done();
    }

    @Test
    void coroutinesThatSuspend() {
        check(measures -> {
            for (int i = 0; i < AWAITS; i++) {
                await(yielding());
                measures.turn(i);
            }
            return Coroutine.done();
        });
    }

    @Test
    void sleeps() {
        check(measures -> {
            for (int i = 0; i < AWAITS; i++) {
                await(sleep(1));
                measures.turn(i);
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> failing() {
        await(sleep(0));
        throw new IllegalStateException();
    }

    /** Far fewer, as each makes a stack trace. */
    @Test
    void failures() {
        check(measures -> {
            for (int i = 0; i < AWAITS; i += 500) {
                try {
                    await(failing());
                } catch (IllegalStateException failure) {
                    measures.turn(i + 499);
                }
            }
            return Coroutine.done();
        });
    }

    @Test
    void tasksAndFutures() {
        check(measures -> {
            for (int i = 0; i < AWAITS; i += 10) {
                Future<Integer> future = Heap.createFuture();
                future.addDoneCallback(done -> {});
                createTask(yielding());
                await(createTask(yielding()));
                future.setResult(i);
                await(future);
                measures.turn(i + 9);
            }
            return Coroutine.done();
        });
    }
}
