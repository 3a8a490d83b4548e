package dev.heddle.agent.buildtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build that weaves with the plugin that agent/README.md shows. */
@Tag("slow")
class WeaveMavenIT {

    /** The root of the project; the agent's jar is in agent/target. */
    private static final Path PROJECT =
            Path.of(Program.agentJar()).resolve("../../..").normalize();

    private static final Pattern SNIPPET = Pattern.compile("```xml\n(<plugin>\n.*?</plugin>\n)```", Pattern.DOTALL);

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>demo</groupId>
              <artifactId>demo</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                <dependency>
                  <groupId>dev.heddle</groupId>
                  <artifactId>heddle-runtime</artifactId>
                  <version>1</version>
                  <scope>system</scope>
                  <systemPath>%s</systemPath>
                </dependency>
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <artifactId>maven-resources-plugin</artifactId>
                    <version>%s</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-compiler-plugin</artifactId>
                    <version>%s</version>
                  </plugin>
                  %s
                </plugins>
              </build>
            </project>
            """;

    @TempDir
    private Path directory;

    private Path classes;

    @BeforeEach
    void writePom() throws IOException {
        classes = directory.resolve("target/classes");
        Files.createDirectories(directory.resolve("src/main/java"));
        Matcher snippet = SNIPPET.matcher(Files.readString(PROJECT.resolve("agent/README.md")));
        assertTrue(snippet.find(), "agent/README.md has a Maven plugin");
        String pom = POM.formatted(
                WeaveRun.runtime(),
                pinned("maven-resources-plugin.version"),
                pinned("maven-compiler-plugin.version"),
                snippet.group(1));
        Files.writeString(directory.resolve("pom.xml"), pom);
    }

    /** The version of a plugin that this build uses too, so that it need not be fetched for this test. */
    private static String pinned(String property) throws IOException {
        String pom = Files.readString(PROJECT.resolve("pom.xml"));
        Matcher version =
                Pattern.compile("<" + property + ">(.*)</" + property + ">").matcher(pom);
        assertTrue(version.find(), property + " is in the parent pom");
        return version.group(1);
    }

    private void write(String name, String source) throws IOException {
        Files.writeString(directory.resolve("src/main/java").resolve(name + ".java"), source);
    }

    private Outcome mvn(String goal) throws IOException, InterruptedException {
        String repository = System.getProperty("localRepository");
        assertNotNull(repository, "the running build tells where its local repository is");
        List<String> command = List.of(
                maven().toString(),
                "-q",
                "-B",
                "-Dmaven.repo.local=" + repository,
                "-Dheddle.agent.jar=" + Program.agentJar(),
                goal);
        return WeaveRun.launch(directory, command, Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    private static Path maven() {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        String name = windows ? "mvn.cmd" : "mvn";
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test runs Maven, and " + name + " is not on the PATH"));
    }

    @Test
    void aProgramBuiltAsTheReadmeTellsRunsWithoutTheAgent() throws Exception {
        write("Demo", WeaveRun.DEMO);

        Outcome built = mvn("process-classes");

        assertEquals(0, built.exitCode(), () -> built.out() + built.err());
        assertTrue(built.out().contains("woven 1 of 1 class in " + classes), built::out);
        assertEquals(new Outcome(0, "7\n", ""), WeaveRun.java(classes, "Demo"));
        byte[] woven = Files.readAllBytes(classes.resolve("Demo.class"));
        assertEquals(0, mvn("process-classes").exitCode());
        assertArrayEquals(woven, Files.readAllBytes(classes.resolve("Demo.class")));
    }

    @Test
    void aMisuseFailsTheBuildEachTime() throws Exception {
        write("Refused", WeaveRun.REFUSED);

        for (int run = 0; run < 2; run++) {
            Outcome built = mvn("process-classes");

            assertEquals(1, built.exitCode(), () -> built.out() + built.err());
            assertTrue((built.out() + built.err()).contains(WeaveRun.REFUSED_MESSAGE), () -> built.out() + built.err());
        }
    }
}
