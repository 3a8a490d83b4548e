// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** An installed JDK: its feature version, its version and vendor, and its directory. */
record Jdk(int feature, String version, Path home) {

    /** The label for values that were measured without a JDK. */
    static final String NONE = "no JDK";

    private static final String RELEASE = "release";

    /** The JDK in a directory; throws {@link UsageException} if there is none. */
    static Jdk at(Path home) {
        Path release = home.resolve(RELEASE);
        if (!Files.isRegularFile(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            throw new UsageException(home + " is not the directory of a JDK: it needs bin/java and the file release");
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException failure) {
            throw new UsageException(release + " cannot be read: " + failure);
        }
        String version = unquoted(properties, "JAVA_VERSION");
        String feature = version.replaceFirst("\\D.*", "");
        if (feature.isEmpty()) {
            throw new UsageException(release + " names no JAVA_VERSION");
        }
        String vendor = unquoted(properties, "IMPLEMENTOR");
        return new Jdk(Integer.parseInt(feature), (version + " " + vendor).strip(), home);
    }

    /** The label under which its values are filed. */
    String label() {
        return "JDK " + feature;
    }

    String java() {
        return home.resolve("bin").resolve("java").toString();
    }

    private static String unquoted(Properties properties, String key) {
        return properties.getProperty(key, "").replace("\"", "");
    }
}
