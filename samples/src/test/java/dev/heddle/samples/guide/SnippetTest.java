package dev.heddle.samples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of the pages leave no snippet out. */
class SnippetTest {

    @TempDir
    Path temp;

    private List<Snippet> snippets(String... lines) throws IOException {
        return Snippet.of(Files.write(temp.resolve("page.md"), List.of(lines)));
    }

    @Test
    void textIsTheOutputOfTheSnippetBeforeIt() throws IOException {
        assertEquals(
                List.of(
                        new Snippet("python", List.of(), "print(1)", 2, null),
                        new Snippet("java", List.of("25", "preview"), "first\nsecond", 5, List.of("1"))),
                snippets(
                        "```python",
                        "print(1)",
                        "```",
                        "```java 25 preview",
                        "first",
                        "second",
                        "```",
                        "```text",
                        "1",
                        "```"));
    }

    @Test
    void textWithoutASnippetIsAnError() {
        assertThrows(AssertionError.class, () -> snippets("```text", "1", "```"));
    }

    @Test
    void ellipsesStandForPartsThatDiffer() {
        Snippet snippet = new Snippet("java", List.of(), "", 1, List.of("loop … of …", "end"));
        assertEquals(
                List.of("loop … of …", "another end", "more"),
                snippet.withEllipses(List.of("loop 5 of 7", "another end", "more")));
    }

    @Test
    void aSnippetThatNothingRunsIsAnError() {
        Snippet snippet = new Snippet("java", List.of(), "static int unused() { return 1; }", 1, List.of());
        AssertionError error = assertThrows(AssertionError.class, () -> new JavaSnippet(snippet, "", temp).print());
        assertEquals(
                "nothing runs this snippet: it has no main, no test, and the compiler accepts it", error.getMessage());
    }
}
