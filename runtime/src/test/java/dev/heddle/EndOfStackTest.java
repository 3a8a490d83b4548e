package dev.heddle;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EndOfStackTest {

    private static Iterable<String> names() {
        return EndOfStack.NAMES;
    }

    /** A class that is missing is not loaded, as shrunk programs may lack it. */
    @ParameterizedTest
    @MethodSource("names")
    void everyClassExists(String name) {
        Assertions.assertDoesNotThrow(() -> Class.forName("dev.heddle." + name));
    }
}
