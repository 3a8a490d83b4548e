package dev.heddle.samples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Runner;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A snippet of Java, which is one of these:
 *
 * <ul>
 *   <li>a whole file, if it has imports;
 *   <li>the members of a class {@code Guide}, if a line at the margin begins a declaration;
 *   <li>otherwise statements, the body of an async method {@code main} of that class.
 * </ul>
 *
 * <p>A method {@code main(String[])}, and a snippet with options, run in a JVM of their own, in real time. Any other coroutine {@code main()} runs in
 * virtual time in this JVM. JUnit runs the tests of a class whose name ends with {@code Test}. A snippet that has none of these has to be refused by the compiler.
 *
 * <p>Options: the oldest JDK that can run the snippet; {@code preview} if it uses preview features of exactly that JDK; {@code no-agent}
 * to run it without the agent.
 */
final class JavaSnippet {

    private static final String MAIN = "static void main(String[] args)";

    private static final Pattern DECLARATION =
            Pattern.compile("(@\\w+|static|final|public|private|abstract|sealed|class|record|interface|enum)\\b.*");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;");
    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?(?:final )?class (\\w+)");
    private static final Pattern TEST_CLASS = Pattern.compile("(?m)^class (\\w+Test)\\b");
    private static final Pattern DIAGNOSTIC =
            Pattern.compile("(?:.*[/\\\\])?(\\w+\\.java:\\d+: (?:error|warning): .*)");
    private static final Pattern STACK_FRAME = Pattern.compile("\\s+(at .*|\\.\\.\\. \\d+ more)");

    private final Snippet snippet;
    private final String imports;
    private final Path directory;
    private final String className;
    private final List<String> printed = new ArrayList<>();

    /** @param imports the imports of snippets that are not whole files, on one line */
    JavaSnippet(Snippet snippet, String imports, Path directory) {
        this.snippet = snippet;
        this.imports = imports;
        this.directory = directory;
        Matcher type = CLASS.matcher(snippet.code());
        className = isWholeFile() && type.find() ? type.group(1) : "Guide";
    }

    private boolean isWholeFile() {
        return IMPORT.matcher(snippet.code()).find();
    }

    /** Returns the imports of {@code file}, a snippet that is a whole file, on one line. */
    static String importsOf(Snippet file) {
        return IMPORT.matcher(file.code()).results().map(MatchResult::group).collect(Collectors.joining(" ", "", " "));
    }

