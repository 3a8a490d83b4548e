package dev.heddle.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Random programs on locks and queues do what they do in CPython, in the same turns of the loop. The resource is what {@code
 * sync_programs.py} printed.
 */
class SyncProgramsIT {

    private static final String ARROW = " => ";

    @Test
    void programsRunAsInCPython() throws IOException {
        int programs = 0;
        try (BufferedReader reader = open()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String program = line.substring(0, line.indexOf(ARROW));
                assertEquals(line, program + ARROW + SyncProgram.run(program));
                programs++;
            }
        }
        assertEquals(3000, programs);
    }

    private static BufferedReader open() throws IOException {
        return new BufferedReader(new InputStreamReader(
                new GZIPInputStream(
                        Objects.requireNonNull(SyncProgramsIT.class.getResourceAsStream("sync_programs.txt.gz"))),
                StandardCharsets.UTF_8));
    }
}
