package dev.heddle.internal.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Test;

class ThrowablesTest {

    /** JDK 17 throws it where the stack overflows while a lambda is linked. */
    @Test
    void anInternalErrorCausedByAnOverflowIsAFailureOfTheStep() {
        StackOverflowError overflow = new StackOverflowError();
        assertFalse(Throwables.leavesLoop(new InternalError(overflow)));
        assertFalse(Throwables.leavesLoop(new InternalError(new InvocationTargetException(overflow))));
        assertFalse(Throwables.leavesLoop(overflow));
    }

    @Test
    void otherInternalErrorsLeaveTheLoop() {
        assertTrue(Throwables.leavesLoop(new InternalError("defect")));
        assertTrue(Throwables.leavesLoop(new InternalError(new IllegalStateException())));
    }
}
