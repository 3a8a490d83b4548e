package dev.heddle.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A server that is installed on the system, which tests run for themselves, on a free port and in a directory of its own. */
final class LocalServer implements AutoCloseable {

    private static final int TRIES = 5;

    private final Process process;
    private final int port;
    private final Path directory;

    private LocalServer(Process process, int port, Path directory) {
        this.process = process;
        this.port = port;
        this.directory = directory;
    }

    int port() {
        return port;
    }

    /** Starts Redis, or skips the tests. */
    static LocalServer redis() throws IOException {
        String program = installed("redis-server", pathDirectories());
        Path directory = Files.createTempDirectory("heddle-redis");
        return start(
                directory,
                "Ready to accept connections",
                port -> List.of(
                        program, "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--dir", "" + directory));
    }

    /** Starts PostgreSQL with a new cluster and a superuser {@code postgres} without a password, or skips the tests. */
    static LocalServer postgres() throws IOException {
        // Debian keeps the server's programs out of the path, in a directory for each version.
        List<Path> directories = new ArrayList<>(pathDirectories());
        directories.addAll(subdirectories(Path.of("/usr/lib/postgresql")).stream()
                .map(version -> version.resolve("bin"))
                .toList());
        String initdb = installed("initdb", directories);
        String postgres = installed("postgres", directories);
        boolean root = System.getProperty("user.name").equals("root"); // as which PostgreSQL refuses to run
        List<String> user = root
                ? List.of(
                        installed("setpriv", pathDirectories()),
                        "--reuid=postgres",
                        "--regid=postgres",
                        "--init-groups")
                : List.of();
        Path directory = Files.createTempDirectory("heddle-postgres");
        if (root) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        String data = directory.resolve("data").toString();
        run(with(user, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"));
        List<String> command = with(user, postgres, "-D", data, "-h", "127.0.0.1", "-k", "" + directory, "-F");
        return start(directory, "ready to accept connections", port -> with(command, "-p", "" + port));
    }

    private static List<Path> pathDirectories() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    private static List<Path> subdirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static String installed(String program, List<Path> directories) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElseGet(() -> {
                    System.out.println("Tests are skipped, because " + program + " is not installed");
                    return Assumptions.abort(program + " is not installed");
                });
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toList();
    }

    private static void run(List<String> command) throws IOException {
        Process process = process(command);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exitCode = process.onExit().join().exitValue();
        if (exitCode != 0) {
            throw new IOException(command + " ended with " + exitCode + ": " + output);
        }
    }

    private static Process process(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C"); // the language of the line that is waited for
        return builder.directory(new File("/")).start();
    }

    /** Starts a server that prints a line with {@code ready}. Another program may take the free port before it, so this is tried more than once. */
    private static LocalServer start(Path directory, String ready, IntFunction<List<String>> command)
            throws IOException {
        String output = "";
        for (int i = 0; i < TRIES; i++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Process process = process(command.apply(port));
            output = outputUntil(ready, process);
            if (output.contains(ready)) {
                return new LocalServer(process, port, directory);
            }
            process.destroyForcibly();
        }
        throw new IOException(command.apply(0) + " does not start: " + output);
    }

    /** Returns what a process prints up to {@code ready} or its end. The rest is read and dropped, so that the process never waits for a reader. */
    private static String outputUntil(String ready, Process process) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            StringBuilder output = new StringBuilder();
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    if (line.contains(ready)) {
                        result.complete(output.toString());
                    }
                }
            } catch (IOException closed) {
                output.append(closed);
            }
            result.complete(output.toString());
        });
        reader.setDaemon(true);
        reader.start();
        return result.orTimeout(2, TimeUnit.MINUTES).join();
    }

    /** Ends the server. It is not asked to wait for its clients. */
    @Override
    public void close() throws Exception {
        new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
