package dev.heddle.samples.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A fenced block of code of a page, and the block of {@code text} that follows it.
 *
 * @param language the first word of the line that opens the block
 * @param options the other words of that line, which readers of the page do not see
 * @param line the number of the first line of the code
 * @param output the lines of the block of {@code text} directly after this one; null if there is none
 */
record Snippet(
        String language,
        List<String> options,
        String code,
        int line,
        @Nullable List<String> output) {

    private static final Pattern FENCE = Pattern.compile("```(\\S*) ?(.*)");

    /** Returns the blocks of {@code page} in their order. Blocks of {@code text} are the outputs of the others. */
    static List<Snippet> of(Path page) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                continue;
            }
            int begin = i + 1;
            do {
                i++;
            } while (!lines.get(i).equals("```"));
            List<String> content = List.copyOf(lines.subList(begin, i));
            if (!fence.group(1).equals("text")) {
                List<String> options = fence.group(2).isEmpty()
                        ? List.of()
                        : List.of(fence.group(2).split(" "));
                snippets.add(new Snippet(fence.group(1), options, String.join("\n", content), begin + 1, null));
                continue;
            }
            Snippet last = snippets.isEmpty() ? null : snippets.get(snippets.size() - 1);
            if (last == null || last.output != null) {
                throw new AssertionError(
                        page + ":" + begin + ": text that is not the output of a block of code before it");
            }
            snippets.set(snippets.size() - 1, new Snippet(last.language, last.options, last.code, last.line, content));
        }
        return snippets;
    }

    /**
     * Returns {@code printed} with each line as the output has it, if it is the same but for the parts that an ellipsis in the output stands for.
     * Such parts differ from run to run: times, numbers of objects, paths.
     */
    List<String> withEllipses(List<String> printed) {
        List<String> expected = output == null ? List.of() : output;
        List<String> result = new ArrayList<>();
        for (int i = 0; i < printed.size(); i++) {
            String line = printed.get(i);
            boolean same = i < expected.size()
                    && pattern(expected.get(i)).matcher(line).matches();
            result.add(same ? expected.get(i) : line);
        }
        return result;
    }

    private static Pattern pattern(String line) {
        return Pattern.compile(
                Arrays.stream(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".+")));
    }

    /** Returns a name for people: the place, and the first line of the code. */
    String title() {
        return "line " + line + ", " + language + ": "
                + code.lines().findFirst().orElse("");
    }
}
