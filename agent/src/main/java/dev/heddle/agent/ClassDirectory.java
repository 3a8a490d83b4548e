package dev.heddle.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory of class files, and of other files beside them. */
final class ClassDirectory implements ClassContainer {

    private final Path directory;

    ClassDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public Map<String, byte[]> weave(WeavePass pass) throws IOException {
        Map<String, byte[]> changes = new LinkedHashMap<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".jar")) {
                pass.countNestedJar();
            } else if (name.endsWith(".class")) {
                byte[] woven = pass.weave(file.toString(), Files.readAllBytes(file));
                if (woven != null) {
                    changes.put(directory.relativize(file).toString(), woven);
                }
            }
        }
        return changes;
    }

    @Override
    public void replace(Map<String, byte[]> woven) throws IOException {
        for (Map.Entry<String, byte[]> change : woven.entrySet()) {
            Path file = directory.resolve(change.getKey()).toRealPath(); // a link stays a link
            AtomicFile.write(file, file, out -> out.write(change.getValue()));
        }
    }

    @Override
    public void copy(Map<String, byte[]> woven, Path out) throws IOException {
        for (Path file : files()) {
            String name = directory.relativize(file).toString();
            byte[] change = woven.get(name);
            if (change == null) {
                AtomicFile.copy(file, out.resolve(name));
            } else {
                AtomicFile.write(out.resolve(name), file, stream -> stream.write(change));
            }
        }
    }

    @Override
    public Path copyBelow(Path out) {
        return out;
    }

    /** Every file, always in the same order, so that reports can be compared. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }
}
