package dev.heddle.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgLineTest {

    private static final String JAR = "/repository/heddle-agent-1.jar";

    @Test
    void anArgLineThatIsThereIsKeptAndComesFirst() {
        assertEquals("-javaagent:" + JAR, ArgLine.withAgent(null, JAR, null));
        assertEquals("-javaagent:" + JAR, ArgLine.withAgent(" ", JAR, " "));
        assertEquals(
                "-javaagent:jacoco.jar=destfile=x -Xmx1g -javaagent:" + JAR + "=verify=true",
                ArgLine.withAgent("-javaagent:jacoco.jar=destfile=x -Xmx1g", JAR, "verify=true"));
    }

    @Test
    void aPathWithSpacesIsQuoted() {
        assertEquals(
                "-Xmx1g \"-javaagent:/my files/heddle-agent.jar=log=info\"",
                ArgLine.withAgent("-Xmx1g", "/my files/heddle-agent.jar", "log=info"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-javaagent:" + JAR,
                "-Xmx1g -javaagent:lib/heddle-agent.jar=verify=true -Dx=y",
                "\"-javaagent:/my files/heddle-agent-0.1.0-SNAPSHOT.jar\""
            })
    void theAgentIsNotAddedTwice(String arguments) {
        assertEquals(arguments, ArgLine.withAgent(arguments, JAR, null));
    }

    @Test
    void argumentsThatTakeThePlaceOfThePropertyAreFound() {
        String hides = "<configuration>\n  <argLine>\n -Xmx1g </argLine>\n</configuration>";

        assertEquals("-Xmx1g", ArgLine.hiding("argLine", Stream.of("null", hides)));
        assertEquals("@{argLine}", ArgLine.hiding("tests", Stream.of("<argLine>@{argLine}</argLine>")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "<configuration/>",
                "<configuration><argLine>@{argLine} -Xmx1g</argLine></configuration>",
                "<configuration><argLine>-Xmx1g ${argLine}</argLine></configuration>",
                "<configuration><argLine>-javaagent:" + JAR + "=log=info</argLine></configuration>"
            })
    void argumentsWithThePropertyOrAnAgentHideNothing(String configuration) {
        assertNull(ArgLine.hiding("argLine", Stream.of(configuration)));
    }
}
