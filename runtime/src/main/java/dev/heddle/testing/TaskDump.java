// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.testing;

import dev.heddle.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;

/** Describes tasks for a message, each with its current stack. */
final class TaskDump {

    private TaskDump() {}

    static String of(Collection<? extends Task<?>> tasks) {
        StringBuilder text = new StringBuilder();
        for (Task<?> task : tasks) {
            try {
                task.printStack(text);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
        return text.toString();
    }
}
