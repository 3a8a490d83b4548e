package dev.heddle.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The events that a recorder keeps, and its message if their order differs. */
class EventRecorderTest {

    private final EventRecorder events = new EventRecorder();

    private String failure(Object... expected) {
        return assertThrows(AssertionError.class, () -> events.assertEvents(expected))
                .getMessage();
    }

    @Test
    void keepsTheTextsInOrder() {
        events.assertEvents();
        events.add("a");
        events.add(1);
        events.add(null);
        events.assertEvents("a", 1, null);
        assertEquals(List.of("a", "1", "null"), events.events());
        assertEquals("a, 1, null", events.toString());
    }

    @Test
    void marksTheFirstDifference() {
        for (String event : List.of("a", "b", "c", "d")) {
            events.add(event);
        }
        assertEquals("""
                events differ from event 3 on:
                            a
                            b
                > expected: d
                  expected: c
                > recorded: c
                  recorded: d""", failure("a", "b", "d", "c"));
    }

    @Test
    void marksWhatIsMissingOrTooMuch() {
        events.add("a");
        assertEquals("""
                events differ from event 2 on:
                            a
                > expected: b
                > recorded: nothing more""", failure("a", "b"));
        assertEquals("""
                events differ from event 1 on:
                > expected: nothing more
                > recorded: a""", failure());
    }

    @Test
    void timeIsThatOfTheRunningLoop() {
        assertThrows(IllegalStateException.class, () -> events.at("outside"));
        try (TestLoop test = new TestLoop()) {
            test.loop().callLater(1.5, () -> events.at("timer"));
            test.loop().callLater(2, () -> events.at("timer"));
            test.runUntilIdle();
        }
        events.assertEvents("timer@1.5", "timer@2");
    }
}
