package dev.heddle.debug;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The debugger {@code jdb} of the JDK that runs the tests, on a woven program. */
final class Jdb implements AutoCloseable {

    private static final Path COMMAND = Path.of(System.getProperty("java.home"), "bin", "jdb");

    /** The prompt of jdb. It contains the name of a thread if the program has stopped. */
    private static final Pattern PROMPT = Pattern.compile("(?:^|\n)(> |[\\w-]+\\[\\d+] )$");

    private static final Pattern STOPPED = Pattern.compile("(?:^|\n)[\\w-]+\\[\\d+] $");
    private static final Pattern PLACE = Pattern.compile(", ([\\w.$/]+)\\.([\\w$]+)\\(\\), line=(-?[\\d,]+) bci=");
    private static final String ENDED = "The application exited";

    private final Process process;
    private final StringBuilder output = new StringBuilder();

    private Jdb(Process process) {
        this.process = process;
    }

    /** Starts {@code jdb} on {@code mainClass}, which does not run yet. */
    static Jdb start(Path classes, String mainClass, String jvmOption) throws IOException {
        String options = jvmOption + " -javaagent:" + Program.agentJar() + " -cp " + classes
                + System.getProperty("path.separator") + Program.whereIs(Coroutine.class);
        Process process = new ProcessBuilder(
                        COMMAND.toString(),
                        "-connect",
                        "com.sun.jdi.CommandLineLaunch:main=" + mainClass + ",options=" + options)
                .redirectErrorStream(true)
                .start();
        Jdb jdb = new Jdb(process);
        jdb.readUntil(PROMPT);
        return jdb;
    }

    /** Everything that jdb has written. */
    String output() {
        return output.toString();
    }

    /** Sends a command that does not resume the program. */
    void command(String command) throws IOException {
        send(command);
        readUntil(PROMPT);
    }

    /** Sends a command that resumes the program. Returns where it stops, as {@code Class.method:line}, or "end". */
    String run(String command) throws IOException {
        int from = output.length();
        send(command);
        readUntil(STOPPED);
        String answer = output.substring(from);
        Matcher place = PLACE.matcher(answer);
        if (place.find()) {
            return place.group(1) + "." + place.group(2) + ":" + place.group(3).replace(",", "");
        }
        assertTrue(answer.contains(ENDED), output::toString);
        return "end";
    }

    /** Repeats a command until the program ends. Returns the places where it stopped. */
    List<String> runToEnd(String command) throws IOException {
        List<String> places = new ArrayList<>();
        while (places.isEmpty() || !places.get(places.size() - 1).equals("end")) {
            places.add(run(command));
        }
        return places;
    }

    private void send(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Reads until {@code end} matches, or the program has ended. */
    private void readUntil(Pattern end) throws IOException {
        int from = output.length();
        InputStream in = process.getInputStream();
        byte[] buffer = new byte[4096];
        while (!end.matcher(output.substring(from)).find()
                && !output.substring(from).contains(ENDED)) {
            int read = in.read(buffer);
            assertTrue(read > 0, output::toString);
            output.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
