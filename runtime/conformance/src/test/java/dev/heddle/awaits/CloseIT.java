package dev.heddle.awaits;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.sync.Lock;
import dev.heddle.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Closing coroutines before, while and after they run. */
class CloseIT {

    private final List<String> events = new ArrayList<>();

    @Async
    private Coroutine<String> speaking() {
        events.add("begins");
        await(sleep(1));
        return Coroutine.of("ended");
    }

    @Test
    void closedCoroutineIsNotForgotten() {
        try (TestLoop test = new TestLoop()) { // closing it fails for any other coroutine that is not awaited
            test.run(() -> {
                Coroutine<String> never = speaking();
                never.close();
                never.close();
                Coroutine.of(1).close();
                new Lock().acquire().close();
                await(sleep(1));
                return Coroutine.done();
            });
        }
        assertEquals(List.of(), events);
    }

    @Test
    void closedCoroutineNeverRuns() {
        for (Coroutine<String> each : List.of(speaking(), Coroutine.of("value"))) {
            each.close();
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> run(each));
            assertTrue(refused.getMessage().startsWith("cannot reuse already awaited coroutine"), refused::getMessage);
        }
        assertEquals(List.of(), events);
    }

    @Test
    void coroutineThatIsBeingAwaitedIsNotClosed() {
        run(() -> {
            Coroutine<String> coroutine = speaking();
            Task<String> task = createTask(coroutine);
            await(sleep(0));
            try {
                coroutine.close();
            } catch (IllegalStateException refused) {
                events.add(refused.getMessage().replaceFirst(".*, ", ""));
            }
            events.add(await(task));
            coroutine.close(); // it has ended
            return Coroutine.done();
        });
        assertEquals(List.of("begins", "because it is being awaited; cancel its task", "ended"), events);
    }

    /** The task was to begin with the coroutine, and fails as in CPython. */
    @Test
    void taskOfAClosedCoroutineFails() {
        run(() -> {
            Coroutine<String> coroutine = speaking();
            Task<String> task = createTask(coroutine);
            coroutine.close();
            try {
                await(task);
            } catch (IllegalStateException reused) {
                events.add(reused.getMessage().replaceFirst(":.*", ""));
            }
            return Coroutine.done();
        });
        assertEquals(List.of("cannot reuse already awaited coroutine"), events);
    }
}
