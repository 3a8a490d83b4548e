package dev.heddle.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.testkit.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps over awaits that suspend, in the debugger of the JDK. */
@Tag("slow")
@Timeout(120)
class JdbIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Debuggee {
                @Async
                static Coroutine<Integer> leaf(int n) {
                    int twice = 2 * n; // leaf
                    await(sleep(0)); // leaf await
                    twice++; // leaf next
                    return Coroutine.of(twice); // leaf return
                }

                @Async
                static Coroutine<Integer> outer() {
                    int sum = 0; // outer
                    for (int i = 0; i < 2; i++) { // outer loop
                        sum += await(leaf(i)); // outer await
                        sum++; // outer next
                    }
                    return Coroutine.of(sum); // outer return
                }

                @Async
                Coroutine<String> shapes(int n) {
                    String text = "";
                    try {
                        text += n + await(leaf(n)) * await(leaf(n + 1)); // shapes two
                        switch (await(leaf(n))) { // shapes switch
                            case 5:
                                await(sleep(0)); // shapes case
                                break;
                            default:
                                text += "?";
                        }
                        while (text.length() < 6) { // shapes while
                            text += await(leaf(text.length())); // shapes text
                        }
                        if (n > 1) {
                            throw new IllegalStateException(text);
                        }
                    } catch (IllegalStateException e) {
                        await(leaf(1)); // shapes catch
                    } finally {
                        await(sleep(0));
                    }
                    return Coroutine.of(text); // shapes return
                }

                public static void main(String[] args) {
                    int result = run(outer()); // main
                    System.out.println(result); // main next
                    System.out.println(run(new Debuggee().shapes(2))); // main shapes
                }
            }
            """;

    @TempDir
    private Path directory;

    private Jdb debug(String jvmOption) throws IOException {
        Program.compile(directory, "Debuggee", SOURCE);
        return Jdb.start(directory, "Debuggee", jvmOption);
    }

    private static int line(String mark) {
        return SOURCE.lines()
                        .takeWhile(line -> !line.endsWith("// " + mark))
                        .toList()
                        .size()
                + 1;
    }

    /** Places by the marks in the source: the first word is the name of the method. */
    private static List<String> places(String... marks) {
        return Stream.of(marks)
                .map(mark -> "Debuggee." + mark.split(" ")[0] + ":" + line(mark))
                .toList();
    }

    @Test
    void aStepOverAnAwaitThatSuspendsEndsWhereItsMethodIsAwaited() throws IOException {
        try (Jdb jdb = debug("-Dx=1")) {
            jdb.command("stop at Debuggee:" + line("leaf await"));
            List<String> stops = List.of(jdb.run("run"), jdb.run("next"));

            assertEquals(places("leaf await", "outer await"), stops, jdb.output());
        }
    }

    /** A method that goes on is entered at its start, and gets to its await from there. */
    @Test
    void stepsEndAtTheNextLineOfTheProgramIfTheLibraryIsLeftOut() throws IOException {
        try (Jdb jdb = debug("-Dheddle.debugger=true")) {
            jdb.command("stop at Debuggee:" + line("main"));
            List<String> stops = new ArrayList<>(List.of(jdb.run("run")));
            jdb.command("exclude java.*,javax.*,sun.*,com.sun.*,jdk.*,dev.heddle.*");
            while (!stops.get(stops.size() - 1).equals("Debuggee.main:" + line("main next"))) {
                stops.add(jdb.run("step"));
            }

            List<String> expected = new ArrayList<>(places("main", "outer", "outer loop"));
            for (int i = 0; i < 2; i++) {
                expected.addAll(places("outer await", "leaf", "leaf await", "outer await"));
                expected.addAll(places("leaf", "leaf await", "leaf next", "leaf return"));
                expected.addAll(places("outer", "outer loop", "outer await", "outer next", "outer loop"));
            }
            expected.addAll(places("outer return", "main", "main next"));
            assertEquals(expected, stops, jdb.output());
        }
    }

    /** Wherever a step ends, in the library too, jdb goes on and the program comes to its end. */
    @Test
    void everyStepOverAnAwaitEndsOnALine() throws IOException {
        try (Jdb jdb = debug("-Dx=1")) {
            List<String> marks = SOURCE.lines()
                    .filter(line -> line.contains("await(") && line.contains("// "))
                    .map(line -> line.substring(line.indexOf("// ") + 3))
                    .toList();
            for (String mark : marks) {
                jdb.command("stop at Debuggee:" + line(mark));
            }
            List<String> stops = new ArrayList<>(List.of(jdb.run("run")));
            for (int i = 0; !stops.contains("end"); i++) {
                stops.add(jdb.run(i % 2 == 0 ? "next" : "cont"));
            }

            assertTrue(stops.containsAll(places(marks.toArray(String[]::new))), jdb.output());
            stops.forEach(stop -> assertFalse(stop.endsWith(":0"), jdb.output()));
            assertFalse(jdb.output().contains("Exception in thread"), jdb.output());
        }
    }
}
