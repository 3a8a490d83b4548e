// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar. Class files are woven wherever they are in it, including those of a multi-release jar
 * ({@code META-INF/versions}). All other entries, the order of the entries and their attributes are kept.
 */
final class ClassJar implements ClassContainer {

    private final Path jar;

    ClassJar(Path jar) {
        this.jar = jar;
    }

    /** Whether {@code file} starts like a jar: with an entry, or with the end record of an empty jar. */
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
                    byte[] woven = pass.weave(jar + "!/" + name, () -> zip.getInputStream(entry));
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
            Path file = jar.toRealPath(); // the link itself is not replaced
            AtomicFile.write(file, file, out -> write(woven, out));
        }
    }

    @Override
    public void copy(Map<String, byte[]> woven, Path out) throws IOException {
        Path copy = new OutputDirectory(out).file(jar.getFileName());
        if (woven.isEmpty()) {
            AtomicFile.copy(jar, copy);
        } else {
            AtomicFile.write(copy, jar, stream -> write(woven, stream));
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
                copy.putNextEntry(header(entry, change));
                if (change != null) {
                    copy.write(change);
                } else {
                    try (InputStream in = zip.getInputStream(entry)) {
                        in.transferTo(copy);
                    }
                }
                copy.closeEntry();
            }
        }
    }

    /**
     * The header of {@code entry} for its old content or {@code change}. A stored entry needs its size in the header.
     */
    private static ZipEntry header(ZipEntry entry, byte @Nullable [] change) {
        ZipEntry header = new ZipEntry(entry);
        if (entry.getMethod() != ZipEntry.STORED) {
            header.setCompressedSize(-1);
        }
        if (change != null) {
            header.setSize(change.length);
            CRC32 checksum = new CRC32();
            checksum.update(change);
            header.setCrc(checksum.getValue());
            if (entry.getMethod() == ZipEntry.STORED) {
                header.setCompressedSize(change.length);
            }
        }
        return header;
    }

    /** The entries that the JVM finds. If several have one name, it takes the last. */
    private static Collection<? extends ZipEntry> entries(ZipFile zip) {
        Map<String, ZipEntry> entries = new LinkedHashMap<>();
        zip.stream().forEach(entry -> entries.put(entry.getName(), entry));
        return entries.values();
    }

    /** Whether an entry with this name is part of a signature, according to the JAR file specification. */
    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/") && upper.endsWith(".SF") && upper.indexOf('/', 9) < 0;
    }
}
