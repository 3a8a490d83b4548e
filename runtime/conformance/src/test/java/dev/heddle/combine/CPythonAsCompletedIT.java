package dev.heddle.combine;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAfter;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Awaiting the first that is done, and the next. */
@ParameterizedClass
@EnumSource
class CPythonAsCompletedIT {

    private final TaskStart start;

    CPythonAsCompletedIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Async
    private static <T> Coroutine<List<T>> all(Iterable<Coroutine<T>> coroutines) {
        List<T> results = new ArrayList<>();
        for (Coroutine<T> coroutine : coroutines) {
            results.add(await(coroutine));
        }
        return Coroutine.of(results);
    }

    private static <T> List<Coroutine<T>> listed(Iterable<Coroutine<T>> coroutines) {
        List<Coroutine<T>> list = new ArrayList<>();
        coroutines.forEach(list::add);
        return list;
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed")
    void firstToBeDoneComesFirst() throws Exception {
        run(() -> {
            List<Awaitable<String>> awaitables = List.of(after(0.01, "b"), after(0.15, "c"), after(0.01, "a"));
            assertEquals(List.of("b", "a", "c"), await(all(asCompleted(awaitables))));
            assertEquals(0.15, getRunningLoop().time());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_with_timeout")
    void limit() throws Exception {
        run(() -> {
            Task<String> first = createTask(after(0.1, "a"));
            Task<String> second = createTask(after(0.15, "b"));
            List<Coroutine<String>> coroutines = listed(asCompleted(List.of(first, second), seconds(0.12)));
            assertEquals("a", await(coroutines.get(0)));
            TimeoutException failure = await(raised(TimeoutException.class, coroutines.get(1)));
            assertEquals("no result within 0.12 s", failure.getMessage());
            assertEquals(0.12, getRunningLoop().time());
            assertFalse(second.isDone());
            assertEquals("b", await(second)); // it is not cancelled
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_with_unused_timeout")
    void limitThatIsNotReached() throws Exception {
        run(() -> {
            assertEquals(List.of("a"), await(all(asCompleted(List.of(sleep(0.01, "a")), seconds(1)))));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_resume_iterator")
    void iterationGoesOnWhereItWasLeft() throws Exception {
        run(() -> {
            Iterable<Coroutine<Integer>> coroutines =
                    asCompleted(List.of(after(0, 0), after(0, 1), after(0, 2), after(0, 3)));
            Iterator<Coroutine<Integer>> iterator = coroutines.iterator();
            assertEquals(0, await(iterator.next()));
            assertEquals(1, await(iterator.next()));
            assertEquals(List.of(2, 3), await(all(coroutines)));
            assertThrows(NoSuchElementException.class, iterator::next);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_reverse_wait")
    void firstToBeAwaitedGetsTheFirst() throws Exception {
        run(() -> {
            List<Coroutine<String>> coroutines = listed(asCompleted(List.of(sleep(0.05, "a"), sleep(0.10, "b"))));
            assertEquals("a", await(coroutines.get(1)));
            assertEquals(0.05, getRunningLoop().time());
            assertEquals("b", await(coroutines.get(0)));
            assertEquals(0.10, getRunningLoop().time());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_concurrent")
    void severalAreAwaitedAtTheSameTime() throws Exception {
        run(() -> {
            List<Coroutine<String>> coroutines = listed(asCompleted(List.of(sleep(0.05, "a"), sleep(0.05, "b"))));
            Task<String> second = createTask(coroutines.get(1));
            Task<String> first = createTask(coroutines.get(0));
            assertEquals("b", await(first));
            assertEquals("a", await(second));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_duplicate_coroutines")
    void whatIsGivenTwiceCountsOnce() throws Exception {
        run(() -> {
            Coroutine<String> ham = after(0, "ham");
            assertEquals(List.of("ham", "spam"), await(all(asCompleted(List.of(ham, ham, after(0, "spam"))))));
            return Coroutine.done();
        });
    }

    @Test
    void sleepsThatAreSharedCountEach() throws Exception {
        run(() -> {
            assertEquals(2, await(all(asCompleted(List.of(sleep(0), sleep(0))))).size());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_as_completed_coroutine_use_running_loop")
    void coroutineBecomesATask() throws Exception {
        run(() -> {
            assertEquals(List.of(42), await(all(asCompleted(List.of(after(0, 42))))));
            return Coroutine.done();
        });
    }

    /** If a waiter is cancelled in the turn in which it is woken, the next waiter is woken instead. */
    @Test
    void cancelledWaiterLetsTheNextGoOn() throws Exception {
        run(() -> {
            List<Coroutine<String>> coroutines = listed(asCompleted(List.of(after(1, "a"), after(9, "b"))));
            Task<String> first = createTask(coroutines.get(0));
            Task<String> second = createTask(coroutines.get(1));
            await(sleep(1));
            await(sleep(0));
            first.cancel();
            await(raised(CancelledError.class, first));
            assertEquals("a", await(second));
            assertEquals(1, getRunningLoop().time());
            await(sleep(10)); // the other is done, too
            return Coroutine.done();
        });
    }

    @Test
    void failureMayBeAwaitedLate() throws Exception {
        run(() -> {
            List<Coroutine<Void>> coroutines = listed(asCompleted(List.of(failingAfter(1, new ArithmeticException()))));
            await(sleep(10));
            await(raised(ArithmeticException.class, coroutines.get(0)));
            return Coroutine.done();
        });
    }
}
