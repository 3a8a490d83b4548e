package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code runtime/README.md} names methods and packages of the runtime. This test checks that they exist. */
class ReadmeNamesTest {

    /** Code in the text, or a picture. */
    private static final Pattern CODE = Pattern.compile("```text\n.*?```|`[^`\n]+`", Pattern.DOTALL);

    private static final Pattern METHOD = Pattern.compile("(?<![\\w.-])([A-Z]\\w+)\\.([a-z]\\w*)");

    private static final Pattern CLASS_FILE = Pattern.compile("(.*[/\\\\](?!package-info)[^/\\\\]+)\\.class");

    private static final Pattern PACKAGE = Pattern.compile("`(dev\\.heddle(?:\\.[a-z]+)*)`");

    /** The directory of the compiled runtime, target/classes of its module. */
    private static Path classes() {
        try {
            return Path.of(EventLoop.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String page() throws IOException {
        return Files.readString(classes().resolve("../../README.md"));
    }

    private static Set<String> matches(Pattern pattern, String text, int group) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().map(match -> match.group(group)).forEach(found::add);
        return found;
    }

    /** Every class of the runtime by its simple name; several may have one. */
    private static Map<String, List<Class<?>>> classesByName() throws IOException, ClassNotFoundException {
        Map<String, List<Class<?>>> found = new HashMap<>();
        try (Stream<Path> files = Files.walk(classes())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher binaryName =
                        CLASS_FILE.matcher(classes().relativize(file).toString());
                if (binaryName.matches()) {
                    String name = binaryName.group(1).replaceAll("[/\\\\]", ".");
                    Class<?> type = Class.forName(name, false, EventLoop.class.getClassLoader());
                    String simpleName = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
                    found.computeIfAbsent(simpleName, none -> new ArrayList<>()).add(type);
                }
            }
        }
        return found;
    }

    private static boolean hasMethod(Class<?> type, String name) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (Arrays.stream(each.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyMethodOfThePageExists() throws Exception {
        String code = String.join("\n", matches(CODE, page(), 0));
        List<MatchResult> methods = METHOD.matcher(code).results().toList();
        assertFalse(methods.isEmpty(), "the page names methods");

        Map<String, List<Class<?>>> classes = classesByName();
        Set<String> missing = new TreeSet<>();
        for (MatchResult method : methods) {
            List<Class<?>> candidates = classes.getOrDefault(method.group(1), List.of());
            if (candidates.stream().noneMatch(type -> hasMethod(type, method.group(2)))) {
                missing.add(method.group());
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyPackageOfThePageExists() throws IOException {
        Set<String> packages = matches(PACKAGE, page(), 1);
        assertFalse(packages.isEmpty(), "the page names packages");

        packages.removeIf(name ->
                Files.isRegularFile(classes().resolve(name.replace('.', '/')).resolve("package-info.class")));
        assertEquals(Set.of(), packages);
    }
}
