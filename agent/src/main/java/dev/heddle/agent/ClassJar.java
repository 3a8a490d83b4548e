package dev.heddle.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A jar. Class files are woven wherever they are in it, those of a multi-release jar ({@code META-INF/versions}) included;
 * its other entries, the order of all and what is known about each are kept.
 */
final class ClassJar implements ClassContainer {

    private final Path jar;

    ClassJar(Path jar) {
        this.jar = jar;
    }

    /** Whether {@code file} starts as a jar does: with an entry, or with the end of a jar without entries. */
    static boolean isJar(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(4);
            return Arrays.equals(start, new byte[] {'P', 'K', 3, 4})
                    || Arrays.equals(start, new byte[] {'P', 'K', 5, 6});
        }
    }

    @Override
    public Map<String, byte[]> weave(WeavePass pass) throws IOException {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        boolean signed = false;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : entries(zip)) {
                String name = entry.getName();
                signed |= isSignature(name);
                if (name.endsWith(".jar")) {
                    pass.countNestedJar();
                } else if (name.endsWith(".class")) {
                    byte[] woven = pass.weave(jar + "!/" + name, bytes(zip, entry));
                    if (woven != null) {
                        changes.put(name, woven);
                    }
                }
            }
        }
        if (signed && !changes.isEmpty()) {
            pass.refuse(
                    jar + " is signed, and weaving would break the signature; weave it before it is signed",
                    changes.size());
            return Map.of();
        }
        return changes;
    }

    @Override
    public void replace(Map<String, byte[]> woven) throws IOException {
        if (!woven.isEmpty()) {
            Path file = jar.toRealPath(); // a link stays a link
            AtomicFile.write(file, file, out -> write(woven, out));
        }
    }

    @Override
    public void copy(Map<String, byte[]> woven, Path out) throws IOException {
        if (woven.isEmpty()) {
            AtomicFile.copy(jar, copyBelow(out));
        } else {
            AtomicFile.write(copyBelow(out), jar, stream -> write(woven, stream));
        }
    }

    @Override
    public Path copyBelow(Path out) {
        return out.resolve(jar.getFileName());
    }

    private void write(Map<String, byte[]> woven, OutputStream out) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream copy = new ZipOutputStream(out)) {
            copy.setComment(zip.getComment());
            for (ZipEntry entry : entries(zip)) {
                byte[] change = woven.get(entry.getName());
                byte[] content = change == null ? bytes(zip, entry) : change;
                copy.putNextEntry(withSizes(entry, content));
                copy.write(content);
                copy.closeEntry();
            }
        }
    }

    /** The header of {@code entry} for other content: only a stored entry says its size before it comes. */
    private static ZipEntry withSizes(ZipEntry entry, byte[] content) {
        ZipEntry header = new ZipEntry(entry);
        header.setSize(content.length);
        if (entry.getMethod() == ZipEntry.STORED) {
            CRC32 checksum = new CRC32();
            checksum.update(content);
            header.setCrc(checksum.getValue());
            header.setCompressedSize(content.length);
        } else {
            header.setCompressedSize(-1);
        }
        return header;
    }

    private static List<ZipEntry> entries(ZipFile zip) {
        return zip.stream().<ZipEntry>map(entry -> entry).toList();
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** Whether an entry of this name is a signature, as the JAR file specification says. */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/") && upper.endsWith(".SF") && upper.indexOf('/', 9) < 0;
    }
}
