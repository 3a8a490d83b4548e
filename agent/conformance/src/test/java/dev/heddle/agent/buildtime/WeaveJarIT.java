package dev.heddle.agent.buildtime;

import static dev.heddle.agent.buildtime.WeaveRun.agentJar;
import static dev.heddle.agent.buildtime.WeaveRun.java;
import static dev.heddle.agent.buildtime.WeaveRun.tool;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weaving jars at build time. */
class WeaveJarIT {

    private static final String MANIFEST = "Manifest-Version: 1.0\r\nMulti-Release: true\r\nX-Kept: yes\r\n\r\n";
    private static final FileTime BEFORE = FileTime.from(Instant.parse("2026-01-02T03:04:06Z"));

    @TempDir
    private Path directory;

    private byte[] demo;
    private byte[] newerDemo;
    private byte[] hello;
    private Path jar;

    @BeforeEach
    void pack() throws IOException {
        Program.compile(directory, "Hello", WeaveRun.HELLO);
        hello = Files.readAllBytes(directory.resolve("Hello.class"));
        Program.compile(directory, "Demo", WeaveRun.DEMO.replace("work(7)", "work(17)"));
        newerDemo = Files.readAllBytes(directory.resolve("Demo.class"));
        Program.compile(directory, "Demo", WeaveRun.DEMO);
        demo = Files.readAllBytes(directory.resolve("Demo.class"));
        jar = directory.resolve("app.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.setComment("the comment of the jar");
            add(zip, "META-INF/MANIFEST.MF", MANIFEST.getBytes(StandardCharsets.UTF_8), ZipEntry.DEFLATED);
            add(zip, "Hello.class", hello, ZipEntry.DEFLATED);
            add(zip, "empty/", new byte[0], ZipEntry.STORED);
            add(zip, "Demo.class", demo, ZipEntry.STORED);
            add(zip, "META-INF/versions/11/Demo.class", newerDemo, ZipEntry.DEFLATED);
            add(zip, "naïve.txt", new byte[3_000], ZipEntry.DEFLATED);
            add(zip, "lib/nested.jar", "nested".getBytes(StandardCharsets.UTF_8), ZipEntry.STORED);
        }
        Files.setLastModifiedTime(jar, BEFORE);
    }

