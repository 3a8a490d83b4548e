package dev.heddle;

import static dev.heddle.Script.script;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How tasks are made when the factory is wrong, and when the loop does not run. */
class TaskMakerTest {

    /** Gives tasks of another loop, or none if that is null; it never starts a coroutine. */
    private record Wrong(@Nullable EventLoop other) implements TaskFactory {

        @Override
        @SuppressWarnings({"unchecked", "NullAway"}) // it is wrong
        public <T extends @Nullable Object> Task<T> newTask(
                EventLoop loop, Coroutine<T> coroutine, TaskOptions options) {
            return other == null ? null : (Task<T>) Task.of(other, script(), options);
        }

        @Override
        public String toString() {
            return "wrong";
        }
    }

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void factoryThatGivesNoTaskIsNamed() {
        loop.setTaskFactory(new Wrong(null));
        Coroutine<Object> coroutine = script();
        String text = coroutine.toString();
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> loop.createTask(coroutine));
        assertEquals(
                "the task factory wrong of " + loop + " gave no task for " + text.replace("created", "finished")
                        + "; it has to give what Task.of makes in its loop",
                refusal.getMessage());
        assertFalse(coroutine.discard(), "given up before");
    }

    @Test
    void factoryThatGivesATaskOfAnotherLoopIsNamed() {
        try (EventLoop other = EventLoop.virtualTime()) {
            loop.setTaskFactory(new Wrong(other));
            IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> loop.createTask(script()));
            assertTrue(refusal.getMessage().contains(" of " + other + " for "), refusal.getMessage());
            other.runUntilIdle(Duration.ZERO);
        }
    }

    /** A group would wait for the missing task for ever. */
    @Test
    void groupEndsWhenTheFactoryFails() {
        IllegalStateException refusal = assertThrows(
                IllegalStateException.class,
                () -> loop.runUntilComplete(script(x -> Asyncio.taskGroup(group -> {
                            loop.setTaskFactory(new Wrong(null));
                            events.add("in the group");
                            throw assertThrows(IllegalStateException.class, () -> group.createTask(script()));
                        }))
                        .handle(failure -> {
                            throw ((ExceptionGroup) failure).exceptions().get(0);
                        })));
        assertTrue(refusal.getMessage().contains("gave no task"), refusal.getMessage());
        assertEquals(List.of("in the group"), events);
    }

    @Test
    void taskMadeBeforeTheLoopRunsBeginsAfterWhatWasSentBefore() {
        loop.callSoonThreadsafe(() -> events.add("sent"));
        Task<Object> task = loop.createTask(script(x -> events.add("task")));
        loop.callSoonThreadsafe(() -> events.add("sent later"));
        loop.runUntilIdle(Duration.ZERO);
        assertEquals(List.of("sent", "task", "sent later"), events);
        assertSame(loop, task.loop());
    }
}