    /** Returns the version of the oldest JDK that can run the snippet. */
    int oldestJdk() {
        return snippet.options().stream()
                .filter(option -> option.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(17);
    }

    boolean usesPreview() {
        return snippet.options().contains("preview");
    }

    /** Compiles and runs the snippet, and returns what the compiler and the program print. */
    List<String> print() throws Exception {
        if (!compiles()) {
            return printed;
        }
        Matcher tests = TEST_CLASS.matcher(snippet.code());
        if (tests.find()) {
            printed.addAll(captured(() -> test(tests.group(1))));
        } else if (needsItsOwnJvm()) {
            printed.addAll(inItsOwnJvm());
        } else if (hasCoroutineMain()) {
            printed.addAll(captured(this::runInVirtualTime));
        } else {
            throw new AssertionError("nothing runs this snippet: it has no main, no test, and the compiler accepts it");
        }
        return printed;
    }

    /** Compiles the snippet without running it, and returns what the compiler prints. */
    List<String> compile() throws IOException {
        compiles();
        return printed;
    }

    private boolean needsItsOwnJvm() {
        return !snippet.options().isEmpty() || snippet.code().contains(MAIN);
    }

    // Compiling

    private boolean isStatements() {
        return !isWholeFile()
                && snippet.code()
                        .lines()
                        .noneMatch(line -> DECLARATION.matcher(line).matches());
    }

    private boolean hasCoroutineMain() {
        return isStatements() || snippet.code().contains("Coroutine<Void> main()");
    }

    /** Returns the source file. The lines have the numbers that they have in the snippet. */
    private String source() {
        if (isWholeFile()) {
            return snippet.code();
        }
        if (TEST_CLASS.matcher(snippet.code()).find()) {
            return imports + snippet.code();
        }
        String members = isStatements()
                ? "@Async static Coroutine<Void> main() throws Exception { if (true) { " + snippet.code()
                        + "\n} return Coroutine.done(); }"
                : snippet.code();
        boolean lacksMain = hasCoroutineMain() && !members.contains(MAIN);
        return imports + "class Guide { " + members + "\n"
                + (lacksMain ? "public " + MAIN + " { run(() -> main()); }" : "") + "}";
    }

    private boolean compiles() throws IOException {
        String name = TEST_CLASS.matcher(snippet.code()).find() ? "GuideTest" : className;
        Path file = Files.writeString(directory.resolve(name + ".java"), source());
        List<String> arguments = new ArrayList<>(List.of("--release", "" + oldestJdk(), "-proc:none", "-g"));
        if (usesPreview()) {
            arguments.add("--enable-preview");
        }
        arguments.addAll(List.of("-cp", classPath(), "-d", directory.toString(), file.toString()));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(String[]::new));
        messages.toString(UTF_8).lines().forEach(line -> {
            Matcher diagnostic = DIAGNOSTIC.matcher(line);
            if (diagnostic.matches()) {
                printed.add(diagnostic.group(1));
            }
        });
        if (status != 0 && printed.isEmpty()) {
            throw new AssertionError(messages.toString(UTF_8));
        }
        return status == 0;
    }

    /** Returns the class path of the tests, without the annotations that come with no dependency of a program. */
    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("jspecify"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    // Running

    private List<String> inItsOwnJvm() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!snippet.options().contains("no-agent")) {
            command.add("-javaagent:" + System.getProperty("heddle.agent.jar"));
        }
        if (usesPreview()) {
            command.add("--enable-preview");
        }
        command.add("-Djava.util.logging.SimpleFormatter.format=%4$s: %5$s%n"); // no date
        command.addAll(List.of("-cp", directory + File.pathSeparator + classPath(), className));
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                throw new AssertionError("the program has not ended after two minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        return shown(Files.readString(output));
    }

    private Void runInVirtualTime() throws Exception {
        try (URLClassLoader loader = loader();
                Runner runner = new Runner(EventLoop::virtualTime)) {
            Method main = loader.loadClass(className).getDeclaredMethod("main");
            main.setAccessible(true);
            runner.run((Coroutine<?>) main.invoke(null));
        } catch (InvocationTargetException failure) {
            throw new AssertionError("calling an async method runs nothing", failure);
        } catch (Throwable failure) {
            System.out.println("Exception in thread \"main\" " + failure);
        }
        return null;
    }

    private Void test(String testClass) throws Exception {
        try (URLClassLoader loader = loader()) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(loader.loadClass(testClass)))
                    .build();
            LauncherFactory.create().execute(request, new TestExecutionListener() {
                @Override
                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                    if (test.isTest()) {
                        System.out.println(test.getDisplayName() + " " + result.getStatus());
                        result.getThrowable().ifPresent(failure -> System.out.println(failure.getMessage()));
                    }
                }
            });
        }
        return null;
    }

    private URLClassLoader loader() throws IOException {
        return new URLClassLoader(new java.net.URL[] {directory.toUri().toURL()}, JavaSnippet.class.getClassLoader());
    }

    private static List<String> captured(Callable<Void> program) throws Exception {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, UTF_8);
        System.setOut(stream);
        System.setErr(stream);
        try {
            program.call();
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
        return shown(bytes.toString(UTF_8));
    }

    private static List<String> shown(String output) {
        return output.lines()
                .filter(line -> !STACK_FRAME.matcher(line).matches())
                .toList();
    }
}
