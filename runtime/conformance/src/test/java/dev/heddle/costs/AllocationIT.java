package dev.heddle.costs;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimerHandle;
import dev.heddle.sync.Queue;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How many bytes each operation allocates, exactly: on a 64-bit JVM with compressed references, where a task is 56 bytes, the smallest
 * frame 32, a future 24. Change a number here only after measuring the cost in time and in live heap.
 */
class AllocationIT {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int COUNT = 1_000;
    private static final Integer ITEM = 7;

    private static final int TASK = 56;
    private static final int FRAME = 32;
    private static final int FUTURE = 24;
    private static final int TIMER_HANDLE = 40;

    /** A slot in an array of references. */
    private static final int REFERENCE = 4;

    /** Expects that {@code body} allocates {@code bytes} for each of {@code COUNT} repetitions, once all is loaded and linked. */
    private static void check(int bytes, AsyncSupplier<Void> body) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals(bytes, loop.runUntilComplete(measure(body)) / COUNT);
        }
    }

    @Async
    private static Coroutine<Long> measure(AsyncSupplier<Void> body) throws Exception {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            await(body.get());
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return Coroutine.of(least);
    }

    @Async
    private static Coroutine<Void> ready() {
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> yielding() {
        await(sleep(0));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> sleeping() {
        await(sleep(1));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> awaiting(Future<Void> future) {
        await(future);
        return Coroutine.done();
    }

    @Test
    void call() throws Exception {
        check(0, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(ready());
            }
            return Coroutine.done();
        });
    }

    @Test
    void turn() throws Exception {
        check(0, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(sleep(0));
            }
            return Coroutine.done();
        });
    }

    @Test
    void callThatSuspends() throws Exception {
        check(FRAME, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(yielding());
            }
            return Coroutine.done();
        });
    }

    /** It watches only the objects that it has created itself. */
    @Test
    void callThatSuspendsBesideALoopInDebugMode() throws Exception {
        try (EventLoop other = EventLoop.virtualTime()) {
            other.setDebug(true);
            callThatSuspends();
        }
    }

    @Test
    void task() throws Exception {
        check(TASK + FRAME, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(createTask(ready()));
            }
            return Coroutine.done();
        });
    }

    @Test
    void taskThatSuspends() throws Exception {
        check(TASK + FRAME, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(createTask(yielding()));
            }
            return Coroutine.done();
        });
    }

    /** The timer is the task; only its end is an object. */
    @Test
    void taskThatSleeps() throws Exception {
        check(TASK + FRAME, () -> {
            for (int i = 0; i < COUNT; i++) {
                await(createTask(sleeping()));
            }
            return Coroutine.done();
        });
    }

    @Test
    void future() throws Exception {
        check(TASK + FRAME + FUTURE, () -> {
            for (int i = 0; i < COUNT; i++) {
                Future<Void> future = getRunningLoop().createFuture();
                Task<Void> task = createTask(awaiting(future));
                await(sleep(0));
                future.setResult(null);
                await(task);
            }
            return Coroutine.done();
        });
    }

    @Test
    void timeout() throws Exception {
        check(TIMER_HANDLE, () -> {
            for (int i = 0; i < COUNT; i++) {
                TimerHandle timer = getRunningLoop().callLater(1, AllocationIT::nothing);
                timer.cancel();
            }
            return Coroutine.done();
        });
    }

    private static void nothing() {}

    /** The arguments, their copy, the children and the results are arrays. */
    @Test
    void gatheredChild() throws Exception {
        check(TASK + FRAME + 4 * REFERENCE, () -> {
            List<Coroutine<Void>> children = new ArrayList<>(COUNT);
            for (int i = 0; i < COUNT; i++) {
                children.add(yielding());
            }
            await(gather(children));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> echo(Queue<Integer> in, Queue<Integer> out) {
        for (int i = 0; i < COUNT / 2; i++) {
            await(out.put(await(in.get())));
        }
        return Coroutine.done();
    }

    /** Each element is waited for, in a frame that the queue has. */
    @Test
    void queueThatIsWaitedFor() throws Exception {
        Queue<Integer> there = Queue.fifo(1);
        Queue<Integer> back = Queue.fifo(1);
        check(0, () -> {
            Task<Void> echo = createTask(echo(there, back));
            for (int i = 0; i < COUNT / 2; i++) {
                await(there.put(ITEM));
                assertEquals(ITEM, await(back.get()));
            }
            await(echo);
            return Coroutine.done();
        });
    }
}
