// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;

/** Thrown when the file of a program exists, but this process may not execute it. Corresponds to {@code PermissionError}. */
public final class ProgramNotExecutableException extends IOException {

    private static final long serialVersionUID = 1;

    ProgramNotExecutableException(String message, Throwable cause) {
        super(message, cause);
    }
}
