// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import java.lang.reflect.Executable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Holds the loop and the recorder of one test. Each is created on first use. */
final class TestFixture {

    private @Nullable TestLoop loop;
    private @Nullable EventRecorder events;

    /** Whether {@link #get} supports {@code type}. */
    static boolean provides(Class<?> type) {
        return type == TestLoop.class || type == EventRecorder.class;
    }

    /** Returns the only object of {@code type}. */
    Object get(Class<?> type) {
        if (!provides(type)) {
            throw new IllegalArgumentException(
                    "a test that returns a Coroutine, and its before and after methods, can only have parameters"
                            + " of type TestLoop and EventRecorder: " + type.getName());
        }
        return type == TestLoop.class ? loop() : events();
    }

    TestLoop loop() {
        TestLoop made = loop;
        if (made == null) {
            made = new TestLoop();
            loop = made;
        }
        return made;
    }

    private EventRecorder events() {
        EventRecorder made = events;
        if (made == null) {
            made = new EventRecorder();
            events = made;
        }
        return made;
    }

    /** Returns the arguments for {@code method}. Each of its parameter types must be supported. */
    Object[] arguments(Executable method) {
        return Arrays.stream(method.getParameterTypes()).map(this::get).toArray();
    }

    /** Closes the loop if one was created. {@code failed} says whether the test has failed. */
    void close(boolean failed) {
        if (loop != null) {
            if (failed) {
                loop.fail();
            }
            loop.close();
        }
    }
}
