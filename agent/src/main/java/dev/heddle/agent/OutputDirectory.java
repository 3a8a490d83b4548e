package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A directory to write to. Nothing is written outside of it, wherever names and symbolic links lead. */
final class OutputDirectory {

    private final Path directory;

    OutputDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * The file called {@code name}, which may start with the names of directories. The directories exist then.
     *
     * @throws IOException if the file would be outside, or if a directory cannot be made
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

    /** Makes {@code directory} unless it is there. A link to one is refused where it should be made, before JDK 20. */
    private static void create(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    /** The path without links, which need not exist: what does exist of it is looked up. */
    static Path realPath(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }
}
