package dev.heddle.cpython;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The Python scripts of these tests, in {@code src/test/python}. */
public final class PythonScripts {

    /** The directory of the Maven module that contains these tests. */
    public static final Path MODULE = moduleDirectory();

    private PythonScripts() {}

    /** Returns the script {@code name}. */
    public static Path of(String name) {
        return MODULE.resolve("src/test/python").resolve(name);
    }

    private static Path moduleDirectory() {
        try {
            URI classes = PythonScripts.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(classes).resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
