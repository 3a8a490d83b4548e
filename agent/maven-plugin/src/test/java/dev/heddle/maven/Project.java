package dev.heddle.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of the project in {@code src/it/demo}, and the Maven that builds it. */
final class Project implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/it/demo");

    private final Path directory;
    private final String maven;
    private final Path repository;

    /** Makes the copy in {@code temp}, to be built by the command {@code maven}. */
    Project(Path temp, String maven) throws IOException {
        this.directory = temp.resolve("demo project"); // with spaces, as users have them
        this.maven = maven;
        this.repository = seed(temp.resolve("local repository"));
        for (Path file : files(SOURCE)) {
            Path copy = directory.resolve(SOURCE.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, Readme.filled(Files.readString(file)));
        }
    }

    /** The installed Maven on an old JDK, and the newest on a new one: all four pairs take a minute, and fail alike. */
    static String maven() {
        return Runtime.version().feature() < 21 ? installedMaven() : newestMaven();
    }

    private static String installedMaven() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, "mvn"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test runs Maven, and mvn is not on the PATH"));
    }

    /** The Maven that the build has unpacked. */
    private static String newestMaven() {
        return Path.of(System.getProperty("heddle.newest.maven"), "bin", "mvn").toString();
    }

    /**
     * Makes a local repository that has the artifacts of this build, and otherwise is the one that this build uses. Nothing of
     * Heddle is installed there.
     */
    private static Path seed(Path repository) throws IOException {
        String shared = System.getProperty("localRepository");
        assertNotNull(shared, "the running build tells where its local repository is");
        link(Path.of(shared), repository, "dev");
        link(Path.of(shared, "dev"), repository.resolve("dev"), "heddle");
        install(repository, "heddle-parent", "pom.xml", null);
        install(repository, "heddle-bom", "runtime/bom/pom.xml", null);
        install(repository, "heddle-runtime", "runtime/pom.xml", "runtime/target/heddle-runtime.jar");
        install(repository, "heddle-agent", "agent/target/dependency-reduced-pom.xml", "agent/target/heddle-agent.jar");
        install(
                repository,
                "heddle-maven-plugin",
                "agent/maven-plugin/pom.xml",
                "agent/maven-plugin/target/heddle-maven-plugin.jar");
        return repository;
    }

    /** Links everything in {@code from} but {@code exception}. */
    private static void link(Path from, Path to, String exception) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : (Iterable<Path>) children.filter(Files::isDirectory)::iterator) {
                if (!child.getFileName().toString().equals(exception)) {
                    Files.createSymbolicLink(to.resolve(child.getFileName()), child.toAbsolutePath());
                }
            }
        }
    }

    private static void install(Path repository, String artifact, String pom, String jar) throws IOException {
        String version = Readme.version();
        Path place = repository.resolve("dev/heddle").resolve(artifact).resolve(version);
        Files.createDirectories(place);
        Files.copy(Readme.ROOT.resolve(pom), place.resolve(artifact + "-" + version + ".pom"));
        if (jar != null) {
            Files.copy(Readme.ROOT.resolve(jar), place.resolve(artifact + "-" + version + ".jar"));
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Runs Maven, and checks its exit code. Returns what it printed. */
    String mvn(int exitCode, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(maven, "-B", "-ntp", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        return run(exitCode, command);
    }

    /** Runs {@code java}, which has to succeed without a word on standard error. Returns what it printed. */
    String java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return run(0, command);
    }

    private String run(int exitCode, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_HOME");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), command + " ends within five minutes");
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        assertEquals(exitCode, process.exitValue(), () -> command + "\n" + text);
        return text;
    }

    /** The time of change of each file in {@code folder}. */
    Map<String, String> times(String folder) throws IOException {
        Map<String, String> times = new TreeMap<>();
        for (Path file : files(directory.resolve(folder))) {
            times.put(file.toString(), Files.getLastModifiedTime(file).toString());
        }
        return times;
    }

    /** Deletes the links of the local repository, of which JUnit would warn. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(repository, 2)) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
