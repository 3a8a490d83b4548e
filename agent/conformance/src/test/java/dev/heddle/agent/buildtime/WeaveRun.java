package dev.heddle.agent.buildtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Shared by the tests of weaving at build time: programs to weave, and the command line. */
public final class WeaveRun {

    public static final String HELLO = """
            class Hello {
                public static void main(String[] args) {
                    System.out.println("hello");
                }
            }
            """;

    public static final String DEMO = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            public class Demo {
                @Async
                static Coroutine<Integer> work(int i) {
                    await(sleep(0));
                    return Coroutine.of(i);
                }

                public static void main(String[] args) {
                    System.out.println(run(work(7)));
                }
            }
            """;

    public static final String REFUSED = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Refused {
                @Async
                static Coroutine<Integer> locked(Object lock) {
                    synchronized (lock) {
                        return Coroutine.of(await(work()));
                    }
                }

                @Async
                static Coroutine<Integer> work() {
                    await(sleep(0));
                    return Coroutine.of(3);
                }
            }
            """;

    public static final String REFUSED_MESSAGE =
            "heddle-agent: Refused.locked (Refused.java:8): await inside a synchronized block, whose monitor would stay"
                    + " locked while others run; use dev.heddle.sync.Lock, or await before or after the block\n";

    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

    private WeaveRun() {}

    /** Runs {@code java -jar heddle-agent.jar arguments}. */
    public static Outcome agentJar(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(BIN.resolve("java").toString(), "-jar", Program.agentJar()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return launch(Path.of("."), command, Map.of());
    }

    /** Runs a tool of the JDK. */
    public static Outcome tool(String name, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(BIN.resolve(name).toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return launch(Path.of("."), command, Map.of());
    }

    public static Outcome launch(Path directory, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            assertTrue(process.waitFor(300, TimeUnit.SECONDS), command + " ends within five minutes");
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Runs the class {@code mainClass}, which is in a directory or jar {@code classes}. */
    public static Outcome java(Path classes, String mainClass, String... jvmOptions)
            throws IOException, InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of(jvmOptions));
        arguments.addAll(List.of("-cp", classes + File.pathSeparator + runtime(), mainClass));
        return tool("java", arguments.toArray());
    }

    /** Returns the class file that the agent produces for {@code className} in {@code classes} while {@code mainClass} runs. */
    public static byte[] wovenByTheAgent(Path classes, String mainClass, String className) throws Exception {
        Path dump = Files.createTempDirectory("dump");
        Outcome outcome = java(classes, mainClass, "-javaagent:" + Program.agentJar() + "=dump=" + dump);
        assertEquals(0, outcome.exitCode(), outcome.err());
        Path file = dump.resolve(className + ".class");
        byte[] woven = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(dump);
        return woven;
    }

    /** The jar of the runtime, which the reactor has packaged. */
    public static Path runtime() {
        try {
            return Path.of(Coroutine.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The contents of every file below {@code directory} with its time of change, by relative name. */
    public static Map<String, String> state(Path directory) throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> state.put(directory.relativize(file).toString(), describe(file)));
        }
        return state;
    }

    private static String describe(Path file) {
        try {
            return Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
