// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A directory of class files and other files. */
final class ClassDirectory implements ClassContainer {

    private final Path directory;

    ClassDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public Map<String, byte[]> weave(WeavePass pass) throws IOException {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        Path root = directory.toRealPath();
        for (Path file : files(root)) {
            String name = root.relativize(file).toString();
            if (Files.isSymbolicLink(file)) {
                if (!OutputDirectory.realPath(file).startsWith(root)) {
                    pass.countLink();
                }
            } else if (name.endsWith(".jar")) {
                pass.countNestedJar();
            } else if (name.endsWith(".class")) {
                byte[] woven = pass.weave(directory.resolve(name).toString(), () -> Files.newInputStream(file));
                if (woven != null) {
                    changes.put(name, woven);
                }
            }
        }
        return changes;
    }

    @Override
    public void replace(Map<String, byte[]> woven) throws IOException {
        for (Map.Entry<String, byte[]> change : woven.entrySet()) {
            Path file = directory.resolve(change.getKey());
            AtomicFile.write(file, file, out -> out.write(change.getValue()));
        }
    }

    @Override
    public void copy(Map<String, byte[]> woven, Path out) throws IOException {
        Path root = directory.toRealPath();
        OutputDirectory target = new OutputDirectory(out);
        for (Path file : files(root)) {
            Path name = root.relativize(file);
            byte[] change = woven.get(name.toString());
            Path copy = target.file(name);
            if (Files.isSymbolicLink(file)) {
                copyLink(root, file, copy);
            } else if (change == null) {
                AtomicFile.copy(file, copy);
            } else {
                AtomicFile.write(copy, file, stream -> stream.write(change));
            }
        }
    }

    /**
     * Copies a link. If its target is copied too, the new link points to the copy; otherwise it points to the same
     * target.
     */
    private static void copyLink(Path root, Path link, Path copy) throws IOException {
        Path target = OutputDirectory.realPath(link.resolveSibling(Files.readSymbolicLink(link)));
        Path copied = target.startsWith(root)
                ? Path.of(".").resolve(Objects.requireNonNull(link.getParent()).relativize(target)) // may be empty
                : target;
        if (!Files.isSymbolicLink(copy) || !Files.readSymbolicLink(copy).equals(copied)) {
            Files.deleteIfExists(copy);
            Files.createSymbolicLink(copy, copied);
        }
    }

    @Override
    public Path copyBelow(Path out) {
        return out;
    }

    /**
     * Every file and symbolic link, always in the same order, so that reports can be compared. No link is followed:
     * files inside of {@code root} are found without it, and files outside are not to be woven.
     */
    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(
                            file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
