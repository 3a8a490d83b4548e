package dev.heddle.weaver;

import dev.heddle.Coroutine;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/** Compiles sources in memory, with the compiler of the JDK that runs the tests or another, against runtime and tests. */
public final class SourceCompiler {

    public static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    /** Eclipse's compiler, which writes other bytecode than the JDK's. */
    public static final JavaCompiler ECJ = new EclipseCompiler();

    private static final StandardJavaFileManager FILES = JAVAC.getStandardFileManager(null, null, null);

    private SourceCompiler() {}

    /** A source does not compile, or the compiler fails. */
    public static final class Rejected extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** For a program that is not as it should be; the message says why. */
        public Rejected(String message) {
            super(message);
        }
    }

    /** The class files, by binary name, of the class {@code name} with the given {@code text} and those inside it. */
    public static Map<String, byte[]> compile(String name, String text, String... options) {
        return compile(Map.of(name, text), List.of(options));
    }

    /** The class files, by binary name, of the classes {@code names}, whose sources are below {@code directory}. */
    public static Map<String, byte[]> compileAll(
            JavaCompiler compiler, Path directory, List<String> names, List<String> options) {
        Map<String, String> sources = new HashMap<>();
        names.forEach(name -> sources.put(name, source(directory, name)));
        return compile(compiler, sources, options);
    }

    /** Returns the source of the class {@code name}, which is below {@code directory}. */
    public static String source(Path directory, String name) {
        try {
            return Files.readString(directory.resolve(name.replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The class files, by binary name, of all classes in {@code sources}, which are texts by the names of their classes.
     *
     * @throws Rejected if one does not compile
     */
    public static Map<String, byte[]> compile(Map<String, String> sources, List<String> options) {
        return compile(JAVAC, sources, options);
    }

    public static Map<String, byte[]> compile(
            JavaCompiler compiler, Map<String, String> sources, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", classPath()));
        if (compiler == JAVAC) {
            arguments.add("-Xplugin:Heddle off"); // most of what the weaver refuses would not compile
        }
        arguments.addAll(options);
        List<Source> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        StringWriter output = new StringWriter();
        Classes classes = new Classes();
        if (!compiler.getTask(output, classes, null, arguments, null, units).call()) {
            throw new Rejected(output.toString());
        }
        Map<String, byte[]> classFiles = new HashMap<>();
        classes.outputs.forEach((name, bytes) -> classFiles.put(name.replace('/', '.'), bytes.toByteArray()));
        return classFiles;
    }

    /** The messages of the compiler's plugin for {@code sources}, as {@code class:line message}. */
    public static List<String> lint(Map<String, String> sources) {
        List<Source> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new Source(name, text)));
        DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
        List<String> arguments = List.of("-proc:none", "-nowarn", "-Xmaxerrs", "100000", "-cp", classPath());
        JAVAC.getTask(new StringWriter(), new Classes(), collector, arguments, null, units)
                .call();
        List<String> messages = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : collector.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR && diagnostic.getSource() instanceof Source source) {
                messages.add(
                        source.className + ":" + diagnostic.getLineNumber() + " " + diagnostic.getMessage(Locale.ROOT));
            }
        }
        return messages;
    }

    private static String classPath() {
        return location(Coroutine.class) + File.pathSeparator + location(Script.class);
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
        private final String className;
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.className = name;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        Classes() {
            super(FILES);
        }

        /** Eclipse's compiler takes a source that is not a file only from the source path. */
        @Override
        public boolean hasLocation(Location location) {
            return location == StandardLocation.SOURCE_PATH || super.hasLocation(location);
        }

        @Override
        public boolean contains(Location location, FileObject file) {
            return file instanceof Source;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return outputs.computeIfAbsent(className, key -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
