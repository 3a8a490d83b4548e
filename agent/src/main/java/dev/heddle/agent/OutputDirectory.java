// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A directory to write to. No file is written outside of it, wherever names and symbolic links lead. */
final class OutputDirectory {

    private final Path directory;

    OutputDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * The file with the path {@code name} in this directory. Its parent directories are created.
     *
     * @throws IOException if the file would be outside, or if a directory cannot be created
     */
    Path file(Path name) throws IOException {
        create(directory);
        Path file = directory.resolve(name);
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent());
        if (name.isAbsolute() || !realPath(parent).startsWith(directory.toRealPath())) {
            throw new IOException(file + " would be outside of " + directory);
        }
        create(parent);
        return file;
    }

    /**
     * Creates {@code directory} unless it exists. Before JDK 20, {@code createDirectories} fails at a link to a
     * directory.
     */
    private static void create(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    /** The path with its links resolved. The path need not exist: only its existing part is resolved. */
    static Path realPath(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }
}
