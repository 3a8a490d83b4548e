package dev.heddle.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The part about virtual time in the message of a time limit. */
class TimeLimitTest {

    private static final String CALL = "one call in an executor is outstanding";

    @Test
    void timeThatWaitsForTheOutside() {
        assertEquals("virtual time stands at 2.5 s: " + CALL, TimeLimit.describe(2.5, true, false, CALL));
        assertEquals("virtual time stands at 2.5 s: " + CALL, TimeLimit.describe(2.5, true, true, CALL));
    }

    @Test
    void timeThatIsHeldUpByWhatIsReady() {
        String expected = "virtual time stands at 0.0 s: something was ready in every turn";
        assertEquals(expected, TimeLimit.describe(0, false, false, ""));
        assertEquals(expected, TimeLimit.describe(0, false, false, CALL), "nobody has waited for the call");
    }

    @Test
    void timeThatPasses() {
        assertEquals("virtual time has reached 9.0 s, one timer after another", TimeLimit.describe(9, false, true, ""));
    }
}
