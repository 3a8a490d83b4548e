// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A directory to which woven classes are written, for {@code javap} to read. It may be used by several threads at the
 * same time, and shared by several JVMs.
 */
final class ClassDump {

    /** Names that Windows reserves for devices, with any extension. */
    private static final Pattern DEVICE = Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)", Pattern.CASE_INSENSITIVE);

    /** The longest file name. File systems allow 255 bytes. */
    private static final int LONGEST = 200;

    private final Path path;
    private final OutputDirectory directory;

    /** The files written so far, by a name that is the same for all names that a file system may treat as equal. */
    private final Map<String, Integer> written = new ConcurrentHashMap<>();

    ClassDump(Path directory) {
        this.path = directory;
        this.directory = new OutputDirectory(directory);
    }

    /**
     * Writes {@code classFile}, in one directory per package. If a class with this name has been written already, by
     * another class loader or in another version, the file name gets a number.
     */
    void write(String className, byte[] classFile) throws IOException {
        String name = fileName(className);
        Integer content = Arrays.hashCode(classFile);
        for (int number = 1; ; number++) {
            String numbered = number == 1 ? name : name + "~" + number;
            Integer other = written.putIfAbsent(numbered.toLowerCase(Locale.ROOT), content);
            if (other == null) {
                Path file = directory.file(Path.of(numbered + ".class"));
                AtomicFile.write(file, out -> out.write(classFile));
            }
            if (other == null || other.equals(content)) {
                return;
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /**
     * The file name of a class. The name may be any string, because the JVM may not have checked yet that it is valid
     * (JVMS 4.2.1).
     */
    private static String fileName(String className) {
        StringBuilder file = new StringBuilder();
        for (String part : className.split("[./]", -1)) {
            file.append(file.length() == 0 ? "" : "/").append(escaped(part));
        }
        return file.toString();
    }

    /** Escapes all characters except letters, digits, {@code $}, {@code -} and {@code _} as in a URL. */
    private static String escaped(String part) {
        StringBuilder escaped = new StringBuilder();
        for (byte unit : part.getBytes(StandardCharsets.UTF_8)) {
            boolean isPlain = unit > ' ' && (Character.isLetterOrDigit(unit) || "$-_".indexOf(unit) >= 0);
            escaped.append(isPlain ? String.valueOf((char) unit) : String.format(Locale.ROOT, "%%%02X", unit));
        }
        if (escaped.length() == 0 || DEVICE.matcher(escaped).matches()) {
            escaped.append('%');
        }
        if (escaped.length() > LONGEST) {
            escaped.setLength(LONGEST);
            escaped.append('~').append(Integer.toHexString(part.hashCode()));
        }
        return escaped.toString();
    }
}
