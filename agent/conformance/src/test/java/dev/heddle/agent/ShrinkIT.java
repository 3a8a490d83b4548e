package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program and the runtime shrunk, obfuscated and optimised by ProGuard, with the rules in the jar of the runtime. */
@Tag("slow")
@Tag("sweep")
class ShrinkIT {

    private static final String RULES = "META-INF/proguard/heddle.pro";

    @TempDir
    private Path directory;

    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        Program.compile(classes, "Shrunk", new String(resource("Shrunk.java"), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "false, -dontoptimize",
        "true, -dontoptimize",
        "false, -optimizationpasses 2",
        "true, -optimizationpasses 2"
    })
    void printsTheSame(boolean wovenBefore, String optimization) throws Exception {
        Outcome expected = WeaveRun.java(classes, "Shrunk", "-javaagent:" + Program.agentJar());
        assertEquals(0, expected.exitCode(), expected.err());
        if (wovenBefore) {
            WeaveRun.agentJar("weave", classes);
        }

        Path shrunk = shrink(optimization);

        if (!wovenBefore) {
            assertEquals(expected, run(shrunk, "-javaagent:" + Program.agentJar()), "woven by the agent");
            assertEquals(0, WeaveRun.agentJar("weave", shrunk).exitCode());
        }
        assertEquals(expected, run(shrunk), "woven at build time");
    }

    private Path shrink(String optimization) throws Exception {
        Path rules = directory.resolve("heddle.pro");
        try (ZipFile runtime = new ZipFile(WeaveRun.runtime().toFile())) {
            Files.write(rules, runtime.getInputStream(runtime.getEntry(RULES)).readAllBytes());
        }
        Path shrunk = directory.resolve("shrunk.jar");
        Path configuration = Files.writeString(directory.resolve("shrink.pro"), """
                -injars %s(**.class)
                -injars %s(!META-INF/**,!module-info.class)
                -outjars %s
                -libraryjars %s
                -include %s
                -keep public class Shrunk { public static void main(java.lang.String[]); }
                %s
                """.formatted(
                        classes, WeaveRun.runtime(), shrunk, platform(), rules, optimization));
        Outcome outcome = WeaveRun.tool(
                "java", "-cp", System.getProperty("java.class.path"), "proguard.ProGuard", "@" + configuration);
        assertEquals(0, outcome.exitCode(), outcome.out() + outcome.err());
        long before = Files.size(WeaveRun.runtime());
        assertTrue(Files.size(shrunk) < before * 3 / 4, "of " + before + " bytes, " + Files.size(shrunk) + " are left");
        return shrunk;
    }

    private static Outcome run(Path jar, String... jvmOptions) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(jvmOptions));
        arguments.addAll(List.of("-cp", jar, "Shrunk"));
        return WeaveRun.tool("java", arguments.toArray());
    }

    /** The classes of the JDK that the program and the runtime use, as a jar: not every JDK has its modules as files. */
    private Path platform() throws IOException {
        Path jar = directory.resolve("platform.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String root :
                    List.of("java.base/java", "java.base/javax", "java.management/java", "java.management/javax")) {
                Path module = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules", root.split("/")[0]);
                try (Stream<Path> files = Files.walk(module.resolve(root.split("/")[1]))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        out.putNextEntry(new ZipEntry(module.relativize(file).toString()));
                        out.write(Files.readAllBytes(file));
                        out.closeEntry();
                    }
                }
            }
        }
        return jar;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ShrinkIT.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
