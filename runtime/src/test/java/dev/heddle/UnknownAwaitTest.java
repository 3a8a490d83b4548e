package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspendable;
import dev.heddle.woven.Suspension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A task that awaits an object of a type that no loop knows. */
class UnknownAwaitTest {

    /** Awaits an object that suspends the task, although no loop knows what to wait for. */
    private static final class AwaitingBad extends NativeFrame<Object> {

        private static final Suspendable BAD = new Suspendable() {
            @Override
            protected Object begin() {
                return Suspension.SUSPENDED;
            }

            @Override
            public String toString() {
                return "<bad>";
            }
        };

        AwaitingBad() {
            super(new Native(UnknownAwaitTest.class, "awaitingBad"));
        }

        @Override
        protected Object start() {
            return suspendAt(1, BAD);
        }

        @Override
        protected @Nullable Object resumed(int await) {
            return take();
        }
    }

    @Test
    void cannotAwaitWhatTheLoopDoesNotKnow() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Task<Object> task = loop.createTask(new AwaitingBad());
            assertEquals(
                    "Task got bad await: <bad>",
                    assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(task))
                            .getMessage());
        }
    }
}