    private static void add(ZipOutputStream zip, String name, byte[] content, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.from(Instant.parse("2025-06-07T08:09:10Z")));
        entry.setComment("about " + name);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
            CRC32 checksum = new CRC32();
            checksum.update(content);
            entry.setCrc(checksum.getValue());
            entry.setSize(content.length);
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Everything but the content of the entries, in their order. */
    private static List<String> headers(Path jar) throws IOException {
        List<String> headers = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            headers.add(zip.getComment());
            for (ZipEntry entry : zip.stream().<ZipEntry>map(e -> e).toList()) {
                String extra = entry.getExtra() == null ? "" : HexFormat.of().formatHex(entry.getExtra());
                headers.add(String.join(
                        " ",
                        entry.getName(),
                        "method " + entry.getMethod(),
                        entry.getLastModifiedTime().toString(),
                        String.valueOf(entry.getTimeLocal()),
                        entry.getComment(),
                        extra));
            }
        }
        return headers;
    }

    private static byte[] content(Path jar, String name) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.getInputStream(zip.getEntry(name)).readAllBytes();
        }
    }

    private Outcome woven(int classes) {
        return new Outcome(0, "woven " + classes + " of 3 classes in " + jar + "; 1 jar inside left alone\n", "");
    }

    @Test
    void aWovenJarRunsWithoutTheAgentInEachOfItsVersions() throws Exception {
        assertEquals(woven(2), agentJar("weave", jar));

        assertEquals(new Outcome(0, "17\n", ""), java(jar, "Demo"));
        assertEquals(new Outcome(0, "7\n", ""), java(jar, "Demo", "-Djdk.util.jar.enableMultiRelease=false"));
    }

    @Test
    void theClassFilesAreWhatTheAgentMakes() throws Exception {
        byte[] newer = WeaveRun.wovenByTheAgent(jar, "Demo", "Demo");
        byte[] older = WeaveRun.wovenByTheAgent(directory, "Demo", "Demo");

        agentJar("weave", jar);

        assertArrayEquals(older, content(jar, "Demo.class"));
        assertArrayEquals(newer, content(jar, "META-INF/versions/11/Demo.class"));
    }

    @Test
    void everythingElseIsKept() throws Exception {
        List<String> before = headers(jar);

        agentJar("weave", jar);

        assertEquals(before, headers(jar));
        assertArrayEquals(hello, content(jar, "Hello.class"));
        assertArrayEquals(new byte[3_000], content(jar, "naïve.txt"));
        assertEquals(MANIFEST, new String(content(jar, "META-INF/MANIFEST.MF"), StandardCharsets.UTF_8));
        assertEquals("nested", new String(content(jar, "lib/nested.jar"), StandardCharsets.UTF_8));
    }

    @Test
    void aSecondRunChangesNothing() throws Exception {
        agentJar("weave", jar);
        byte[] before = Files.readAllBytes(jar);
        Files.setLastModifiedTime(jar, BEFORE);

        assertEquals(woven(0), agentJar("weave", jar));

        assertArrayEquals(before, Files.readAllBytes(jar));
        assertEquals(BEFORE, Files.getLastModifiedTime(jar));
    }

    @Test
    void outWritesACopyAndCheckNothing() throws Exception {
        byte[] before = Files.readAllBytes(jar);
        Path out = directory.resolve("out");

        assertEquals(woven(2), agentJar("weave", "--out", out, jar));
        assertEquals(
                new Outcome(0, "checked 3 classes in " + jar + "; 1 jar inside left alone\n", ""),
                agentJar("weave", "--check", jar));

        assertArrayEquals(before, Files.readAllBytes(jar));
        agentJar("weave", jar);
        assertArrayEquals(Files.readAllBytes(jar), Files.readAllBytes(out.resolve("app.jar")));
    }

    private void sign() throws Exception {
        Path store = directory.resolve("keys.p12");
        String options = "-genkeypair -alias key -keyalg EC -dname CN=Test -storetype PKCS12 -storepass password";
        List<Object> arguments = new ArrayList<>(Arrays.asList(options.split(" ")));
        arguments.addAll(List.of("-keystore", store));
        assertEquals(0, tool("keytool", arguments.toArray()).exitCode());
        Outcome signed = tool("jarsigner", "-keystore", store, "-storepass", "password", jar, "key");
        assertEquals(0, signed.exitCode(), signed.out());
    }

    @Test
    void aSignedJarIsRefusedAndLeftAsItIs() throws Exception {
        sign();
        byte[] before = Files.readAllBytes(jar);

        assertEquals(
                new Outcome(
                        1,
                        "woven 0 of 3 classes in " + jar + "; 2 refused, left as compiled; 1 jar inside left alone\n",
                        "heddle-agent: " + jar + " is signed, and weaving would break the signature; weave it before it"
                                + " is signed\n"),
                agentJar("weave", jar));
        assertArrayEquals(before, Files.readAllBytes(jar));
    }

    @Test
    void aJarCanBeSignedOnceItIsWoven() throws Exception {
        agentJar("weave", jar);
        sign();

        assertEquals(woven(0), agentJar("weave", jar));
        Outcome verified = tool("jarsigner", "-verify", jar);
        assertTrue(verified.out().contains("jar verified."), verified.out());
        assertEquals(new Outcome(0, "17\n", ""), java(jar, "Demo"));
    }

    @Test
    void aMalformedClassFileLeavesTheJarAsItIs() throws Exception {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            add(zip, "Demo.class", demo, ZipEntry.DEFLATED);
            add(zip, "Truncated.class", Arrays.copyOf(demo, 300), ZipEntry.DEFLATED);
        }
        byte[] before = Files.readAllBytes(jar);

        assertEquals(
                new Outcome(
                        2,
                        "",
                        "heddle-agent: " + jar
                                + "!/Truncated.class is not a well-formed class file (JVMS 4); compile it"
                                + " again\nheddle-agent: " + jar
                                + " is left as it is, because of 1 malformed class file\n"),
                agentJar("weave", jar));
        assertArrayEquals(before, Files.readAllBytes(jar));
    }

    @Test
    void aTruncatedJarIsOneLine() throws Exception {
        byte[] truncated = Arrays.copyOf(Files.readAllBytes(jar), 500);
        Files.write(jar, truncated);

        Outcome outcome = agentJar("weave", jar);

        assertEquals(2, outcome.exitCode());
        assertEquals(1, outcome.err().lines().count(), outcome.err());
        assertTrue(outcome.err().startsWith("heddle-agent: cannot weave " + jar + ": java.util.zip.ZipException"));
        assertArrayEquals(truncated, Files.readAllBytes(jar));
    }
}
