// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;

/** Thrown when the program of a command does not exist. Corresponds to {@code FileNotFoundError}. */
public final class ProgramNotFoundException extends IOException {

    private static final long serialVersionUID = 1;

    ProgramNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
