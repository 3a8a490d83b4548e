package dev.heddle.weaver.jars;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** Class files from jars and from the JDK, by internal name. */
final class ClassFiles {

    /** The classes that the JVM knows by name. Copies of them would not match the code that uses them. */
    private static final Set<String> KNOWN_BY_JVM = Set.of(
            "java/lang/Object", "java/lang/String", "java/lang/Class", "java/lang/Cloneable", "java/io/Serializable");

    private static final String THROWABLE = "java/lang/Throwable";

    private ClassFiles() {}

    /** The class files of a jar, without those for certain versions of Java. */
    static Map<String, byte[]> ofJar(Path jar) throws IOException {
        Map<String, byte[]> classFiles = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        put(classFiles, in.readAllBytes());
                    }
                }
            }
        }
        return classFiles;
    }

    /**
     * Classes of a module of this JDK in packages with other names, because programs must not define classes in {@code java}.
     *
     * @param prefixes the beginnings of the names of the wanted classes
     */
    static Map<String, byte[]> ofModule(String module, List<String> prefixes) throws IOException {
        Map<String, byte[]> classFiles = new TreeMap<>();
        Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString();
                if (name.endsWith(".class") && prefixes.stream().anyMatch(name::startsWith)) {
                    put(classFiles, Files.readAllBytes(file));
                }
            }
        }
        Set<String> kept = throwables(classFiles);
        kept.addAll(KNOWN_BY_JVM);
        Remapper copy = new Remapper(Opcodes.ASM9) {
            @Override
            public String map(String name) {
                return classFiles.containsKey(name) && !kept.contains(name) ? "copy/" + name : name;
            }
        };
        Map<String, byte[]> renamed = new TreeMap<>();
        classFiles.forEach((name, classFile) -> {
            ClassWriter writer = new ClassWriter(0);
            new ClassReader(classFile).accept(new ClassRemapper(writer, copy), 0);
            renamed.put(copy.map(name), writer.toByteArray());
        });
        return renamed;
    }

    private static void put(Map<String, byte[]> classFiles, byte[] classFile) {
        String name = new ClassReader(classFile).getClassName();
        if (!name.endsWith("-info")) {
            classFiles.put(name, classFile);
        }
    }

    /** The JVM throws and catches them. */
    private static Set<String> throwables(Map<String, byte[]> classFiles) {
        Set<String> throwables = new HashSet<>();
        classFiles.forEach((name, classFile) -> {
            String parent = name;
            while (parent != null && classFiles.containsKey(parent)) {
                if (parent.equals(THROWABLE)) {
                    throwables.add(name);
                }
                parent = new ClassReader(classFiles.get(parent)).getSuperName();
            }
            if (parent != null && isThrowable(parent)) {
                throwables.add(name);
            }
        });
        return throwables;
    }

    private static boolean isThrowable(String name) {
        try {
            return Throwable.class.isAssignableFrom(Class.forName(name.replace('/', '.'), false, null));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
