package dev.heddle.agent;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/** Replaces files in one step: whoever reads one sees it as it was or as it is, never half of it. */
final class AtomicFile {

    /** What to write. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** How the file that becomes the target gets its content. */
    private interface Filling {
        void fill(Path temporary) throws IOException;
    }

    private AtomicFile() {}

    /** Writes {@code content} to {@code target}, with the permissions of {@code model}, unless it is there already. */
    static void write(Path target, Path model, Content content) throws IOException {
        replace(target, temporary -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                content.writeTo(out);
            }
            copyPermissions(model, temporary);
        });
    }

    /** Writes {@code content} to {@code target}, unless it is there already. */
    static void write(Path target, Content content) throws IOException {
        replace(target, temporary -> {
            Files.delete(temporary); // made again with the permissions that new files have
            try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(out);
            }
        });
    }

    /** Copies {@code source} to {@code target}, its time of change included, unless it is there already. */
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

    /** A temporary file can be read by its owner alone, a class by everyone who could before. */
    private static void copyPermissions(Path from, Path to) throws IOException {
        if (Files.getFileAttributeView(to, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }
}
