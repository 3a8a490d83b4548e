package dev.heddle.maven;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds a project of four modules with Maven: {@code library} is woven by the build, and uses Lombok; {@code first} and {@code last}
 * run their tests with the agent and JaCoCo's, in one order and the other; {@code app} is a jar with everything in it.
 * The plugins are configured as the READMEs show.
 */
@Tag("slow")
class MavenIT {

    private static final String REFUSED = """
            package demo;

            import static dev.heddle.Asyncio.*;

            import dev.heddle.*;

            class Refused {
                @Async
                static synchronized Coroutine<Void> locked() {
                    await(sleep(1));
                    return Coroutine.done();
                }
            }
            """;

    @TempDir
    private Path temp;

    @Test
    void mavenBuildsAllAndBuildsAgain() throws Exception {
        try (Project project = new Project(temp, Project.maven())) {
            buildsAll(project);
            buildsAgainWhatHasChanged(project);
        }
    }

    private static void buildsAll(Project project) throws Exception {
        String output = project.mvn(0, "-T", "2", "verify");

        assertContains(output, "woven 1 of 1 class in " + project.file("library/target/classes"));
        assertContains(output, "woven 1 of 1 class in " + project.file("library/target/test-classes"));
        assertEquals(4, output.split("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0(?!,)", -1).length, output);
        assertCovered(project, "first");
        assertCovered(project, "last");
        assertEquals(
                "hello, warp\n",
                project.java("-jar", project.file("app/target/app.jar").toString()));
    }

    /** JaCoCo has counted the method that the test runs, and the other one as missed. */
    private static void assertCovered(Project project, String module) throws Exception {
        List<String> report = Files.readAllLines(project.file(module + "/target/site/jacoco/jacoco.csv"));
        List<String> names = List.of(report.get(0).split(","));
        List<String> counts = List.of(report.get(1).split(","));
        assertEquals("Sum", counts.get(names.indexOf("CLASS")));
        assertEquals("1", counts.get(names.indexOf("METHOD_COVERED")), report::toString);
        assertEquals("2", counts.get(names.indexOf("METHOD_MISSED")), report::toString); // and the constructor
        assertEquals("3", counts.get(names.indexOf("LINE_MISSED")), report::toString);
    }

    private static void buildsAgainWhatHasChanged(Project project) throws Exception {
        String classes = "library/target/classes";
        var times = project.times(classes);
        assertContains(
                project.mvn(0, "-pl", "library", "process-classes"), "woven 0 of 1 class in " + project.file(classes));
        assertEquals(times, project.times(classes));

        Path refused = Files.writeString(project.file("library/src/main/java/demo/Refused.java"), REFUSED);
        String output = project.mvn(1, "-pl", "library", "process-classes");
        assertContains(output, "[ERROR] demo.Refused.locked");
        assertContains(output, "Heddle has found mistakes");

        Files.delete(refused);
        project.mvn(0, "-pl", "library", "package", "-DskipTests");
        byte[] jar = Files.readAllBytes(project.file("library/target/library.jar"));
        project.mvn(0, "-pl", "library", "clean", "package", "-DskipTests");
        assertArrayEquals(jar, Files.readAllBytes(project.file("library/target/library.jar")));
    }

    private static void assertContains(String output, String part) {
        assertTrue(output.contains(part), () -> "no '" + part + "' in " + output);
    }
}
