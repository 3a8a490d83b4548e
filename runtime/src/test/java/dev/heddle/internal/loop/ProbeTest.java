package dev.heddle.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.EventLoop;
import dev.heddle.InterruptError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeTest {

    private static final class Recorder implements Probe {

        private final String name;
        private final List<String> events;

        private Recorder(String name, List<String> events) {
            this.name = name;
            this.events = events;
        }

        @Override
        public void stepBegins(Step step) {
            events.add(name + " begins");
        }

        @Override
        public void stepEnded(Step step) {
            events.add(name + " ended");
        }

        @Override
        public void turnEnded() {
            events.add(name + " turn");
        }
    }

    private final EventLoop loop = EventLoop.virtualTime();
    private final LoopCore core = LoopAccess.core(loop);
    private final List<String> events = new ArrayList<>();
    private final Recorder first = new Recorder("first", events);
    private final Recorder second = new Recorder("second", events);

    @AfterEach
    void close() {
        loop.close();
    }

    private void run(Runnable... callbacks) {
        for (Runnable callback : callbacks) {
            loop.callSoon(callback);
        }
        loop.runUntilIdle(Duration.ZERO);
    }

    @Test
    void probesObserveEachStepInTheOrderInWhichTheyWereAdded() {
        core.addProbe(first);
        core.addProbe(second);
        core.addProbe(first);
        run(() -> events.add("step"), () -> events.add("step"));
        List<String> step = List.of("first begins", "second begins", "step", "first ended", "second ended");
        List<String> expected = new ArrayList<>(step);
        expected.addAll(step);
        expected.addAll(List.of("first turn", "second turn"));
        expected.addAll(List.of("first turn", "second turn")); // the last turn has nothing to do
        assertEquals(expected, events);
    }

    @Test
    void probesAreFoundByTheirClass() {
        assertNull(core.probe(Recorder.class));
        core.addProbe(first);
        assertSame(first, core.probe(Recorder.class));
        core.removeProbe(first);
        assertNull(core.probe(Recorder.class));
    }

    @Test
    void changesTakeEffectInTheNextTurn() {
        core.addProbe(first);
        run(
                () -> {
                    core.removeProbe(first);
                    core.addProbe(second);
                    loop.callSoon(() -> events.add("next"));
                },
                () -> events.add("same"));
        assertEquals(
                List.of(
                        "first begins",
                        "first ended",
                        "first begins",
                        "same",
                        "first ended",
                        "first turn",
                        "second begins",
                        "next",
                        "second ended",
                        "second turn",
                        "second turn"), // the last turn has nothing to do
                events);
    }

    /** For every change in the step that a throwable leaves, and for none. */
    @Test
    void aTurnThatAThrowableLeavesEndsForTheProbesThatSawItBegin() {
        List<Consumer<LoopCore>> changes = List.of(
                core -> {},
                core -> core.removeProbe(first),
                core -> core.addProbe(second),
                core -> {
                    core.removeProbe(first);
                    core.addProbe(second);
                },
                core -> {
                    core.removeProbe(first);
                    core.addProbe(first);
                });
        for (Consumer<LoopCore> change : changes) {
            events.clear();
            core.addProbe(first);
            InterruptError error = new InterruptError("leaves the loop");
            assertSame(
                    error,
                    assertThrows(
                            InterruptError.class,
                            () -> run(() -> {
                                change.accept(core);
                                throw error;
                            })));
            assertEquals(List.of("first begins", "first turn"), events);
            core.removeProbe(first);
            core.removeProbe(second);
        }
    }
}
