package dev.heddle.weaver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** The woven class files of the shapes, for inspection. */
public final class WovenShapes {

    private WovenShapes() {}

    /** Returns all classes of the shapes that the weaver changes, nested ones included. */
    public static Stream<ClassNode> all() {
        Path directory = directory();
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .sorted()
                    .map(file -> Weaver.weave(read(file)).classFile())
                    .filter(woven -> woven != null)
                    .map(WovenShapes::parse)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the result of {@code weaver} for every class of the shapes, by binary name. */
    public static Map<String, byte[]> wovenBy(UnaryOperator<byte[]> weaver) {
        Map<String, byte[]> woven = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory())) {
            files.map(WovenShapes::read)
                    .forEach(compiled -> woven.put(
                            new ClassReader(compiled).getClassName().replace('/', '.'), weaver.apply(compiled)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return woven;
    }

    public static ClassNode parse(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.EXPAND_FRAMES);
        return node;
    }

    /** The class of the tests with the given internal name, as compiled. */
    public static ClassNode compiled(String internalName) {
        return parse(read(internalName));
    }

    /** The class file of a class of the tests, as compiled. */
    public static byte[] compiled(Class<?> type) {
        return read(type.getName().replace('.', '/'));
    }

    private static byte[] read(String internalName) {
        try (InputStream in = WovenShapes.class.getResourceAsStream("/" + internalName + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        try {
            return Path.of(WovenShapes.class
                            .getResource("shapes/BasicShapes.class")
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
