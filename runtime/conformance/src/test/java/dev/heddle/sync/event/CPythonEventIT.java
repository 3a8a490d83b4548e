package dev.heddle.sync.event;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Failures.thrown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.sync.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code test_locks.EventTests}. */
@ParameterizedClass
@EnumSource
class CPythonEventIT {

    private final TaskStart start;

    CPythonEventIT(TaskStart start) {
        this.start = start;
    }

    @Async
    private static Coroutine<Boolean> waiting(Event event, List<Integer> result, int tag) {
        if (await(event.waitSet())) {
            result.add(tag);
        }
        return Coroutine.of(true);
    }

    @Test
    @Mirrors(value = "test_locks.EventTests.test_repr", adapted = "the text is another")
    void text() throws Exception {
        start.run(() -> {
            Event event = new Event();
            assertEquals("<Event unset>", event.toString());
            createTask(event.waitSet());
            await(sleep(0));
            assertEquals("<Event unset waiters=1>", event.toString());
            event.set();
            assertEquals("<Event set waiters=1>", event.toString());
            await(sleep(0));
            assertEquals("<Event set>", event.toString());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.EventTests.test_wait")
    void setWakesAllInOrder() throws Exception {
        start.run(() -> {
            Event event = new Event();
            assertFalse(event.isSet());
            List<Integer> result = new ArrayList<>();
            Task<Boolean> t1 = createTask(waiting(event, result, 1));
            Task<Boolean> t2 = createTask(waiting(event, result, 2));
            await(sleep(0));
            assertEquals(List.of(), result);
            Task<Boolean> t3 = createTask(waiting(event, result, 3));
            event.set();
            await(sleep(0));
            // the third waits already if it is eager, and finds the event set if it is not
            assertEquals(start == TaskStart.EAGER ? List.of(1, 2, 3) : List.of(3, 1, 2), result);
            assertTrue(t1.isDone() && t2.isDone() && t3.isDone());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.EventTests.test_wait_on_set")
    void waitOfASetEvent() throws Exception {
        start.run(() -> {
            Event event = new Event();
            event.set();
            assertTrue(await(event.waitSet()));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.EventTests.test_wait_cancel")
    void cancelledWaiterLeaves() throws Exception {
        start.run(() -> {
            Event event = new Event();
            Task<Boolean> task = createTask(event.waitSet());
            getRunningLoop().callSoon(task::cancel);
            await(thrown(CancelledError.class, task));
            assertEquals("<Event unset>", event.toString());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_locks.EventTests.test_clear")
    void clear() {
        Event event = new Event();
        assertFalse(event.isSet());
        event.set();
        assertTrue(event.isSet());
        event.clear();
        assertFalse(event.isSet());
    }

    @Test
    @Mirrors("test_locks.EventTests.test_clear_with_waiters")
    void clearAfterSetHoldsNobodyBack() throws Exception {
        start.run(() -> {
            Event event = new Event();
            List<Integer> result = new ArrayList<>();
            Task<Boolean> task = createTask(waiting(event, result, 1));
            await(sleep(0));
            assertEquals(List.of(), result);
            event.set();
            event.clear();
            assertFalse(event.isSet());
            event.set();
            event.set();
            assertEquals("<Event set waiters=1>", event.toString());
            await(sleep(0));
            assertEquals(List.of(1), result);
            assertEquals("<Event set>", event.toString());
            assertTrue(task.result());
            return Coroutine.done();
        });
    }
}
