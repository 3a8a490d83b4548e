package dev.heddle.combine;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.after;
import static dev.heddle.cpython.Blocks.failingAtTheEnd;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.cpython.Blocks.seconds;
import static dev.heddle.cpython.Blocks.sleeping;
import static dev.heddle.race.StaggeredRace.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.cpython.Mirrors;
import dev.heddle.cpython.TaskStart;
import dev.heddle.race.StaggeredRace.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The race of coroutines that begin one after the other. */
@ParameterizedClass
@EnumSource
class CPythonStaggeredRaceIT {

    private final TaskStart start;

    CPythonStaggeredRaceIT(TaskStart start) {
        this.start = start;
    }

    private void check(AsyncSupplier<Void> body) throws Exception {
        start.run(body);
    }

    @Async
    private static Coroutine<String> failing(int index) {
        throw new IllegalArgumentException("failed " + index);
    }

    private static Coroutine<String> result(int index) {
        return after(0, "result " + index);
    }

    @Test
    @Mirrors("test_staggered.StaggeredTests.test_empty")
    void nobody() throws Exception {
        check(() -> {
            assertEquals(new Outcome<>(null, -1, List.of()), await(run(List.<AsyncSupplier<String>>of(), null)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_staggered.StaggeredTests.test_one_successful")
    void firstWins() throws Exception {
        check(() -> {
            List<AsyncSupplier<String>> entrants = List.of(() -> result(0), () -> result(1));
            assertEquals(new Outcome<>("result 0", 0, Collections.singletonList(null)), await(run(entrants, null)));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_staggered.StaggeredTests.test_first_error_second_successful")
    void secondWinsWhenTheFirstFails() throws Exception {
        check(() -> {
            List<AsyncSupplier<String>> entrants = List.of(() -> failing(0), () -> result(1));
            Outcome<String> outcome = await(run(entrants, null));
            assertEquals("result 1", outcome.result());
            assertEquals(1, outcome.winner());
            assertEquals(2, outcome.failures().size());
            assertInstanceOf(IllegalArgumentException.class, outcome.failures().get(0));
            assertNull(outcome.failures().get(1));
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_staggered.StaggeredTests.test_first_timeout_second_successful")
    void secondWinsWhenTheFirstIsSlow() throws Exception {
        check(() -> {
            List<AsyncSupplier<String>> entrants = List.of(() -> after(10, "late"), () -> result(1));
            Outcome<String> outcome = await(run(entrants, seconds(0.1)));
            assertEquals("result 1", outcome.result());
            assertEquals(1, outcome.winner());
            assertEquals(2, outcome.failures().size());
            assertInstanceOf(CancelledError.class, outcome.failures().get(0));
            assertNull(outcome.failures().get(1));
            assertEquals(0.1, getRunningLoop().time());
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors("test_staggered.StaggeredTests.test_none_successful")
    void nobodyWins() throws Exception {
        check(() -> {
            List<AsyncSupplier<String>> entrants = List.of(() -> failing(0), () -> failing(1));
            Outcome<String> outcome = await(run(entrants, null));
            assertNull(outcome.result());
            assertEquals(-1, outcome.winner());
            assertEquals(
                    List.of("failed 0", "failed 1"),
                    outcome.failures().stream().map(Throwable::getMessage).toList());
            return Coroutine.done();
        });
    }

    /** CPython waits for all that run since 3.14. */
    @Test
    void cancelledRaceEndsWithItsTasks() throws Exception {
        check(() -> {
            List<String> notes = new ArrayList<>();
            List<AsyncSupplier<Void>> entrants = List.of(
                    () -> sleeping(10, notes, "first"),
                    () -> failingAtTheEnd(10, new ArithmeticException()),
                    () -> sleeping(10, notes, "third"),
                    () -> sleeping(10, notes, "not reached"));
            Task<Outcome<Void>> race = createTask(run(entrants, seconds(1)));
            await(sleep(2.5));
            race.cancel("stop");
            assertEquals("stop", await(raised(CancelledError.class, race)).getMessage());
            assertEquals(List.of("first", "third"), notes);
            return Coroutine.done();
        });
    }
}
