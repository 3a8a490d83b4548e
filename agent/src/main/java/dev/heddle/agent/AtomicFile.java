// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Replaces files in one step. A reader sees the old content or the new one, never half of a file. */
final class AtomicFile {

    /** The content to write. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Fills the temporary file that becomes the target. */
    private interface Filling {
        void fill(Path temporary) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes {@code content} to {@code target} with the permissions of {@code model}, unless {@code target} has this
     * content already.
     */
    static void write(Path target, Path model, Content content) throws IOException {
        replace(target, temporary -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                content.writeTo(out);
            }
            copyPermissions(model, temporary);
        });
    }

    /** Writes {@code content} to {@code target}, unless it has this content already. */
    static void write(Path target, Content content) throws IOException {
        replace(target, temporary -> {
            Files.delete(temporary); // created again below, with the permissions of a new file
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
            }
        });
    }

    /**
     * Copies {@code source} to {@code target} with its time of change, unless {@code target} has this content already.
     */
    static void copy(Path source, Path target) throws IOException {
        replace(
                target,
                temporary -> Files.copy(
                        source, temporary, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES));
    }

    private static void replace(Path target, Filling filling) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, ".heddle", ".tmp");
        try {
            filling.fill(temporary);
            moveUnlessEqual(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void moveUnlessEqual(Path temporary, Path target) throws IOException {
        if (!Files.isRegularFile(target) || Files.mismatch(temporary, target) >= 0) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Copies the permissions, because only its owner can read a temporary file. */
    private static void copyPermissions(Path from, Path to) throws IOException {
        if (Files.getFileAttributeView(to, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }
}
