package dev.heddle.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void allRowsUnlessSomeAreNamed() {
        assertEquals(EnumSet.allOf(Row.class), parse().rows());
        assertEquals(
                EnumSet.of(Row.CALL, Row.LOOP, Row.SKYNET, Row.DEMO),
                parse("1-2", "skynet,17").rows());
    }

    @Test
    void optionsAnywhere() {
        Arguments arguments = parse("--quick", "ring", "--rounds", "4", "--java-only", "--out", "there");
        assertFalse(arguments.strict());
        assertTrue(parse("--strict").strict());
        assertTrue(arguments.effort().rough());
        assertEquals(4, arguments.effort().rounds());
        assertTrue(arguments.javaOnly());
        assertEquals(Optional.of(Path.of("there")), arguments.out());
        assertEquals(EnumSet.of(Row.RING), arguments.rows());
    }

    @Test
    void aShortRunHasPeersOnTheNewestJdkOnly() {
        Effort effort = parse("--short").effort();
        assertFalse(effort.rough());
        assertEquals(3, effort.rounds());
        assertTrue(effort.runsOnOlderJdk("heddle", Row.CALL));
        assertTrue(effort.runsOnOlderJdk("plain", Row.CALL));
        assertTrue(effort.runsOnOlderJdk("twoLoops", Row.WORKERS));
        assertFalse(effort.runsOnOlderJdk("tascalate", Row.CALL));
        assertTrue(parse().effort().runsOnOlderJdk("tascalate", Row.CALL));
        assertTrue(parse("--quick").effort().runsOnOlderJdk("heddle", Row.CALL));
        assertFalse(parse("--quick").effort().runsOnOlderJdk("plain", Row.CALL));
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertEquals(
                "there is no option --fast; there are --quick, --short, --rounds, --java-only, --strict, --jdk, --out, --list and --help",
                refusal("--fast"));
        assertEquals("the option --out needs a value", refusal("--out"));
        assertEquals("the option --rounds needs a number from 1 to 9999, not 0", refusal("--rounds", "0"));
        assertEquals("the range 3-1 is empty: its first row comes after its last", refusal("3-1"));
        assertEquals(
                "there is no row 18; there are 1 call, 2 loop, 3 switch, 4 many, 5 spawn, 6 chain, 7 skynet, 8 ring, "
                        + "9 queue, 10 gather, 11 sleepers, 12 timers, 13 echo, 14 cross, 15 workers, 16 start, 17 demo",
                refusal("18"));
        assertEquals(
                "nowhere is not the directory of a JDK: it needs bin/java and the file release",
                refusal("--jdk", "nowhere"));
    }

    private static String refusal(String... words) {
        return assertThrows(UsageException.class, () -> parse(words)).getMessage();
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(List.of(words));
    }
}
