package dev.heddle.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/** A program in a directory of its own, compiled as its author would compile it, and run in a JVM of its own. */
public final class Program {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path directory;
    private final List<String> jvmOptions = new ArrayList<>();

    private Program(Path directory) {
        this.directory = directory;
    }

    /** How a run ended. */
    public record Outcome(int exitCode, String out, String err) {}

    /** Compiles one source file, whose class is called {@code name}. */
    public static Program compile(Path directory, String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        String off = "-Xplugin:Heddle off"; // programs that are refused have to compile
        javac(off, "-cp", runtime(), "-d", directory.toString(), file.toString());
        return new Program(directory);
    }

    /** Compiles a module of one class, which is called {@code module.name}. */
    public static Program compileModule(Path directory, String module, String name, String source) throws IOException {
        Path descriptor = Files.writeString(
                directory.resolve("module-info.java"), "module " + module + " { requires dev.heddle; }");
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        javac("--module-path", runtime(), "-d", directory.toString(), descriptor.toString(), file.toString());
        return new Program(directory);
    }

    private static void javac(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--release", "17", "-proc:none", "-g"));
        all.addAll(List.of(arguments));
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, all.toArray(String[]::new));
        assertEquals(0, status, "the program compiles");
    }

    private static String runtime() {
        return whereIs(Coroutine.class).toString();
    }

    /** Returns the directory or jar from which {@code type} was loaded. */
    public static Path whereIs(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    public static String agentJar() {
        return System.getProperty("heddle.agent.jar");
    }

    public Program withAgent(String options) {
        jvmOptions.add("-javaagent:" + agentJar() + (options.isEmpty() ? "" : "=" + options));
        return this;
    }

    public Program with(String jvmOption) {
        jvmOptions.add(jvmOption);
        return this;
    }

    public Outcome run(String mainClass) throws IOException, InterruptedException {
        return launch("-cp", path(), mainClass);
    }

    public Outcome runModule(String mainClass) throws IOException, InterruptedException {
        return launch("--module-path", path(), "--module", mainClass);
    }

    private String path() {
        return directory + System.getProperty("path.separator") + runtime();
    }

    private Outcome launch(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = start(out, err, arguments);
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends within a minute");
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Starts the program. The caller has to end it. */
    public Process start(String mainClass) throws IOException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        return start(output, output, "-cp", path(), mainClass);
    }

    /** Starts the program so that its standard output can be read. Its standard error goes to {@code errors.txt}. */
    public Process open(String mainClass) throws IOException {
        return builder("-cp", path(), mainClass)
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
    }

    private Process start(Path out, Path err, String... arguments) throws IOException {
        return builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(jvmOptions);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Changes the major version of the class file of {@code name}. */
    public void setMajorVersion(String name, int version) throws IOException {
        Path file = directory.resolve(name + ".class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[6] = (byte) (version >> 8);
        bytes[7] = (byte) version;
        Files.write(file, bytes);
    }
}
