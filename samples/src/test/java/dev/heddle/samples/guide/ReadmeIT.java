package dev.heddle.samples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code in the README at the top is right. The program that it begins with runs as printed, with the printed commands, and so does
 * that of the guide. The other snippets compile without a warning, with the code that they leave out as it is written here.
 * The tests of the Maven plugin build projects with the snippets of poms.
 */
class ReadmeIT {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve("README.md");

    private static final Path RUNTIME = ROOT.resolve("runtime/target/heddle-runtime.jar");
    private static final Path AGENT = Path.of(System.getProperty("heddle.agent.jar"));

    private static final Pattern COMMAND = Pattern.compile("(?m)^    (javac? -.*)$");
    private static final Pattern SAID_OUTPUT = Pattern.compile("// (\\[.*])");

    private static final String IMPORTS =
            "import static dev.heddle.Asyncio.*; import dev.heddle.*; import java.io.*; import java.util.*;"
                    + " import java.util.concurrent.*; ";

    /** What is around the snippets, by a part of each. The snippet takes the place of the percent sign. */
    private static final Map<String, String> AROUND = Map.of(
            "class Hello {", "%",
            "Response response = await(fromCallback(", """
                    class Example {
                        interface Call { void cancel(); void enqueue(Callback callback); }
                        interface Callback { void onResponse(Call call, Response response); void onFailure(Call call, IOException failure); }
                        interface Response { void close(); }
                        interface Client { Call newCall(String request); }
                        @Async static Coroutine<Response> fetch(Client client, String request) throws IOException {
                            %
                            return Coroutine.of(response);
                        }
                    }
                    """,
            "void theFasterIsFirst(", """
                    import dev.heddle.testing.*;
                    class Example {
                        @Async static Coroutine<Void> greet(String name, double seconds, EventRecorder events) {
                            await(sleep(seconds));
                            events.at(name);
                            return Coroutine.done();
                        }
                        %
                    }
                    """,
            "Coroutine<Void> echo(", "import dev.heddle.net.*; import java.net.*; class Echo { % }",
            "Context.mirror(", """
                    import org.slf4j.MDC;
                    class Example {
                        static void begin() {
                            %
                        }
                    }
                    """,
            "EventLoop guestOf(", """
                    import static java.util.concurrent.TimeUnit.NANOSECONDS;
                    class Example {
                        %
                    }
                    """,
            "Workers workers = Workers.start()", """
                    import dev.heddle.workers.*;
                    class Example {
                        record Page() {}
                        record Report() {}
                        @Async static Coroutine<Page> fetch(String url) { return Coroutine.of(new Page()); }
                        @Async static Coroutine<Report> crawl(int worker) { return Coroutine.of(new Report()); }
                        static void begin(String url) {
                            %
                        }
                    }
                    """);

    @TempDir
    Path temp;

    @TestFactory
    Stream<DynamicTest> everySnippetCompiles() throws IOException {
        return snippets("java")
                .map(snippet -> dynamicTest(snippet.title(), () -> {
                    List<String> around = AROUND.keySet().stream()
                            .filter(part -> snippet.code().contains(part))
                            .toList();
                    assertEquals(1, around.size(), "AROUND has to say what is around this snippet; it has: " + around);
                    String source = AROUND.get(around.get(0)).replace("%", snippet.code());
                    Snippet file = new Snippet("java", List.of(), IMPORTS + source, snippet.line(), null);
                    assertEquals(List.of(), new JavaSnippet(file, "", temp).compile());
                }));
    }

    private static Stream<Snippet> snippets(String language) throws IOException {
        return Snippet.of(PAGE).stream().filter(snippet -> snippet.language().equals(language));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFirstProgramRunsAsPrinted() throws Exception {
        Snippet program = snippets("java").findFirst().orElseThrow();
        Files.copy(RUNTIME, temp.resolve("heddle-runtime.jar"));
        Files.copy(AGENT, temp.resolve("heddle-agent.jar"));
        Matcher output = SAID_OUTPUT.matcher(program.code());
        assertTrue(output.find(), "the program says what it prints");
        assertEquals(output.group(1) + "\n", compileAndRun("Hello.java", program, PAGE));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theProgramOfTheGuideRunsAsPrinted() throws Exception {
        Path index = Path.of("README.md");
        Snippet program = Snippet.of(index).get(0);
        Files.copy(
                RUNTIME, Files.createDirectories(temp.resolve("runtime/target")).resolve("heddle-runtime.jar"));
        Files.copy(AGENT, Files.createDirectories(temp.resolve("agent/target")).resolve("heddle-agent.jar"));
        List<String> output = program.output();
        assertTrue(output != null, "the page says what the program prints");
        assertEquals(String.join("\n", output) + "\n", compileAndRun("Guide.java", program, index));
    }

    /** Gives the two commands of {@code page} that name the program {@code file}, and returns what the second prints. */
    private String compileAndRun(String file, Snippet program, Path page) throws Exception {
        Files.writeString(temp.resolve(file), program.code());
        List<String> commands = COMMAND.matcher(Files.readString(page))
                .results()
                .map(command -> command.group(1))
                .filter(command -> command.contains(" " + file.replace(".java", "")))
                .toList();
        assertEquals(2, commands.size(), commands::toString);
        assertEquals("", run(commands.get(0)));
        return run(commands.get(1));
    }

    /** Runs {@code command} as in a terminal, and returns its output and its errors. */
    private String run(String command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command.split(" +")));
        words.set(
                0, Path.of(System.getProperty("java.home"), "bin", words.get(0)).toString());
        Process process = new ProcessBuilder(words)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
