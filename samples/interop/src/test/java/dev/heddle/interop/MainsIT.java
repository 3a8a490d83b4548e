package dev.heddle.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the programs that need no server from the packaged jar, as the README does. */
@Tag("slow")
@Timeout(120)
class MainsIT {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CaffeineCache  | loading Oslo/sunny in Oslo/sunny in Oslo/sunny in Oslo
            ReactorStreams | later/[1, 2, 3]/[30, 20, 10]
            VertxGreetings | hello warp
            GrpcGreeter    | hello warp
            """)
    void printsWhatItsDocumentationSays(String name, String lines) throws IOException {
        Path errors = Path.of("target", name + ".err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:" + System.getProperty("heddle.agent.jar"),
                        "-cp",
                        Path.of("target", "heddle-interop.jar").toString(),
                        "dev.heddle.interop." + name)
                .redirectError(errors.toFile())
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertEquals(List.of(lines.split("/")), output, () -> "errors are in " + errors);
        assertEquals(0, process.onExit().join().exitValue());
    }
}
