package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final String JDK = "JDK 25";

    private final Results results = new Results();

    @Test
    void aNumberIsALimit() {
        add("heddle", Row.SWITCH, "-", 14);
        assertEquals("**no**: 14.0 ns", outcome("3 * heddle <= 12", Row.SWITCH, "-"));
        assertEquals("yes", outcome("3 * heddle <= 14", Row.SWITCH, "-"));
    }

    @Test
    void aMultipleOfAPeer() {
        add("heddle", Row.SWITCH, "-", 14);
        assertEquals("not measured", outcome("3 * heddle <= 0.1 x virtualThreads", Row.SWITCH, "-"));
        add("virtualThreads", Row.SWITCH, "-", 280);
        assertEquals("yes", outcome("3 * heddle <= 0.1 x virtualThreads", Row.SWITCH, "-"));
    }

    @Test
    void aMultipleOfAnotherRowOrOfOtherParameters() {
        add("heddle", Row.SWITCH, "-", 10);
        add("heddle", Row.MANY, "tasks=1000", 25);
        assertEquals(
                "**no**: 2.50 × heddle of row 3", outcome("4 * heddle <= 2 x heddle of 3", Row.MANY, "tasks=1000"));
        add("heddle", Row.CHAIN, "depth=1,leaf=OFTEN", 20);
        add("heddle", Row.CHAIN, "depth=1000,leaf=OFTEN", 22);
        assertEquals(
                "yes", outcome("6 depth=1000 heddle <= 1.2 x heddle at depth=1", Row.CHAIN, "depth=1000,leaf=OFTEN"));
    }

    @Test
    void bytesOfTheSubject() {
        results.add(JDK, "heddle", List.of(new Line(Row.CALL, "-", 0.03, Line.ALLOCATION)));
        assertEquals("yes", outcome("1 * bytes <= 0", Row.CALL, "-"));
        results.add(JDK, "heddle", List.of(new Line(Row.CALL, "-", 32.03, Line.ALLOCATION)));
        results.add(JDK, "heddle", List.of(new Line(Row.CALL, "-", 32.03, Line.ALLOCATION)));
        assertEquals("**no**: 32.0 B/op", outcome("1 * bytes <= 0", Row.CALL, "-"));
    }

    @Test
    void everyTargetOfTheFileIsUnderstood() {
        List<Target> targets = Target.all();
        assertFalse(targets.isEmpty());
        assertTrue(targets.stream().allMatch(target -> target.limit() >= 0));
    }

    private void add(String peer, Row row, String variant, double value) {
        results.add(JDK, peer, List.of(new Line(row, variant, value, "ns")));
    }

    private String outcome(String target, Row row, String variant) {
        List<Verdict> verdicts = Verdict.of(new Case(row, variant), JDK, results, List.of(Target.parse(target)));
        return verdicts.get(0).outcome(row.unit());
    }
}
