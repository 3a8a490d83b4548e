package dev.heddle.samples.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.testkit.CPython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide, {@code samples/README.md} and the pages in {@code samples/guide}, is right: every snippet of Java prints the text that follows it, and a snippet of Python prints the
 * same text as the snippet of Java after it. A snippet without an output is an error. {@link JavaSnippet} explains how a snippet becomes
 * a program.
 */
class GuideIT {

    private static final Path INDEX = Path.of("README.md");

    private static final Pattern SAMPLE_LISTED = Pattern.compile("(?m)^  (\\w+) ");
    private static final Pattern SAMPLE_ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]+\\]\\((?!http)([^)#]*)(?:#([^)]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\n]+`");
    private static final Pattern METHOD = Pattern.compile("(?<![\\w.])([A-Z]\\w+)\\.([a-z]\\w*)");
    private static final List<String> PACKAGES =
            List.of("dev.heddle", "dev.heddle.sync", "dev.heddle.workers", "dev.heddle.testing", "dev.heddle.net");

    private static final Optional<CPython> CPYTHON = CPython.newest();

    private static int compared;

    @TempDir
    static Path temp;

    @TestFactory
    Stream<DynamicContainer> everySnippetPrintsWhatThePageSays() throws IOException {
        String imports = JavaSnippet.importsOf(Snippet.of(INDEX).get(0));
        List<DynamicContainer> pages = new ArrayList<>();
        for (Path page : pages()) {
            pages.add(dynamicContainer(page.toString(), tests(Snippet.of(page), imports)));
        }
        return pages.stream();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("guide"))) {
            return Stream.concat(Stream.of(INDEX), pages.sorted()).toList();
        }
    }

    private static List<DynamicTest> tests(List<Snippet> snippets, String imports) {
        assertFalse(snippets.isEmpty(), "a page has snippets");
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < snippets.size(); i++) {
            Snippet snippet = snippets.get(i);
            switch (snippet.language()) {
                case "java" -> tests.add(dynamicTest(snippet.title(), () -> checkJava(snippet, imports)));
                case "python" -> {
                    Snippet next = snippets.get(i + 1);
                    tests.add(dynamicTest(snippet.title(), () -> checkPython(snippet, next)));
                }
                case "kotlin" -> {} // the index says that nothing runs these
                default ->
                    tests.add(dynamicTest(snippet.title(), () -> {
                        throw new AssertionError("nothing checks a snippet of this language");
                    }));
            }
        }
        return tests;
    }

    private static void checkJava(Snippet snippet, String imports) throws Exception {
        List<String> output = snippet.output();
        assertTrue(output != null, "a block of text with what the snippet prints has to follow it");
        JavaSnippet program = new JavaSnippet(snippet, imports, Files.createTempDirectory(temp, "snippet"));
        int jdk = Runtime.version().feature();
        assumeTrue(
                program.usesPreview() ? jdk == program.oldestJdk() : jdk >= program.oldestJdk(),
                () -> "the snippet needs JDK " + program.oldestJdk());
        assertEquals(String.join("\n", output), String.join("\n", snippet.withEllipses(program.print())));
    }

    private static void checkPython(Snippet snippet, Snippet java) throws IOException {
        List<String> output = java.output();
        assertTrue(
                java.language().equals("java") && output != null,
                "the same program in Java has to follow, with what both print");
        assumeTrue(CPYTHON.isPresent(), "no CPython was found");
        Path script =
                Files.writeString(Files.createTempDirectory(temp, "python").resolve("program.py"), snippet.code());
        assertEquals(
                String.join("\n", output),
                CPYTHON.orElseThrow().run(script, List.of()).stripTrailing());
        compared++;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theIndexHasEverySample() throws Exception {
        Process list = new ProcessBuilder("./run", "--list").start();
        Set<String> samples =
                names(SAMPLE_LISTED, new String(list.getInputStream().readAllBytes(), UTF_8));
        assertEquals(0, list.waitFor());
        assertEquals(samples, names(SAMPLE_ROW, Files.readString(INDEX)));
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    /** Pages and folders that the pages link to exist, and so do the headings in them. */
    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (MatchResult link :
                    LINK.matcher(Files.readString(page)).results().toList()) {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                String heading = link.group(2);
                if (!Files.exists(target)
                        || (heading != null && !anchors(target).contains(heading))) {
                    broken.add(page + ": " + link.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    /** The methods of Heddle that the text and the tables name exist. */
    @Test
    void everyMethodThatIsNamedExists() throws IOException {
        Set<String> missing = new TreeSet<>();
        int found = 0;
        for (Path page : pages()) {
            for (MatchResult code :
                    INLINE_CODE.matcher(Files.readString(page)).results().toList()) {
                for (MatchResult method : METHOD.matcher(code.group()).results().toList()) {
                    Optional<Class<?>> type = typeOfHeddle(method.group(1));
                    if (type.isPresent() && !hasMethod(type.get(), method.group(2))) {
                        missing.add(page + ": " + method.group());
                    }
                    found += type.isPresent() ? 1 : 0;
                }
            }
        }
        assertEquals(Set.of(), missing);
        assertTrue(found > 20, "the pages name methods: " + found);
    }

    private static boolean hasMethod(Class<?> type, String name) {
        return Stream.of(type.getMethods()).anyMatch(method -> method.getName().equals(name));
    }

    private static Optional<Class<?>> typeOfHeddle(String simpleName) {
        for (String name : PACKAGES) {
            try {
                return Optional.of(Class.forName(name + "." + simpleName));
            } catch (ClassNotFoundException elsewhere) {
                // The next package may have it, or it is a class of the JDK or of Kotlin.
            }
        }
        return Optional.empty();
    }

    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        HEADING.matcher(Files.readString(page))
                .results()
                .forEach(heading -> anchors.add(heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-')));
        return anchors;
    }

    @AfterAll
    static void saysWhatWasCompared() {
        System.out.println(
                CPYTHON.map(python -> "Guide: " + compared + " programs in Python print the same in " + python)
                        .orElse("Guide: NO CPython 3." + CPython.OLDEST_MINOR
                                + " or newer was found, so that the programs in Python were not run"));
    }
}
