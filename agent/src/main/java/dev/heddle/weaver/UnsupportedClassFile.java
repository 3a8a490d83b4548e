// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

/**
 * A class file is too new to be parsed. The message completes a sentence that begins with the class or its file. It
 * names the version and the remedy.
 */
public final class UnsupportedClassFile extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnsupportedClassFile(String message) {
        super(message);
    }

    UnsupportedClassFile(String message, RuntimeException cause) {
        super(message, cause);
    }
}
