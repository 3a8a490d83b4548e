package dev.heddle.agent.buildtime;

import static dev.heddle.agent.buildtime.WeaveRun.agentJar;
import static dev.heddle.agent.buildtime.WeaveRun.java;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weaving at build time where there are symbolic links: nothing outside is read or written. */
@Tag("slow")
class WeaveLinksIT {

    @TempDir
    private Path directory;

    private Path classes;
    private Path outside;

    /** A directory with a link of each kind. */
    @BeforeEach
    void link() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Program.compile(classes, "Demo", WeaveRun.DEMO);
        Program.compile(outside, "Demo", WeaveRun.DEMO);
        Files.createSymbolicLink(classes.resolve("Outside.class"), outside.resolve("Demo.class"));
        Files.createSymbolicLink(classes.resolve("directory"), Path.of("../outside"));
        Files.createSymbolicLink(classes.resolve("Inside.class"), Path.of("Demo.class"));
        Files.createSymbolicLink(classes.resolve("Absolute.class"), classes.resolve("Demo.class"));
        Files.createSymbolicLink(classes.resolve("circle"), Path.of("."));
        Files.createSymbolicLink(classes.resolve("endless"), Path.of("endless"));
        Files.createSymbolicLink(classes.resolve("Missing.class"), Path.of("NoClass.class"));
    }

    private static Outcome woven(Path path) {
        return new Outcome(0, "woven 1 of 1 class in " + path + "; 2 symbolic links out of it not followed\n", "");
    }

    @Test
    void noLinkIsFollowedOutOfADirectory() throws Exception {
        Map<String, String> before = WeaveRun.state(outside);

        assertEquals(woven(classes), agentJar("weave", classes));

        assertEquals(before, WeaveRun.state(outside));
        assertTrue(Files.isSymbolicLink(classes.resolve("Inside.class")));
        assertEquals(new Outcome(0, "7\n", ""), java(classes, "Demo"));
    }

    @Test
    void theDirectoryItselfMayBeALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), classes);

        assertEquals(woven(link), agentJar("weave", link));

        assertEquals(new Outcome(0, "7\n", ""), java(classes, "Demo"));
    }

    @Test
    void aCopyHasTheLinksAndLeavesTheirTargetsAlone() throws Exception {
        Map<String, String> before = WeaveRun.state(outside);
        Map<String, String> compiled = WeaveRun.state(classes);
        Path real = Files.createDirectory(directory.resolve("real"));
        Path out = Files.createSymbolicLink(directory.resolve("out"), real);

        assertEquals(woven(classes), agentJar("weave", "--out", out, classes));
        assertEquals(woven(classes), agentJar("weave", "--out", out, classes));

        assertEquals(before, WeaveRun.state(outside));
        assertEquals(compiled, WeaveRun.state(classes));
        assertEquals(new Outcome(0, "7\n", ""), java(out, "Demo"));
        Path copy = out.resolve("Demo.class").toRealPath();
        assertEquals(copy, out.resolve("Inside.class").toRealPath());
        assertEquals(copy, out.resolve("Absolute.class").toRealPath());
        assertEquals(
                outside.resolve("Demo.class").toRealPath(),
                out.resolve("Outside.class").toRealPath());
        assertEquals(outside.toRealPath(), out.resolve("directory").toRealPath());
        assertEquals(out.toRealPath(), out.resolve("circle").toRealPath());
        assertTrue(Files.isSymbolicLink(out.resolve("endless")));
        assertTrue(Files.isSymbolicLink(out.resolve("Missing.class")));
    }

    @Test
    void aCopyIsNotWrittenThroughALinkOutOfItsDirectory() throws Exception {
        Path out = Files.createDirectory(directory.resolve("out"));
        Path inner = Files.createDirectory(classes.resolve("inner"));
        Files.copy(classes.resolve("Demo.class"), inner.resolve("Demo.class"));
        Files.createSymbolicLink(out.resolve("inner"), outside);
        Map<String, String> before = WeaveRun.state(outside);

        assertEquals(
                new Outcome(
                        2,
                        "",
                        "heddle-agent: cannot weave " + classes + ": java.io.IOException: "
                                + out.resolve("inner/Demo.class") + " would be outside of " + out + "\n"),
                agentJar("weave", "--out", out, classes));

        assertEquals(before, WeaveRun.state(outside));
    }

    @Test
    void aLinkToADirectoryIsThatDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), classes);
        Map<String, String> before = WeaveRun.state(classes);

        Outcome outcome = agentJar("weave", "--out", link, classes);

        assertEquals(
                new Outcome(
                        2,
                        "",
                        "heddle-agent: --out " + link + " would write into " + classes
                                + "; name another directory, or drop --out\n"),
                outcome);
        assertEquals(before, WeaveRun.state(classes));
        assertFalse(Files.exists(directory.resolve("out")));
    }
}
