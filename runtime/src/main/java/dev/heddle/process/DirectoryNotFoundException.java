// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import java.io.IOException;

/** Thrown when the directory in which a process is to run does not exist, or is not a directory. */
public final class DirectoryNotFoundException extends IOException {

    private static final long serialVersionUID = 1;

    DirectoryNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
