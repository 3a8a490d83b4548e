// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when a process does not read its standard input any more, because it has closed it or has ended. Corresponds to {@code BrokenPipeError}. */
public final class BrokenPipeException extends IOException {

    private static final long serialVersionUID = 1;

    BrokenPipeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
