package dev.heddle.combine;

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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.ReturnWhen;
import dev.heddle.Task;
import dev.heddle.Waited;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting for several futures. */
@ParameterizedClass
@EnumSource
class CPythonWaitIT {

    private final TaskStart start;

    CPythonWaitIT(TaskStart start) {
        this.start = start;
    }

    private void run(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    private static <F extends Future<?>> void assertWaited(Set<F> done, Set<F> pending, double time, Waited<F> waited) {
        assertEquals(new Waited<>(done, pending), waited);
        assertEquals(time, getRunningLoop().time(), 1e-9);
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait")
    void waitsForAllWhichTakesNoTimeIfTheyAreDone() throws Exception {
        run(() -> {
            Task<String> first = createTask(after(0.1, "a"));
            Task<String> second = createTask(after(0.15, "b"));
            assertWaited(Set.of(first, second), Set.of(), 0.15, await(Asyncio.wait(List.of(second, first))));
            assertWaited(Set.of(first, second), Set.of(), 0.15, await(Asyncio.wait(List.of(second, first))));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_duplicate_coroutines")
    void taskThatIsGivenTwiceIsOne() throws Exception {
        run(() -> {
            Task<String> twice = createTask(after(0, "test"));
            Task<String> once = createTask(after(0, "spam"));
            Waited<Task<String>> waited = await(Asyncio.wait(List.of(twice, twice, once)));
            assertWaited(Set.of(twice, once), Set.of(), 0, waited);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(
            value = {"test_tasks.BaseTaskTests.test_wait_errors", "test_tasks.BaseTaskTests.test_wait_invalid_args"},
            adapted = "the compiler checks the other arguments")
    void thereHasToBeSomethingToWaitFor() throws Exception {
        run(() -> {
            String message = await(raised(IllegalArgumentException.class, Asyncio.wait(Set.<Future<Integer>>of())))
                    .getMessage();
            assertEquals("Set of Tasks/Futures is empty.", message);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_first_completed")
    void waitsForTheFirst() throws Exception {
        run(() -> {
            Task<String> late = createTask(after(10, "a"));
            Task<String> early = createTask(after(0.1, "b"));
            assertWaited(
                    Set.of(early),
                    Set.of(late),
                    0.1,
                    await(Asyncio.wait(List.of(early, late), ReturnWhen.FIRST_COMPLETED)));
            assertFalse(late.isDone());
            assertEquals("b", early.result());
            assertEquals("a", await(late));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> yielding(int turns) {
        for (int i = 0; i < turns; i++) {
            await(sleep(0));
        }
        return Coroutine.of("done");
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_really_done")
    void whatEndsBeforeTheWaiterRunsIsDoneToo() throws Exception {
        run(() -> {
            Task<String> first = createTask(yielding(1));
            Task<String> second = createTask(yielding(2));
            assertWaited(
                    Set.of(first, second),
                    Set.of(),
                    0,
                    await(Asyncio.wait(List.of(second, first), ReturnWhen.FIRST_COMPLETED)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<String> failing() {
        throw new ArithmeticException("err");
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_first_exception")
    void waitsNoLongerThanForTheFirstFailure() throws Exception {
        run(() -> {
            Task<String> sleeping = createTask(after(10, "a"));
            Task<String> failing = createTask(failing());
            assertWaited(
                    Set.of(failing),
                    Set.of(sleeping),
                    0,
                    await(Asyncio.wait(List.of(failing, sleeping), ReturnWhen.FIRST_EXCEPTION)));
            await(sleeping);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_first_exception_in_wait")
    void failureEndsTheWaitWhileItLasts() throws Exception {
        run(() -> {
            Task<Void> sleeping = createTask(after(10, null));
            Task<Void> failing = createTask(failingAfter(0.01, new ArithmeticException("err")));
            assertWaited(
                    Set.of(failing),
                    Set.of(sleeping),
                    0.01,
                    await(Asyncio.wait(List.of(failing, sleeping), ReturnWhen.FIRST_EXCEPTION)));
            await(sleeping);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_with_exception")
    void failureIsNotThrown() throws Exception {
        run(() -> {
            Task<Void> sleeping = createTask(after(0.1, null));
            Task<Void> failing = createTask(failingAfter(0.15, new ArithmeticException("really")));
            for (int i = 0; i < 2; i++) {
                Waited<Task<Void>> waited = await(Asyncio.wait(List.of(failing, sleeping)));
                assertWaited(Set.of(failing, sleeping), Set.of(), 0.15, waited);
                List<Throwable> failures = waited.done().stream()
                        .filter(task -> task.exception() != null)
                        .<Throwable>map(Task::exception)
                        .toList();
                assertEquals(1, failures.size());
                assertInstanceOf(ArithmeticException.class, failures.get(0));
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_with_timeout")
    void waitsNoLongerThanTheLimit() throws Exception {
        run(() -> {
            Task<String> first = createTask(after(0.1, "a"));
            Task<String> second = createTask(after(0.15, "b"));
            assertWaited(
                    Set.of(first),
                    Set.of(second),
                    0.11,
                    await(Asyncio.wait(List.of(second, first), seconds(0.11), ReturnWhen.ALL_COMPLETED)));
            await(second);
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_tasks.BaseTaskTests.test_wait_concurrent_complete")
    void whatEndsAtTheLimitIsDone() throws Exception {
        run(() -> {
            Task<String> first = createTask(after(0.1, "a"));
            Task<String> second = createTask(after(0.15, "b"));
            assertWaited(
                    Set.of(first),
                    Set.of(second),
                    0.1,
                    await(createTask(Asyncio.wait(List.of(second, first), seconds(0.1), ReturnWhen.ALL_COMPLETED))));
            await(second);
            return Coroutine.done();
        });
    }

    /** A collection that can be gone through once. */
    private static <T> Collection<T> once(int size, Iterator<T> iterator) {
        return new AbstractCollection<>() {
            @Override
            public Iterator<T> iterator() {
                return iterator;
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Test
    @Mirrors(
            value = "test_tasks.BaseTaskTests.test_wait_with_iterator_of_tasks",
            adapted = "the argument is a collection")
    void argumentIsGoneThroughOnce() throws Exception {
        run(() -> {
            Task<String> first = createTask(after(0.1, "a"));
            Task<String> second = createTask(after(0.15, "b"));
            Collection<Task<String>> tasks = once(2, List.of(second, first).iterator());
            assertWaited(Set.of(first, second), Set.of(), 0.15, await(Asyncio.wait(tasks)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors(value = "test_tasks.BaseTaskTests.test_wait_generator", adapted = "the argument is a collection")
    void tasksMayBeMadeWhenTheArgumentIsGoneThrough() throws Exception {
        run(() -> {
            Iterator<Task<Integer>> made = IntStream.range(0, 10)
                    .mapToObj(number -> createTask(after(0, number)))
                    .iterator();
            Waited<Task<Integer>> waited = await(Asyncio.wait(once(10, made)));
            assertEquals(10, waited.done().size());
            assertEquals(Set.of(), waited.pending());
            return Coroutine.done();
        });
    }
}
