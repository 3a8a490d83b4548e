package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/** A program in a directory of its own, compiled as its author would and run in a JVM of its own. */
final class Program {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Path directory;
    private final List<String> jvmOptions = new ArrayList<>();

    private Program(Path directory) {
        this.directory = directory;
    }

    /** How a run ended. */
    record Outcome(int exitCode, String out, String err) {}

    /** Compiles one source file, whose class is called {@code name}. */
    static Program compile(Path directory, String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        runtime(),
                        "-d",
                        directory.toString(),
                        file.toString());
        assertTrue(status == 0, "the program compiles");
        return new Program(directory);
    }

    /** Where the runtime is: the directory or jar that its classes come from. */
    private static String runtime() {
        return Path.of(dev.heddle.Coroutine.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }

    static String agentJar() {
        return System.getProperty("heddle.agent.jar");
    }

    Program withAgent(String options) {
        jvmOptions.add("-javaagent:" + agentJar() + (options.isEmpty() ? "" : "=" + options));
        return this;
    }

    Program with(String jvmOption) {
        jvmOptions.add(jvmOption);
        return this;
    }

    Outcome run(String mainClass) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", directory + System.getProperty("path.separator") + runtime(), mainClass));
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends within a minute");
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Gives the class file of {@code name} another major version. */
    void setMajorVersion(String name, int version) throws IOException {
        Path file = directory.resolve(name + ".class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[6] = (byte) (version >> 8);
        bytes[7] = (byte) version;
        Files.write(file, bytes);
    }
}
