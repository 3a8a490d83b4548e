package dev.heddle.process;

import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that cannot be started. Each reason has its own exception or message. */
class SubprocessErrorsIT {

    @TempDir
    private Path directory;

    private <X extends IOException> String refusal(Class<X> type, SubprocessOptions options, String... command) {
        return assertThrows(type, () -> run(() -> Subprocess.exec(options, command)))
                .getMessage();
    }

    @Test
    void badProgramsAndDirectories() throws IOException {
        SubprocessOptions options = SubprocessOptions.DEFAULT;
        assertEquals(
                "cannot start 'no-such-program', because there is no such program in the directories of PATH; install it, or give"
                        + " its whole path",
                refusal(ProgramNotFoundException.class, options, "no-such-program", "x"));
        assertEquals(
                "cannot start '/no/such', because there is no such program at /no/such; check the path",
                refusal(ProgramNotFoundException.class, options, "/no/such"));
        assertTrue(
                refusal(ProgramNotFoundException.class, options, "echo hello").endsWith("a whole command line"));
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        assertEquals(
                "cannot start '" + plain + "', because " + plain
                        + " is not executable for this user; chmod +x makes it so, or"
                        + " start its interpreter with it",
                refusal(ProgramNotExecutableException.class, options, plain.toString()));
        assertEquals(
                "cannot start '" + directory + "', because " + directory
                        + " is a directory; give the path of a program",
                refusal(ProgramNotExecutableException.class, options, directory.toString()));
        assertEquals(
                "cannot start 'true' in the directory " + directory.resolve("no")
                        + ", because it does not exist; create it, or"
                        + " choose another one with SubprocessOptions.withDirectory",
                refusal(DirectoryNotFoundException.class, options.withDirectory(directory.resolve("no")), "true"));
        assertTrue(refusal(DirectoryNotFoundException.class, options.withDirectory(plain), "true")
                .contains("it is not a directory"));
        Path script = Files.writeString(directory.resolve("script"), "#!/no/interpreter\n");
        assertTrue(script.toFile().setExecutable(true));
        assertTrue(refusal(IOException.class, options, script.toString()).contains("interpreter in its first line"));
        SubprocessOptions noFile =
                options.withStdout(Redirect.to(directory.resolve("no/file").toFile()));
        assertTrue(refusal(IOException.class, noFile, "true").contains("the file of a redirect cannot be opened"));
        String[] tooLong = {"echo", "x".repeat(10_000_000)};
        assertTrue(refusal(IOException.class, options, tooLong).startsWith("cannot start 'echo': "));
        assertThrows(IllegalArgumentException.class, () -> Subprocess.exec());
        assertThrows(IllegalArgumentException.class, () -> Subprocess.exec(""));
        assertThrows(IllegalArgumentException.class, () -> Subprocess.exec("a\0b"));
        assertThrows(IllegalArgumentException.class, () -> options.withStdin(Redirect.to(plain.toFile())));
        assertThrows(IllegalArgumentException.class, () -> options.withStdout(Redirect.from(plain.toFile())));
        assertThrows(IllegalArgumentException.class, () -> options.withVariable("a=b", "c"));
        assertThrows(IllegalArgumentException.class, () -> options.withLimit(0));
    }
}
