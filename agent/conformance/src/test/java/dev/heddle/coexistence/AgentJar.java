package dev.heddle.coexistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.testkit.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/** An agent of another author: one source file, whose public class has a {@code premain}. */
final class AgentJar {

    private AgentJar() {}

    /** Builds the agent called {@code name} in {@code directory}. It uses the library that contains {@code ofLibrary}. */
    static Path build(Path directory, String name, String source, Class<?> ofLibrary) throws IOException {
        Path classes = Files.createDirectories(directory.resolve(name));
        Path file = Files.writeString(classes.resolve(name + ".java"), source);
        Path library = Program.whereIs(ofLibrary);
        List<String> options = List.of(
                "--release", "17", "-proc:none", "-cp", library.toString(), "-d", classes.toString(), file.toString());
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new));
        assertEquals(0, status, "the agent compiles");
        Path jar = directory.resolve(name + ".jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest(name, library));
                var files = Files.newDirectoryStream(classes, "*.class")) {
            for (Path compiled : files) {
                entries.putNextEntry(new JarEntry(compiled.getFileName().toString()));
                Files.copy(compiled, entries);
                entries.closeEntry();
            }
        }
        return jar;
    }

    private static Manifest manifest(String premainClass, Path library) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, library.toUri().toString());
        attributes.putValue("Premain-Class", premainClass);
        attributes.putValue("Can-Redefine-Classes", "true");
        return manifest;
    }
}
