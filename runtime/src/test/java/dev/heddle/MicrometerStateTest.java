package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MicrometerStateTest {

    @Test
    void missingLibraryIsNamed() {
        for (int i = 0; i < 2; i++) {
            Throwable failure = assertThrows(IllegalStateException.class, Context::mirrorMicrometer);
            assertEquals(
                    "Context.mirrorMicrometer needs io.micrometer:context-propagation, 1.1 or later, on the class path",
                    failure.getMessage());
        }
        assertEquals(0, Mirror.open().size());
    }
}
