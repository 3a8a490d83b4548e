package dev.heddle;

import org.jspecify.annotations.Nullable;

/** The texts of what programs give to a loop, for messages: where a failure is told of, making one must not be another. */
final class Text {

    private Text() {}

    /** The text of {@code object}; one that tells what its {@code toString} has thrown, if that does not give one. */
    static String of(@Nullable Object object) {
        try {
            return String.valueOf(object);
        } catch (Throwable failure) {
            if (object == null || Throwables.leavesLoop(failure)) {
                throw failure;
            }
            return "<" + object.getClass().getName() + " whose toString threw "
                    + failure.getClass().getName() + ">";
        }
    }
}
