package dev.heddle.sync;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.cpython.Loops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A task that waits in a line: its stack shows the awaiting methods, and reading the stack changes nothing. */
class ParkedStackIT {

    private static final List<String> STANDING = List.of("Queue.get", "ParkedStackIT.take", "ParkedStackIT.serve");

    private static final int MANY = 200_000;

    private final List<String> events = new ArrayList<>();

    @Async
    private Coroutine<Void> serve(String name, Queue<String> queue) {
        while (true) {
            String item = await(take(queue));
            events.add(name + " " + item);
            if (item.equals("last")) {
                return Coroutine.done();
            }
        }
    }

    @Async
    private static Coroutine<String> take(Queue<String> queue) {
        return Coroutine.of(await(queue.get()));
    }

    private static List<String> methods(StackTraceElement... elements) {
        return Arrays.stream(elements)
                .map(element -> element.getClassName()
                                .substring(element.getClassName().lastIndexOf('.') + 1) + "." + element.getMethodName())
                .toList();
    }

    private static List<String> stack(Task<?> task) {
        return methods(task.stack().toArray(StackTraceElement[]::new));
    }

    @Test
    void aTaskThatWasLookedAtGoesOn() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> task = createTask(serve("one", queue));
            await(sleep(0));
            assertEquals(STANDING, stack(task));
            assertEquals(STANDING, stack(task));
            queue.putNow("first");
            assertEquals(STANDING, stack(task));
            await(sleep(0));
            assertEquals(STANDING, stack(task));
            queue.putNow("last");
            await(task);
            assertEquals(List.of(), stack(task));
            return Coroutine.done();
        });
        assertEquals(List.of("one first", "one last"), events);
    }

    @Test
    void aTaskThatWaitsOnceMoreStandsWhereItStood() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> task = createTask(serve("one", queue));
            await(sleep(0));
            for (int i = 0; i < 3; i++) {
                queue.putNow("taken before it runs");
                queue.getNow();
                await(sleep(0));
                if (i == 1) {
                    assertEquals(STANDING, stack(task));
                }
            }
            queue.putNow("last");
            await(task);
            return Coroutine.done();
        });
        assertEquals(List.of("one last"), events);
    }

    @Async
    private Coroutine<Void> waitAgain(Queue<String> queue) {
        Task<Void> task = createTask(serve("one", queue));
        await(sleep(0));
        queue.putNow("taken before it runs");
        queue.getNow();
        await(sleep(0));
        queue.putNow("last");
        return Coroutine.of(await(task));
    }

    @Test
    void aTaskWaitsOnceMoreInDebugModeToo() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            loop.setDebug(true);
            loop.runUntilComplete(waitAgain(Queue.fifo(0)));
        }
        assertEquals(List.of("one last"), events);
    }

    @Async
    private static Coroutine<Void> locked(Condition condition) {
        await(condition.acquire());
        await(condition.waitNotified());
        condition.release();
        return Coroutine.done();
    }

    @Test
    void aCoroutineOfTheLibraryThatAwaitsAnotherIsLinked() throws Exception {
        Loops.run(() -> {
            Condition condition = new Condition();
            Task<Void> task = createTask(locked(condition));
            await(sleep(0));
            assertEquals(List.of("Condition.waitNotified", "ParkedStackIT.locked"), stack(task));
            await(condition.acquire());
            condition.notifyAllWaiters();
            await(sleep(0));
            assertEquals(List.of("Lock.acquire", "Condition.waitNotified", "ParkedStackIT.locked"), stack(task));
            condition.release();
            await(task);
            return Coroutine.done();
        });
    }

    /** Refuses to compare once it is told to. */
    private static final class Picky implements Comparator<String> {

        private boolean refuses;

        @Override
        public int compare(String one, String other) {
            if (refuses) {
                throw new IllegalArgumentException("not comparable");
            }
            return one.compareTo(other);
        }
    }

    @Test
    void aFailureAfterTheWaitTellsWhoAwaits() throws Exception {
        Loops.run(() -> {
            Picky picky = new Picky();
            Queue<String> queue = Queue.priority(0, picky);
            Task<Void> task = createTask(serve("one", queue));
            await(sleep(0));
            List.of("c", "b", "a").forEach(queue::putNow);
            picky.refuses = true;
            await(sleep(0));
            Throwable failure = requireNonNull(task.exception());
            List<String> trace = methods(failure.getStackTrace());
            int taking = trace.indexOf("ParkedStackIT.take");
            assertEquals("Picky.compare", trace.get(0).replace("ParkedStackIT$", ""));
            assertTrue(taking > 0, trace::toString);
            assertEquals("ParkedStackIT.serve", trace.get(taking + 1));
            assertEquals(3, queue.size());
            return Coroutine.done();
        });
    }

    @Async
    private Coroutine<Void> take(String name, Queue<String> queue) {
        try {
            return Coroutine.of(await(serve(name, queue)));
        } catch (CancelledError error) {
            events.addAll(methods(error.getStackTrace()).subList(0, STANDING.size()));
            throw error;
        }
    }

    @Test
    void aCancellationAfterTheWakeUpTellsWhoAwaits() throws Exception {
        Loops.run(() -> {
            Queue<String> queue = Queue.fifo(0);
            Task<Void> task = createTask(take("one", queue));
            await(sleep(0));
            queue.putNow("late");
            assertEquals(STANDING, stack(task).subList(0, STANDING.size()));
            task.cancel();
            await(sleep(0));
            assertTrue(task.isCancelled());
            assertEquals("late", queue.getNow());
            return Coroutine.done();
        });
        assertEquals(1, events.indexOf("ParkedStackIT.take") - events.indexOf("Queue.get"), events::toString);
        assertEquals("ParkedStackIT.serve", events.get(events.indexOf("ParkedStackIT.take") + 1));
    }

    /** A report of a loop that seems to hang is made on another thread, and the loop may continue meanwhile. */
    @Test
    void anotherThreadMayLook() throws Exception {
        Queue<String> queue = Queue.fifo(0);
        AtomicBoolean over = new AtomicBoolean();
        try (EventLoop loop = EventLoop.create()) {
            Task<Void> task = loop.createTask(serve("one", queue));
            Thread looking = new Thread(() -> {
                while (!over.get()) {
                    task.stack();
                }
            });
            looking.start();
            try {
                loop.runUntilComplete(putMany(queue, task));
            } finally {
                over.set(true);
                looking.join();
            }
        }
        assertEquals(MANY + 1, events.size());
    }

    @Async
    private static Coroutine<Void> putMany(Queue<String> queue, Task<Void> task) {
        for (int i = 0; i < MANY; i++) {
            queue.putNow("item");
            await(sleep(0));
        }
        queue.putNow("last");
        return Coroutine.of(await(task));
    }
}
