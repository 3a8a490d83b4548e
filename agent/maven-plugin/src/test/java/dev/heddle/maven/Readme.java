package dev.heddle.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What users read: the pieces of a pom.xml in the READMEs, and the versions in the parent's pom.xml. */
final class Readme {

    private static final Pattern SNIPPET = Pattern.compile("```xml\n(.*?\n)```", Pattern.DOTALL);

    /** The root of the project. */
    static final Path ROOT = Path.of(System.getProperty("heddle.root"));

    private Readme() {}

    /** The only snippet in a README that has {@code mark} in it. */
    static String snippet(String mark) {
        List<String> found = Stream.of("README.md", "agent/README.md")
                .map(name -> read(ROOT.resolve(name)))
                .flatMap(text -> SNIPPET.matcher(text).results())
                .map(result -> result.group(1))
                .filter(snippet -> snippet.contains(mark))
                .toList();
        assertEquals(1, found.size(), () -> "snippets with " + mark + ": " + found);
        return found.get(0);
    }

    /** {@code pom} with every {@code @name@} replaced: a property of the parent, or a snippet. */
    static String filled(String pom) {
        return Pattern.compile("@([a-z.-]+)@").matcher(pom).replaceAll(Readme::replacement);
    }

    private static String replacement(MatchResult found) {
        String text = switch (found.group(1)) {
            case "bom" -> snippet("heddle-bom");
            case "weave" -> snippet("<goal>weave</goal>");
            case "prepare-agent" -> snippet("<goal>prepare-agent</goal>");
            case "shade" -> snippet("maven-shade-plugin");
            default -> property(found.group(1));
        };
        return Matcher.quoteReplacement(text);
    }

    /** The version of this project. */
    static String version() {
        Matcher version = Pattern.compile("<version>(.*?)</version>").matcher(read(ROOT.resolve("pom.xml")));
        assertTrue(version.find(), "the parent pom has a version");
        return version.group(1);
    }

    /** A property of the parent. */
    static String property(String name) {
        Matcher version =
                Pattern.compile("<" + Pattern.quote(name) + ">(.*?)</").matcher(read(ROOT.resolve("pom.xml")));
        assertTrue(version.find(), name + " is in the parent pom");
        return version.group(1);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
