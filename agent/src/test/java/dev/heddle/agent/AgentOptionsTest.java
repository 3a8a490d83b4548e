package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.agent.AgentOptions.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void defaults(String arguments) {
        assertEquals(new AgentOptions(null, false, Level.ERROR), AgentOptions.parse(arguments));
    }

    @Test
    void everyOption() {
        assertEquals(
                new AgentOptions(Path.of("a/b"), true, Level.INFO),
                AgentOptions.parse("dump=a/b,verify=true,log=info"));
    }

    @Test
    void spacesAndOrderDoNotMatterAndTheLastWins() {
        assertEquals(
                new AgentOptions(Path.of("d"), false, Level.OFF),
                AgentOptions.parse(" log = info , verify=true, dump = d ,verify=false,log=off"));
    }

    @Test
    void directoryMayContainEqualsSign() {
        assertEquals(new AgentOptions(Path.of("a=b"), false, Level.ERROR), AgentOptions.parse("dump=a=b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "off | OFF",
                "error | ERROR",
                "info | INFO",
            })
    void levels(String value, Level level) {
        assertEquals(level, AgentOptions.parse("log=" + value).log());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "debug=true | unknown option 'debug'",
                "verify=true,,log=off | unknown option ''",
                "Verify=true | unknown option 'Verify'",
                "dump | option 'dump' needs a directory",
                "dump= | option 'dump' needs a directory",
                "verify | option 'verify' is true or false, not ''",
                "verify=yes | option 'verify' is true or false, not 'yes'",
                "log=verbose | option 'log' is off, error or info, not 'verbose'",
                "log=INFO | option 'log' is off, error or info, not 'INFO'",
            })
    void invalid(String arguments, String problem) {
        String message = assertThrows(IllegalArgumentException.class, () -> AgentOptions.parse(arguments))
                .getMessage();
        assertEquals(
                problem + "; the options are dump=DIR, verify=true|false, log=off|error|info, separated by commas",
                message);
    }

    @Test
    void directoryThatIsNone() {
        String message = assertThrows(IllegalArgumentException.class, () -> AgentOptions.parse("dump=a\0b"))
                .getMessage();
        assertEquals(
                "option 'dump' needs a directory, not 'a\0b'"
                        + "; the options are dump=DIR, verify=true|false, log=off|error|info, separated by commas",
                message);
    }
}
