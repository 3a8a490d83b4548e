package dev.heddle.weaver.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.Weaver;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compares what the plugin of the compiler reports for sources with what the weaver refuses in their classes. */
public final class LintAgreement {

    /** The rules that the class file shows alone. */
    private static final Set<String> OF_CLASS_FILES = Set.of("exceed", "is older than Java 7");

    private LintAgreement() {}

    /**
     * Checks that both report the same, at the same lines. The plugin reports a mistake in a declaration at the declaration, and the weaver at the first line of
     * code.
     *
     * @return the number of messages
     */
    public static int check(Map<String, String> sources, Map<String, byte[]> classFiles) {
        Set<String> expected = new TreeSet<>();
        classFiles.forEach((name, classFile) -> {
            for (Refusal refusal : Weaver.weave(classFile).refusals()) {
                if (OF_CLASS_FILES.stream().noneMatch(refusal.rule()::contains)
                        && refusal.line() + count(refusal) > 0) {
                    expected.add(entry(
                            name.replaceFirst("\\$.*", ""), refusal.line(), refusal.rule() + "; " + refusal.remedy()));
                }
            }
        });
        Set<String> actual = new TreeSet<>();
        for (String message : SourceCompiler.lint(sources)) {
            int colon = message.indexOf(':');
            int space = message.indexOf(' ');
            String text = message.substring(space + 1).replace("[heddle] ", "");
            if (!text.contains(" is dropped") && !text.contains(" is never used")) {
                int line = Integer.parseInt(message.substring(colon + 1, space));
                actual.add(entry(message.substring(0, colon), line, text));
            }
        }
        assertEquals(String.join("\n", expected), String.join("\n", actual));
        return expected.size();
    }

    /** Without lines in the class file only mistakes in declarations can be compared. */
    private static int count(Refusal refusal) {
        return isOfDeclaration(refusal.rule()) ? 1 : 0;
    }

    private static boolean isOfDeclaration(String rule) {
        return rule.startsWith("an @Async method") || rule.startsWith("@Async on");
    }

    private static String entry(String name, int line, String message) {
        return name + (isOfDeclaration(message) ? "" : ":" + line) + " " + message;
    }
}
