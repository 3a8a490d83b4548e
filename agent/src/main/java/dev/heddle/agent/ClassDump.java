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
 * A directory that woven classes are written to, for {@code javap} to read. Threads may write to it at the same time, and JVMs
 * may share it.
 */
final class ClassDump {

    /** What Windows takes for a device, with any extension. */
    private static final Pattern DEVICE = Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)", Pattern.CASE_INSENSITIVE);

    /** File systems take 255 bytes. */
    private static final int LONGEST = 200;

    private final Path path;
    private final OutputDirectory directory;

    /** What has been written, by the names that file systems take for the same. */
    private final Map<String, Integer> written = new ConcurrentHashMap<>();

    ClassDump(Path directory) {
        this.path = directory;
        this.directory = new OutputDirectory(directory);
    }

    /**
     * Writes {@code classFile}, in a directory for each package. If another class of the same name has been written, of
     * another loader or another version, a number is added to the name of the file.
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

    /** The class loader may not have seen yet that this is no name of a class (JVMS 4.2.1): it can be any string. */
    private static String fileName(String className) {
        StringBuilder file = new StringBuilder();
        for (String part : className.split("[./]", -1)) {
            file.append(file.length() == 0 ? "" : "/").append(escaped(part));
        }
        return file.toString();
    }

    /** Letters, digits, {@code $}, {@code -} and {@code _} as they are, everything else as in a URL. */
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
