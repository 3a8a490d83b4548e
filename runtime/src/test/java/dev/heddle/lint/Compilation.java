package dev.heddle.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.util.JavacTask;
import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The messages of a compilation against the runtime, in which javac finds the plugin by itself.
 *
 * @param messages each as {@code line kind text}
 */
record Compilation(List<String> messages) {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private static final String HEADER = "import static dev.heddle.Asyncio.*; import dev.heddle.*; import java.util.*;"
            + " import java.util.function.*; import java.util.concurrent.*; class Snippet { ";

    /** Methods that the snippets call. */
    private static final String FOOTER =
            "@Async static Coroutine<Integer> work() { return Coroutine.of(await(sleep(1, 1))); }"
                    + " @Async static Coroutine<Integer> work(Object o) { return work(); }"
                    + " static Coroutine<Integer> plain() { return work(); } }";

    private static final Pattern EXPECTED = Pattern.compile("// (error|warning) (.*)");

    private static final class SourceFile extends SimpleJavaFileObject {
        private final String text;

        SourceFile(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Writes class files nowhere. */
    private static final class Discarding extends ForwardingJavaFileManager<JavaFileManager> {
        Discarding() {
            super(FILES);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return OutputStream.nullOutputStream();
                }
            };
        }
    }

    /** Compiles the members {@code text} of a class, which starts on line 1. */
    static Compilation ofMembers(String text, String... options) {
        return of("Snippet", HEADER + text + FOOTER, task -> {}, options);
    }

    /** Compiles the file {@code text}. */
    static Compilation of(String name, String text, Consumer<JavacTask> beforehand, String... options) {
        DiagnosticCollector<JavaFileObject> collector = new DiagnosticCollector<>();
        List<String> all = new ArrayList<>(List.of("-proc:none", "-cp", runtime()));
        all.addAll(List.of(options));
        JavacTask task = (JavacTask) COMPILER.getTask(
                new StringWriter(), new Discarding(), collector, all, null, List.of(new SourceFile(name, text)));
        beforehand.accept(task);
        task.call();
        return new Compilation(
                collector.getDiagnostics().stream().map(Compilation::message).toList());
    }

    private static String message(Diagnostic<? extends JavaFileObject> diagnostic) {
        String kind = diagnostic.getKind().toString().toLowerCase(Locale.ROOT);
        return diagnostic.getLineNumber() + " " + kind + " " + diagnostic.getMessage(Locale.ROOT);
    }

    /** The messages that the comments in {@code text} announce. */
    static List<String> expected(String text) {
        List<String> expected = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Matcher comment = EXPECTED.matcher(lines[i]);
            if (comment.find()) {
                for (String message : comment.group(2).split(" && ", -1)) {
                    expected.add((i + 1) + " " + comment.group(1) + " [heddle] " + message);
                }
            }
        }
        return expected;
    }

    /** Checks that the messages are {@code expected}, of which each may be the beginning of a message. */
    void assertMessages(List<String> expected) {
        boolean equal = messages.size() == expected.size();
        for (int i = 0; equal && i < expected.size(); i++) {
            equal = messages.get(i).startsWith(expected.get(i));
        }
        if (!equal) {
            assertEquals(String.join("\n", expected), String.join("\n", messages));
        }
    }

    private static String runtime() {
        return Program.whereIs(Coroutine.class).toString();
    }
}
