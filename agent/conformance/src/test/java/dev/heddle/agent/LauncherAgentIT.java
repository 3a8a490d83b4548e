package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that start woven by {@code java -jar}, because their manifest has a {@code Launcher-Agent-Class}. */
class LauncherAgentIT {

    /** The main class is woven itself, a lambda of its own included. */
    private static final String MAIN = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            public class Main {
                @Async
                static Coroutine<Integer> work(int i) {
                    await(sleep(0));
                    return Coroutine.of(i);
                }

                public static void main(String[] args) {
                    System.out.println(run(() -> Coroutine.of(await(work(3)) + await(work(4)))));
                }
            }
            """;

    private static final Outcome WORKED = new Outcome(0, "7\n", "");

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void nameTheJar() {
        jar = directory.resolve("app.jar");
    }

    /** Writes a jar with the classes of the program that {@code source} is, and with all classes of {@code libraries}. */
    private void write(Map<String, String> manifestEntries, String name, String source, Path... libraries)
            throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        Program.compile(classes, name, source);
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, name);
        manifestEntries.forEach(attributes::putValue);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new ZipEntry(name + ".class"));
            Files.copy(classes.resolve(name + ".class"), out);
            Set<String> written = new HashSet<>();
            for (Path library : libraries) {
                copyClasses(library, out, written);
            }
        }
    }

    private static void copyClasses(Path library, JarOutputStream out, Set<String> written) throws IOException {
        try (JarFile in = new JarFile(library.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(ZipEntry.class::cast)::iterator) {
                if (entry.getName().startsWith("dev/") && written.add(entry.getName())) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    in.getInputStream(entry).transferTo(out);
                }
            }
        }
    }

    private static Map<String, String> launcherAgent() {
        return Map.of("Launcher-Agent-Class", PreMain.class.getName());
    }

    private static Path agent() {
        return Path.of(Program.agentJar());
    }

    @Test
    void aJarWithEverythingInItStartsWoven() throws Exception {
        write(launcherAgent(), "Main", MAIN, agent(), WeaveRun.runtime());

        assertEquals(WORKED, WeaveRun.tool("java", "-jar", jar));
    }

    @Test
    void aJarThatNamesItsLibrariesStartsWoven() throws Exception {
        String libraries = agent().toUri() + " " + WeaveRun.runtime().toUri();
        write(Map.of("Launcher-Agent-Class", PreMain.class.getName(), "Class-Path", libraries), "Main", MAIN);

        assertEquals(WORKED, WeaveRun.tool("java", "-jar", jar));
    }

    @Test
    void aCopyOfTheAgentsJarWithAProgramInItStartsWoven() throws Exception {
        write(Map.of(), "Main", MAIN, WeaveRun.runtime());
        Path contents = Files.createDirectories(directory.resolve("contents"));
        Path copy = Files.copy(agent(), directory.resolve("copy.jar"));
        String jarTool = Path.of(System.getProperty("java.home"), "bin", "jar").toString();
        List<List<Object>> commands = List.of(
                List.of("--extract", "--file", jar),
                List.of("--update", "--file", copy, "--main-class", "Main", "Main.class", "dev"));
        for (List<Object> command : commands) {
            List<String> line = new ArrayList<>(List.of(jarTool));
            command.stream().map(Object::toString).forEach(line::add);
            assertEquals(new Outcome(0, "", ""), WeaveRun.launch(contents, line, Map.of()));
        }

        assertEquals(WORKED, WeaveRun.tool("java", "-jar", copy));
    }

    @Test
    void theAgentOfTheCommandLineIsNotStartedAgain() throws Exception {
        write(launcherAgent(), "Main", MAIN, agent(), WeaveRun.runtime());

        Outcome outcome = WeaveRun.tool("java", "-javaagent:" + agent() + "=log=info", "-jar", jar);

        assertEquals(new Outcome(0, "7\n", "heddle-agent: woven Main\n"), outcome);
    }

    @Test
    void aRefusalIsReportedOnce() throws Exception {
        String main = "public static void main(String[] args) { System.out.println(run(work())); }";
        String source = WeaveRun.REFUSED.substring(0, WeaveRun.REFUSED.lastIndexOf('}')) + main + "}";
        write(launcherAgent(), "Refused", source, agent(), WeaveRun.runtime());

        assertEquals(new Outcome(0, "3\n", WeaveRun.REFUSED_MESSAGE), WeaveRun.tool("java", "-jar", jar));
    }

    /** The launcher reads the manifest for {@code -jar} alone. */
    @Test
    void onTheClassPathTheJarStartsUnwovenAndSaysHowToWeave() throws Exception {
        write(launcherAgent(), "Main", MAIN, agent(), WeaveRun.runtime());

        Outcome outcome = WeaveRun.tool("java", "-cp", jar, "Main");

        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().contains("start the JVM with -javaagent:heddle-agent.jar"), outcome.err());
    }
}
