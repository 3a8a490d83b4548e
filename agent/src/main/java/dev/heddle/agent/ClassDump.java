package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes woven classes to a directory, for {@code javap} to read. */
final class ClassDump {

    private ClassDump() {}

    /** Writes {@code classFile} below {@code directory}, a directory for each package. */
    static void write(Path directory, String className, byte[] classFile) throws IOException {
        Path file = directory.resolve(className.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, classFile);
    }
}
