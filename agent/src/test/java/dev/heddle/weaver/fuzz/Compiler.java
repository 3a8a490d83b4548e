package dev.heddle.weaver.fuzz;

import dev.heddle.Coroutine;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles many generated classes at once, in memory, with the compiler of the JDK that runs the tests. */
final class Compiler {

    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();
    private static final StandardJavaFileManager FILES = JAVAC.getStandardFileManager(null, null, null);
    private static final String CLASS_PATH = location(Coroutine.class) + File.pathSeparator + location(Trace.class);

    private Compiler() {}

    /** The programs do not compile, or the compiler fails. */
    static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1;

        Rejected(String message) {
            super(message);
        }
    }

    /**
     * The class files, by binary name, of the plain and the woven version of all {@code programs}.
     *
     * @throws Rejected if one does not compile
     */
    static Map<String, byte[]> compile(List<Program> programs, List<String> options) {
        List<Source> sources = new ArrayList<>();
        for (Program program : programs) {
            sources.add(new Source(program.className(true), program.source(true)));
            sources.add(new Source(program.className(false), program.source(false)));
        }
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-Xlint:none", "-cp", CLASS_PATH));
        arguments.addAll(options);
        StringWriter output = new StringWriter();
        Outputs outputs = new Outputs();
        if (!JAVAC.getTask(output, outputs, null, arguments, null, sources).call()) {
            throw new Rejected(output.toString());
        }
        Map<String, byte[]> classFiles = new HashMap<>();
        outputs.classes.forEach((name, bytes) -> classFiles.put(name, bytes.toByteArray()));
        return classFiles;
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

        Outputs() {
            super(FILES);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(className, key -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
