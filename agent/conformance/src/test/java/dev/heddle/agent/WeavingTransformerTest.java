package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The treatment of a class by the agent, and the messages on standard error. */
class WeavingTransformerTest {

    private static final String NAME = "dev.heddle.agent.WeavingTransformerTest$Target";

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    static final class Target {
        @Async
        static Coroutine<Integer> twice(Coroutine<Integer> c) {
            return Coroutine.of(2 * Asyncio.await(c));
        }
    }

    @SuppressWarnings("heddle") // refused on purpose
    static final class Refused {
        static int outside(Coroutine<Integer> c) {
            return Asyncio.await(c);
        }
    }

    static final class Unconcerned {}

    @BeforeEach
    void captureStandardError() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreStandardError() {
        System.setErr(standardError);
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static byte[] transform(String options, Class<?> type, byte[] classFile) {
        return new WeavingTransformer(AgentOptions.parse(options))
                .transform(type.getClassLoader(), type.getName().replace('.', '/'), null, null, classFile);
    }

    private List<String> told() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void weavesAndSaysNothing() throws IOException {
        assertNotNull(transform("verify=true", Target.class, classFile(Target.class)));
        assertEquals(List.of(), told());
    }

    @Test
    void tellsOfEachWovenClassIfAsked() throws IOException {
        transform("log=info", Target.class, classFile(Target.class));
        assertEquals(List.of("heddle-agent: woven " + NAME), told());
    }

    @Test
    void leavesOtherClassesAlone() throws IOException {
        assertNull(transform("log=info", Unconcerned.class, classFile(Unconcerned.class)));
        assertEquals(List.of(), told());
    }

    @Test
    void leavesClassesOfTheBootLoaderAlone() throws IOException {
        byte[] classFile = classFile(Target.class);
        assertNull(new WeavingTransformer(AgentOptions.parse(null)).transform(null, "a/B", null, null, classFile));
    }

    @Test
    void tellsOfRefusals() throws IOException {
        assertNotNull(transform(null, Refused.class, classFile(Refused.class)));
        assertEquals(1, told().size());
        assertEquals(
                "heddle-agent: dev.heddle.agent.WeavingTransformerTest$Refused.outside (WeavingTransformerTest.java:N): "
                        + "await outside an @Async method; annotate the method with @Async and let it return a Coroutine",
                told().get(0).replaceFirst("java:\\d+", "java:N"));
    }

    @Test
    void tellsNothingIfAskedTo() throws IOException {
        assertNotNull(transform("log=off", Refused.class, classFile(Refused.class)));
        assertEquals(List.of(), told());
    }

    @Test
    void newerClassFileIsLeftAloneWithOneMessage() throws IOException {
        byte[] classFile = classFile(Target.class);
        classFile[7] = 99;
        assertNull(transform(null, Target.class, classFile));
        int jdk = Runtime.version().feature();
        assertEquals(
                List.of("heddle-agent: " + NAME + " is of Java 55 (class-file version 99), newer than this JDK " + jdk
                        + "; use JDK 55 or newer, or compile it with --release " + jdk + " or older"),
                told());
    }

    @Test
    void newerClassFileThatNeverNamesHeddleIsNotWorthAMessage() throws IOException {
        byte[] classFile = classFile(Unconcerned.class);
        classFile[7] = 99;
        assertNull(transform(null, Unconcerned.class, classFile));
        assertEquals(List.of(), told());
    }

    @Test
    void brokenClassFileIsLeftAloneWithAMessage() throws IOException {
        byte[] classFile = classFile(Target.class);
        byte[] half = Arrays.copyOf(classFile, classFile.length / 2);
        assertNull(transform(null, Target.class, half));
        assertEquals(1, told().size());
        assertEquals(
                "heddle-agent: " + NAME
                        + " is not a well-formed class file (JVMS 4), so it is not woven; compile it again",
                told().get(0).replaceFirst(": java\\..*", ""));
    }

    /** The bytes where a class file has its version can be any. */
    @Test
    void otherBytesAreLeftAloneWithAMessage() throws IOException {
        byte[] encrypted = classFile(Target.class);
        for (int i = 0; i < encrypted.length; i++) {
            encrypted[i] ^= 0x55;
        }
        assertNull(transform(null, Target.class, encrypted));
        assertEquals(1, told().size());
        assertEquals(
                "heddle-agent: " + NAME
                        + " is not a well-formed class file (JVMS 4), so it is not woven; compile it again",
                told().get(0).replaceFirst(": java\\..*", ""));
    }

    @Test
    void dumpsWovenClasses(@TempDir Path directory) throws IOException {
        byte[] woven = transform("dump=" + directory, Target.class, classFile(Target.class));
        Path file = directory.resolve(NAME.replace('.', '/') + ".class");
        assertArrayEquals(woven, Files.readAllBytes(file));
    }

    @Test
    void weavesThoughTheDumpCannotBeWritten(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertNotNull(transform("dump=" + file, Target.class, classFile(Target.class)));
        assertEquals(1, told().size());
        String message = told().get(0);
        assertEquals(
                "heddle-agent: cannot write " + NAME + " below " + file,
                message.substring(0, message.indexOf(": java.nio")));
    }
}
