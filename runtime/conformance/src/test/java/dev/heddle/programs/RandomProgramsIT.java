package dev.heddle.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random programs do what they do in CPython, in the same turns of the loop. The resources are what {@code
 * random_programs.py} printed: for each program its text, the events line by line, and an empty line.
 */
class RandomProgramsIT {

    @TestFactory
    Stream<DynamicTest> programsRunAsInCPython() throws IOException {
        return programs("random_programs.txt.gz", false);
    }

    @TestFactory
    Stream<DynamicTest> programsWithBlocksRunAsInCPython() throws IOException {
        return programs("random_blocks.txt.gz", false);
    }

    @TestFactory
    Stream<DynamicTest> programsWithEagerTasksRunAsInCPython() throws IOException {
        return programs("random_eager.txt.gz", true);
    }

    private static Stream<DynamicTest> programs(String resource, boolean eager) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (BufferedReader reader = open(resource)) {
            for (String program = reader.readLine(); program != null; program = reader.readLine()) {
                String text = program;
                String expected = events(reader);
                tests.add(DynamicTest.dynamicTest(
                        "program " + (tests.size() + 1),
                        () -> assertEquals(expected, actual(text, eager), () -> "events of " + text)));
            }
        }
        return tests.stream();
    }

    private static BufferedReader open(String resource) throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Objects.requireNonNull(RandomProgramsIT.class.getResourceAsStream(resource))),
                StandardCharsets.UTF_8));
    }

    private static String events(BufferedReader reader) throws IOException {
        List<String> events = new ArrayList<>();
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            events.add(line);
        }
        return String.join("\n", events);
    }

    private static String actual(String program, boolean eager) {
        return String.join("\n", ProgramInterpreter.run(ProgramText.parse(program), eager));
    }
}
