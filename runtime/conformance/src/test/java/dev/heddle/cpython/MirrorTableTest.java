package dev.heddle.cpython;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes the table of CPython's tests to {@code target/cpython-tests.md}, and checks that it is complete. */
class MirrorTableTest {

    @Test
    void everyTestOfCPythonIsMirroredOrHasAReason() throws IOException {
        MirrorTable table = new MirrorTable();
        table.write(Path.of("target", "cpython-tests.md"));
        assertEquals(List.of(), table.mistakes);
        assertEquals(List.of(), table.toDo());
    }
}
