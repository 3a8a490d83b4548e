package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineTest {

    @Test
    void fourWordsAreAValue() {
        assertEquals(
                Optional.of(new Line(Row.QUEUE, "queue,capacity=16", 12.5, "ns")),
                Line.parse("9 queue,capacity=16 12.5 ns"));
    }

    @Test
    void theFifthWordIsAPeer() {
        Line line = new Line(Row.ECHO, "idle", 690, "B", Optional.of("plain"));
        assertEquals(Optional.of(line), Line.parse(line.text()));
        assertEquals("13 idle 690.0 B plain", line.text());
    }

    @Test
    void theRestIsForPeople() {
        for (String text : List.of(
                "",
                "worker 1 http://example.com/1",
                "18 - 1 ns",
                "3 - NaN ns",
                "call - 1 ns",
                "3 - x ns",
                "3 - 1 ns a peer")) {
            assertEquals(Optional.empty(), Line.parse(text), text);
        }
    }
}
