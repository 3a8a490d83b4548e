package dev.heddle.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher on a tree of its own with one sample, {@code hello}. The tree's JDK and Maven are scripts:
 * {@code java} prints its arguments and exits with 7, {@code mvn} makes the jars and counts its calls.
 */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {

    private static final String BUILDING =
            "samples/run: building the samples; the first time, Maven downloads what it needs";

    @TempDir
    Path temp;

    private Path tree;

    @BeforeEach
    void makeTheTree() throws IOException {
        tree = temp.resolve("a tree with spaces");
        write("samples/src/main/java/org/example/Hello.java", helloSource());
        for (String module : List.of("runtime", "agent", "samples")) {
            write(module + "/pom.xml", "");
            Files.createDirectories(tree.resolve(module + "/src/main"));
        }
        write("pom.xml", "");
        Files.copy(Path.of("run"), tree.resolve("samples/run"));
        Files.createDirectories(tree.resolve(".mvn"));
        Files.copy(Path.of("../.mvn/jdks.sh"), tree.resolve(".mvn/jdks.sh"));
        write("jdk/release", "");
        script("jdk/bin/javac", "echo javac 17.0.1");
        script("jdk/bin/java", "printf '<%s>\\n' \"$@\"; exit 7");
        script(
                "bin/mvn",
                "echo built >> mvn.log; mkdir -p agent/target samples/target",
                "touch agent/target/heddle-agent.jar samples/target/heddle-samples.jar");
    }

    @Test
    void passesArgumentsAndExitCodeThrough() throws Exception {
        Printed printed = launch("hello", "two words", "", "*", "--help");
        assertEquals(
                List.of(
                        "<-javaagent:" + tree.resolve("agent/target/heddle-agent.jar") + ">",
                        "<-cp>",
                        "<" + tree.resolve("samples/target/heddle-samples.jar") + ">",
                        "<org.example.Hello>",
                        "<two words>",
                        "<>",
                        "<*>",
                        "<--help>"),
                printed.out());
        assertEquals(7, printed.exitCode());
    }

    @Test
    void buildsWhenSomethingIsNewerOrMissing() throws Exception {
        launch("hello");
        launch("hello");
        assertEquals(1, builds());

        Files.setLastModifiedTime(
                tree.resolve("runtime/pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
        launch("hello");
        assertEquals(2, builds());

        Files.setLastModifiedTime(tree.resolve("runtime/pom.xml"), FileTime.from(Instant.EPOCH));
        Files.delete(tree.resolve("agent/target/heddle-agent.jar"));
        launch("hello");
        assertEquals(3, builds());
    }

    @Test
    void aFailedBuildRunsNothing() throws Exception {
        script("bin/mvn", "echo no such symbol; exit 1");
        Printed printed = launch("hello");
        assertEquals(List.of(), printed.out());
        assertEquals(List.of(BUILDING, "no such symbol", "samples/run: the build failed"), printed.err());
        assertEquals(1, printed.exitCode());
    }

    @Test
    void showsTheModulesAndHowMuchIsDownloaded() throws Exception {
        script(
                "bin/mvn",
                "for i in {1..120}; do echo Downloaded from central: https://example.com/$i.jar; done",
                "echo '[INFO] Building Hello World 1.0-SNAPSHOT      [2/4]'",
                "echo '[INFO] Building jar: hello.jar'",
                "mkdir -p agent/target samples/target",
                "touch agent/target/heddle-agent.jar samples/target/heddle-samples.jar");
        assertEquals(
                List.of(BUILDING, "  downloaded 50 files", "  downloaded 100 files", "  building Hello World (2 of 4)"),
                launch("hello").err());
    }

    @Test
    void listsTheSamples() throws Exception {
        Printed printed = launch("--list");
        assertEquals(List.of("samples:", "  hello      Says hello to whoever is there"), printed.out());
        assertEquals(0, printed.exitCode());
    }

    @Test
    void namesAnUnknownSampleAndListsTheOthers() throws Exception {
        Printed printed = launch("nosuch");
        assertEquals(
                List.of(
                        "samples/run: there is no sample called nosuch",
                        "samples:",
                        "  hello      Says hello to whoever is there"),
                printed.err());
        assertEquals(2, printed.exitCode());
    }

    @Test
    void describesEachSampleOfTheProject() throws Exception {
        Printed printed = run(new ProcessBuilder("./run", "--list"));
        List<String> names = printed.out().stream()
                .skip(1)
                .map(line -> line.strip().split(" ")[0])
                .toList();
        assertEquals(
                List.of(
                        "chat",
                        "crawl",
                        "gather",
                        "http",
                        "ordered",
                        "sleeping",
                        "tasks",
                        "thousand",
                        "wait",
                        "wordcount",
                        "workers"),
                names);
        for (String line : printed.out()) {
            assertTrue(line.matches("samples:|  [a-z]+ +[A-Z][^{}*]+"), line);
        }
    }

    private Printed launch(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(tree.resolve("samples/run").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).directory(temp.toFile());
        process.environment().put("JAVA_HOME", tree.resolve("jdk").toString());
        process.environment().merge("PATH", tree.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return run(process);
    }

    private Printed run(ProcessBuilder builder) throws Exception {
        Path out = temp.resolve("out");
        Path err = temp.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int exitCode = process.waitFor();
        return new Printed(Files.readAllLines(out, UTF_8), Files.readAllLines(err, UTF_8), exitCode);
    }

    private int builds() throws IOException {
        return Files.readAllLines(tree.resolve("mvn.log"), UTF_8).size();
    }

    private static String helloSource() {
        return """
                package org.example;

                /**
                 * Says hello to {@code whoever} is there. Prints one line.
                 */
                public final class Hello {

                    public static void main(String[] args) {}
                }
                """;
    }

    private void script(String path, String... lines) throws IOException {
        Path script = write(path, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path write(String path, String content) throws IOException {
        Path file = tree.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content, UTF_8);
    }
}
