package dev.heddle.testing;

import java.lang.reflect.Executable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The loop and the recorder of one test, each made when it is first needed. */
final class TestFixture {

    private @Nullable TestLoop loop;
    private @Nullable EventRecorder events;

    /** Whether {@link #get} knows {@code type}. */
    static boolean provides(Class<?> type) {
        return type == TestLoop.class || type == EventRecorder.class;
    }

    /** The one object of {@code type}. */
    Object get(Class<?> type) {
        if (!provides(type)) {
            throw new IllegalArgumentException(
                    "a parameter of a test that returns a Coroutine, or of a method around it, is a TestLoop"
                            + " or an EventRecorder: " + type.getName());
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

    /** The arguments of {@code method}, whose parameters are all known here. */
    Object[] arguments(Executable method) {
        return Arrays.stream(method.getParameterTypes()).map(this::get).toArray();
    }

    /** Closes the loop if there is one, after a test that has {@code failed} or not. */
    void close(boolean failed) {
        if (loop != null) {
            if (failed) {
                loop.fail();
            }
            loop.close();
        }
    }
}
