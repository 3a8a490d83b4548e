// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.internal.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts objects of the program to text for messages. A failure of {@code toString} must not replace the failure that is reported. */
public final class Text {

    private Text() {}

    /** Returns the text of {@code object}. If its {@code toString} throws, returns a text that names the throwable. */
    public static String of(@Nullable Object object) {
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

    /** Returns one line for each of {@code elements}, as in a stack trace. */
    public static String ofStack(List<StackTraceElement> elements) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement element : elements) {
            text.append("\tat ").append(element).append(System.lineSeparator());
        }
        return text.toString();
    }
}
